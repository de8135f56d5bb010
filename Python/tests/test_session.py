import contextlib
import copy
import io
import json
import os
import stat
import subprocess
import sys
import unittest
import unittest.mock

import torch
from torch.optim.optimizer import _global_optimizer_post_hooks

from support import CaptureTestCase, Head, capture
from gradflow_capture import folder as folders
from gradflow_capture import update as updates
from replay import Loaded, sha256


def state_of_the_world(model):
    """All that a capture touches while it runs."""
    hooks = [
        (len(module._forward_hooks), len(module._forward_pre_hooks), sorted(module.__dict__))
        for module in model.modules()
    ]
    flat = [id(module._flat_weights) for module in model.modules() if hasattr(module, "_flat_weights")]
    of_parameters = [len(parameter._backward_hooks or ()) for parameter in model.parameters()]
    of_optimizers = len(_global_optimizer_post_hooks)
    return hooks, flat, of_parameters, of_optimizers, torch.autograd.backward


class Refusals(CaptureTestCase):
    def setUp(self):
        super().setUp()
        self.model = Head(torch.nn.LSTM(3, 4), 4)
        self.x = torch.randn(5, 2, 3)

    def run_in_capture(self, action, model=None, **options):
        def run():
            with self.capture(model or self.model, **options):
                action()

        return run

    def assert_refuses(self, words, action):
        super().assert_refuses(words, action)
        self.assertFalse(os.path.exists(self.folder))
        self.assertEqual(torch.autograd.backward.__module__, "torch.autograd")

    def test_no_module_that_is_recurrent(self):
        model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 4))
        self.assert_refuses(["no recurrent module", "2 Linear", "capture_arrays"], lambda: self.capture(model))

    def test_no_module_at_all(self):
        self.assert_refuses("torch.nn.Module", lambda: self.capture([1, 2]))

    def test_recurrent_modules_of_ones_own(self):
        class Own(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.weight_hh = torch.nn.Parameter(torch.randn(4, 4))

        class Linears(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.h2h = torch.nn.Linear(4, 4)

        class Subclass(torch.nn.LSTM):
            def forward(self, x):
                return super().forward(x)[0]

        for model, words in (
            (Own(), ["weight_hh", "capture_arrays"]),
            (Linears(), ["h2h", "capture_arrays"]),
            (Subclass(3, 4), ["forward of its own"]),
            (torch.jit.script(torch.nn.LSTM(3, 4)), ["torch.jit.script"]),
        ):
            self.assert_refuses(words, lambda: self.capture(model))
        both = torch.nn.ModuleDict({"own": Own(), "gru": torch.nn.GRU(3, 4)})
        update = self.capture_once(both, lambda: both["gru"](self.x)[0].sum())
        self.assertEqual([(entry["name"], entry["class"]) for entry in update.description["not_captured"]], [("own", "Own")])

    def test_a_subclass_without_a_forward_of_its_own_is_captured(self):
        class Encoder(torch.nn.LSTM):
            pass

        model = Encoder(3, 4)
        update = self.capture_once(model, lambda: model(self.x)[0].sum())
        self.assert_agrees(update)
        self.assertEqual(update.modules[0]["class"], "torch.nn.LSTM")

    def test_nothing_happens_in_the_block(self):
        self.assert_refuses(["not called", "inside the with-block"], self.run_in_capture(lambda: None))

    def test_no_grad(self):
        def action():
            with torch.no_grad():
                self.model(self.x)

        self.assert_refuses(["torch.no_grad", "run it without"], self.run_in_capture(action))

    def test_inference_mode(self):
        def action():
            with torch.inference_mode():
                self.model(self.x)

        self.assert_refuses(["inference mode", "run it without"], self.run_in_capture(action))

    def test_no_backward(self):
        self.assert_refuses("loss.backward()", self.run_in_capture(lambda: self.model(self.x).sum()))

    def test_a_backward_that_never_reached_the_module(self):
        def action():
            output, _ = self.model.recurrent(self.x)
            self.model.head(output.detach()).sum().backward()

        self.assert_refuses(["never reached", "detached"], self.run_in_capture(action))

    def test_gradients_by_autograd_grad_alone(self):
        def action():
            torch.autograd.grad(self.model(self.x).sum(), list(self.model.parameters()))

        self.assert_refuses(["loss.backward()"], self.run_in_capture(action))

    def test_copies_of_a_module(self):
        """As nn.DataParallel makes them: they share hooks with the module and have weights of their own."""
        def action():
            copy.copy(self.model.recurrent)(self.x)[0].sum().backward()

        self.assert_refuses(["as a copy", "one device"], self.run_in_capture(action))

    def test_several_devices(self):
        with unittest.mock.patch.object(updates, "runs_on_several_devices", lambda model: True):
            self.assert_refuses(
                ["several devices", "one device"], self.run_in_capture(lambda: self.model(self.x).sum().backward())
            )

    def test_an_optimizer_that_takes_a_closure(self):
        optimizer = torch.optim.LBFGS(self.model.parameters(), max_iter=3)

        def closure():
            optimizer.zero_grad()
            loss = self.model(self.x).square().sum()
            loss.backward()
            return loss

        self.assert_refuses(["LBFGS", "changed between"], self.run_in_capture(lambda: optimizer.step(closure)))

    def test_torch_func(self):
        def action():
            parameters = dict(self.model.named_parameters())
            torch.func.grad(lambda p: torch.func.functional_call(self.model, p, (self.x,)).sum())(parameters)

        self.assert_refuses(["torch.func"], self.run_in_capture(action))

    def test_a_model_that_is_being_captured(self):
        self.assert_refuses("already", self.run_in_capture(lambda: self.capture(self.model).__enter__()))

    def test_every(self):
        for every in (0, -1, 1.5, True, "3"):
            self.assert_refuses("whole number", lambda: self.capture(self.model, every=every))

    def test_a_training_without_a_good_update(self):
        optimizer = torch.optim.SGD(self.model.parameters(), 0.1)

        def action():
            for _ in range(3):
                with torch.no_grad():
                    self.model(self.x)
                optimizer.step()

        self.assert_refuses("torch.no_grad", self.run_in_capture(action, every=2))

    def test_a_training_with_a_good_update_warns_of_the_others(self):
        optimizer = torch.optim.SGD(self.model.parameters(), 0.1)
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.capture(self.model, every=1, quiet=False):
            for good in (True, False, True):
                with torch.set_grad_enabled(good):
                    loss = self.model(self.x).sum()
                if good:
                    loss.backward()
                optimizer.step()
        self.assertEqual([update.description["update"] for update in Loaded(self.folder).updates], [0, 2])
        self.assertIn("warning: update 1 is left out", said.getvalue())


class Restoration(CaptureTestCase):
    def train(self, dropout, capturing):
        torch.manual_seed(1)

        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = torch.nn.Embedding(9, 3)
                self.lstm = torch.nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True)
                self.drop = torch.nn.Dropout(dropout)
                self.gru = torch.nn.GRU(8, 4)
                self.cell = torch.nn.LSTMCell(4, 4)
                self.head = torch.nn.Linear(4, 2)

            def forward(self, ids):
                x = self.drop(self.lstm(self.embed(ids))[0])
                x, state, outputs = self.gru(x)[0], None, []
                for step in x:
                    state = self.cell(step, state)
                    outputs.append(state[0])
                return self.head(torch.stack(outputs))

        model = Model()
        optimizer = torch.optim.Adam(model.parameters(), 0.01)
        losses = []
        session = self.capture(model, every=2) if capturing else contextlib.nullcontext()
        with session:
            for _ in range(5):
                optimizer.zero_grad()
                loss = model(torch.randint(0, 9, (2, 6))).square().sum()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                losses.append(loss.item())
        return losses, [parameter.detach().clone() for parameter in model.parameters()]

    def test_a_training_is_the_same_bit_for_bit(self):
        plain, captured = self.train(0.3, False), self.train(0.3, True)
        self.assertEqual(plain[0], captured[0])
        for a, b in zip(plain[1], captured[1]):
            self.assertTrue(torch.equal(a, b))
        for update in Loaded(self.folder).updates:
            self.assert_agrees(update)

    def models(self):
        yield Head(torch.nn.LSTM(3, 4, 2), 4)
        yield Head(torch.nn.LSTM(3, 4, 2, dropout=0.3), 4)
        cell = torch.nn.GRUCell(3, 4)
        cell.recurrent = cell  # the same module under two names
        del cell._modules["recurrent"]
        yield cell

    def run_model(self, model):
        x = torch.randn(5, 2, 3)
        return (model(x) if isinstance(model, Head) else model(x[1], model(x[0]))).square().sum()

    def test_everything_is_as_it_was(self):
        for model in self.models():
            self.folder += "-"
            before = state_of_the_world(model)
            self.capture_once(model, lambda: self.run_model(model))
            self.assertEqual(state_of_the_world(model), before)

    def test_between_captured_updates_only_the_optimizers_hook_is_there(self):
        for model in self.models():
            self.folder += "-"
            optimizer = torch.optim.SGD(model.parameters(), 0.01)
            before = state_of_the_world(model)
            with self.capture(model, every=3):
                for number in range(6):
                    during = state_of_the_world(model)
                    self.assertEqual(during[3], before[3] + 1)
                    if number % 3:
                        self.assertEqual(during[:3] + during[4:], before[:3] + before[4:])
                    else:
                        self.assertNotEqual(during[0], before[0])
                    optimizer.zero_grad()
                    self.run_model(model).backward()
                    optimizer.step()
            self.assertEqual(state_of_the_world(model), before)

    def test_errors_pass_through_and_leave_everything_as_it_was(self):
        for error in (ValueError("of the user"), KeyboardInterrupt()):
            for model in self.models():
                self.folder += "-"
                before = state_of_the_world(model)
                with self.assertRaises(type(error)) as caught:
                    with self.capture(model):
                        self.run_model(model).backward()
                        raise error
                self.assertIs(caught.exception, error)
                self.assertEqual(state_of_the_world(model), before)
                self.assertFalse(os.path.exists(self.folder))

    def test_an_error_within_a_forward_pass(self):
        for model in self.models():
            self.folder += "-"
            before = state_of_the_world(model)
            with self.assertRaises(RuntimeError):
                with self.capture(model):
                    model(torch.randn(5, 2, 7)) if isinstance(model, Head) else model(torch.randn(2, 7))
            self.assertEqual(state_of_the_world(model), before)

    def test_an_error_within_a_forward_pass_that_the_user_catches(self):
        model = Head(torch.nn.LSTM(3, 4, 2), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model):
            with contextlib.suppress(RuntimeError):
                model(torch.randn(5, 2, 7))
            model(x).sum().backward()
        self.assert_agrees(self.only_update())

    def test_an_interrupted_training_keeps_its_finished_updates(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        said = io.StringIO()
        with self.assertRaises(KeyboardInterrupt), contextlib.redirect_stderr(said):
            with self.capture(model, every=2, quiet=False):
                for number in range(5):
                    self.run_model(model).backward()
                    if number == 4:
                        raise KeyboardInterrupt
                    optimizer.step()
        self.assertIn(f"KeyboardInterrupt ended the block: {self.folder} keeps 2 updates", said.getvalue())
        capture = Loaded(self.folder)
        self.assertEqual([update.description["update"] for update in capture.updates], [0, 2])
        self.assertFalse(capture.description["finished"])
        self.assertIsNone(capture.description["seconds"])
        self.assertEqual(sorted(os.listdir(self.folder)), ["capture.json", "update-0000000", "update-0000002"])

    def test_an_interruption_while_an_update_is_written(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        before = state_of_the_world(model)
        original, calls = folders.sha256_of_file, []

        def interrupted(path):
            calls.append(path)
            if len(calls) == 4:
                raise KeyboardInterrupt
            return original(path)

        with unittest.mock.patch.object(folders, "sha256_of_file", interrupted):
            with self.assertRaises(KeyboardInterrupt):
                with self.capture(model, every=1):
                    for _ in range(3):
                        self.run_model(model).backward()
                        optimizer.step()
        self.assertEqual(sorted(os.listdir(self.folder)), ["capture.json", "update-0000000"])
        self.assertEqual(len(Loaded(self.folder).updates), 1)
        self.assertEqual(state_of_the_world(model), before)

    def test_copies_made_during_a_capture_are_no_part_of_it(self):
        for model in self.models():
            self.folder += "-"
            with self.capture(model):
                self.run_model(model).backward()
                copies = [copy.deepcopy(model)]
                saved = io.BytesIO()
                torch.save(model, saved)
                for own in copies[0].modules():
                    own.train(False)
                self.run_model(copies[0]).backward()
            self.assertEqual(len(self.only_update().modules[0]["sequences"]), 1)
            self.assert_agrees(self.only_update())
            self.assertNotIn(b"gradflow_capture\n", saved.getvalue())
            saved.seek(0)
            copies.append(torch.load(saved, weights_only=False))
            x = torch.randn(5, 2, 3)
            for other in copies:
                other.eval(), model.eval()
                with torch.no_grad():
                    for parameter in other.parameters():
                        parameter.mul_(2)
                    for parameter in model.parameters():
                        parameter.mul_(2)
                    expected = model(x) if isinstance(model, Head) else model(x[0])
                    for parameter in model.parameters():
                        parameter.div_(2)
                    torch.testing.assert_close(other(x) if isinstance(model, Head) else other(x[0]), expected)

    def test_two_models_at_a_time(self):
        first, second = Head(torch.nn.LSTM(3, 4), 4), Head(torch.nn.GRU(3, 4), 4)
        x = torch.randn(5, 2, 3)
        original = torch.autograd.backward
        optimizer = torch.optim.SGD(first.parameters(), 0.1)
        other = os.path.join(self.place, "other")
        with self.capture(first), capture(second, other, quiet=True):
            (first(x).sum() + second(x).sum()).backward()
            optimizer.step()
            self.assertIsNot(torch.autograd.backward, original)
        self.assertIs(torch.autograd.backward, original)
        for place in (self.folder, other):
            self.assert_agrees(Loaded(place).updates[0])

    def test_backward_replaced_by_somebody_else_stays(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        original = torch.autograd.backward

        def replacement(*arguments, **named):
            return original(*arguments, **named)

        try:
            with self.capture(model):
                self.run_model(model).backward()
                torch.autograd.backward = replacement
            self.assertIs(torch.autograd.backward, replacement)
        finally:
            torch.autograd.backward = original


class Folders(CaptureTestCase):
    def setUp(self):
        super().setUp()
        self.model = Head(torch.nn.LSTM(3, 4), 4)
        self.x = torch.randn(5, 2, 3)

    def run_once(self, **options):
        return self.capture_once(self.model, lambda: self.model(self.x).sum(), **options)

    def test_an_earlier_capture_is_replaced_only_if_asked(self):
        self.run_once()
        digest = sha256(os.path.join(self.folder, "capture.json"))
        self.assert_refuses("overwrite=True", self.run_once)
        self.assertEqual(sha256(os.path.join(self.folder, "capture.json")), digest)
        self.assert_agrees(self.run_once(overwrite=True))

    def test_a_folder_with_other_files_is_never_touched(self):
        self.run_once()
        path = os.path.join(self.folder, "notes.txt")
        with open(path, "w") as file:
            file.write("mine")
        self.assert_refuses("notes.txt", lambda: self.run_once(overwrite=True))
        self.assertTrue(os.path.exists(path))
        self.assertTrue(os.path.exists(os.path.join(self.folder, "capture.json")))

    def test_an_empty_folder_is_used_and_kept(self):
        os.mkdir(self.folder)
        self.assert_refuses("not called", lambda: self.capture(self.model).__enter__().__exit__(None, None, None))
        self.assertTrue(os.path.isdir(self.folder))
        self.assert_agrees(self.run_once())

    def test_parents_are_made(self):
        self.folder = os.path.join(self.place, "a", "b", "c d")
        self.assert_agrees(self.run_once())

    def test_a_folder_that_cannot_be_written_is_noticed_at_the_start(self):
        with open(os.path.join(self.place, "file"), "w"):
            pass
        self.folder = os.path.join(self.place, "file", "run")
        self.assert_refuses("cannot write", lambda: self.capture(self.model).__enter__())
        self.folder = os.path.join(self.place, "file")
        self.assert_refuses("cannot write", lambda: self.capture(self.model).__enter__())

    @unittest.skipIf(hasattr(os, "geteuid") and os.geteuid() == 0, "root may write anywhere")
    def test_a_folder_without_write_permission(self):
        os.mkdir(self.folder, stat.S_IRUSR | stat.S_IXUSR)
        self.assert_refuses("cannot write", lambda: self.capture(self.model).__enter__())

    def test_the_description(self):
        self.run_once()
        with open(os.path.join(self.folder, "capture.json"), encoding="utf-8") as file:
            description = json.load(file)
        self.assertEqual(description["writer"], "gradflow-capture 0.1.0")
        self.assertEqual(description["framework"], f"torch {torch.__version__}")
        self.assertEqual(description["model"], "Head")
        self.assertIsNone(description["every"])
        self.assertRegex(description["started"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_what_is_said(self):
        said = io.StringIO()
        self.folder = os.path.join(self.place, "my run")
        with contextlib.redirect_stderr(said):
            self.run_once(quiet=False)
        lines = said.getvalue().splitlines()
        self.assertEqual(lines[0].split(", loss")[0], f"gradflow-capture: {self.folder}: 1 module, 1 sequence, 5 steps")
        self.assertRegex(lines[1], r"captured 1 of 1 update in [\d.e-]+ s of [\d.e-]+ s \([\d.]+ %\)$")
        self.assertEqual(lines[2], f"gradflow-capture: next: gradflow diagnose '{self.folder}'")
        self.assertEqual(len(lines), 3)

    def test_quiet(self):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            self.run_once()
        self.assertEqual(said.getvalue(), "")

    def test_time_of_capturing_is_the_captures_own(self):
        """A training that waits between updates and within them has waited, not captured."""
        import time

        optimizer = torch.optim.SGD(self.model.parameters(), 0.01)
        with self.capture(self.model, every=2):
            for _ in range(3):
                time.sleep(0.05)
                loss = self.model(self.x).sum()
                time.sleep(0.05)
                loss.backward()
                optimizer.step()
        seconds = Loaded(self.folder).description["seconds"]
        self.assertGreater(seconds["total"], 0.3)
        self.assertLess(seconds["capturing"], seconds["total"] - 0.29)

    def test_a_full_disk_ends_no_training(self):
        optimizer = torch.optim.SGD(self.model.parameters(), 0.01)
        original, said, calls = folders.numpy.savez, io.StringIO(), []

        def train(full, **options):
            def savez(*arguments, **arrays):
                calls.append(arguments)
                if full(len(calls)):
                    raise OSError(28, "No space left on device")
                return original(*arguments, **arrays)

            with unittest.mock.patch.object(folders.numpy, "savez", savez), contextlib.redirect_stderr(said):
                with self.capture(self.model, quiet=False, **options) as session:
                    for _ in range(4):
                        self.model(self.x).sum().backward()
                        optimizer.step()
            return session

        session = train(lambda call: call == 4, every=1)  # two files an update
        self.assertEqual((session.updates, session.captured), (4, 3))
        self.assertIn("cannot write update 1 (No space left", said.getvalue())
        self.assertEqual([update.description["update"] for update in Loaded(self.folder).updates], [0, 2, 3])
        self.folder += "-"
        for options in ({}, {"every": 2}):
            self.assert_refuses("No space left", lambda: train(lambda call: True, **options))
            self.assertFalse(os.path.exists(self.folder))

    def test_torch_is_imported_only_for_capture(self):
        code = (
            "import sys; sys.modules['torch'] = None\n"
            "import gradflow_capture\n"
            "from gradflow_capture import capture_arrays, flax_lstm\n"
            "try:\n    gradflow_capture.capture\n"
            "except ImportError as error:\n    print(error)\n"
        )
        place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
        done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True)
        self.assertIn("pip install torch", done.stdout, done.stderr)


if __name__ == "__main__":
    unittest.main()
