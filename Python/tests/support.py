"""What the tests share."""

import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import torch  # noqa: E402

from gradflow_capture import CaptureError, capture  # noqa: E402
from replay import Loaded, replay  # noqa: E402

torch.set_num_threads(1)
TOLERANCE = 1e-10


class CaptureTestCase(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float64)
        self.place = tempfile.mkdtemp(prefix="gradflow-capture-")
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        self.addCleanup(torch.set_default_dtype, torch.float32)
        self.folder = os.path.join(self.place, "run")

    def capture(self, model, **options):
        options.setdefault("quiet", True)
        return capture(model, self.folder, **options)

    def capture_once(self, model, run, **options):
        """Captures one update in which `run()` gives the loss."""
        with self.capture(model, **options):
            run().backward()
        return self.only_update()

    def only_update(self):
        updates = Loaded(self.folder).updates
        self.assertEqual(len(updates), 1)
        return updates[0]

    def assert_agrees(self, update, tolerance=TOLERANCE, problems=()):
        """All modules that have no problem agree with autograd; those that have one are named in `problems`."""
        self.assertEqual(
            {module["name"] for module in update.modules if module["problem"] is not None}, set(problems)
        )
        checks = replay(update)
        self.assertGreater(len(checks), 0)
        for name, (outputs, gradients) in checks.items():
            self.assertGreater(outputs.count, 0, name)
            self.assertLessEqual(outputs.largest, tolerance, (name, outputs.of))
            self.assertLessEqual(gradients.largest, tolerance, (name, gradients.of))
        return checks

    def assert_refuses(self, words, action):
        with self.assertRaises(CaptureError) as caught:
            action()
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, str(caught.exception))


class Head(torch.nn.Module):
    """A recurrent module and a linear layer over its outputs."""

    def __init__(self, recurrent, width):
        super().__init__()
        self.recurrent = recurrent
        self.head = torch.nn.Linear(width, 2)

    def forward(self, *arguments):
        output, _ = self.recurrent(*arguments)
        data = output.data if isinstance(output, torch.nn.utils.rnn.PackedSequence) else output
        return self.head(data).tanh()
