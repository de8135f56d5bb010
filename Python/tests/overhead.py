"""What a capture costs: an LSTM trained with and without, updates of both taken in turn.

    python Python/tests/overhead.py [updates]

Prints the time of an update that is not captured over that of a training without a capture (target: 1.02), and the share
of the time that a capture every 100 updates costs (target: 5 %), as measured here and as the capture itself reports it.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import torch
from torch import nn

from gradflow_capture import capture

BATCH, STEPS, SIZE, EVERY = 32, 100, 128, 100


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(SIZE, SIZE)
        self.out = nn.Linear(SIZE, 10)

    def forward(self, x):
        return self.out(self.lstm(x)[0])


def trainer():
    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters())
    x, y = torch.randn(STEPS, BATCH, SIZE), torch.randint(0, 10, (STEPS * BATCH,))

    def update():
        start = time.perf_counter()
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x).flatten(0, 1), y).backward()
        optimizer.step()
        return time.perf_counter() - start

    return model, update


def main():
    updates = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    torch.set_num_threads(1)
    place = tempfile.mkdtemp(prefix="gradflow-overhead-")
    try:
        _, plain_update = trainer()
        model, update = trainer()
        for _ in range(3):
            plain_update(), update()
        plain, other, captured = [], [], []
        with capture(model, os.path.join(place, "run"), every=EVERY, quiet=True):
            for number in range(updates):
                plain.append(plain_update())
                (other if number % EVERY else captured).append(update())
        with open(os.path.join(place, "run", "capture.json")) as file:
            seconds = json.load(file)["seconds"]
        typical = statistics.median(plain)
        extra = sum(captured) - len(captured) * statistics.median(other)
        print(f"an update without a capture: {1000 * typical:.2f} ms (batch {BATCH}, {STEPS} steps, {SIZE} units)")
        print(f"an update that is not captured: {statistics.median(other) / typical:.4f} of it (target 1.02)")
        print(f"a captured update: {1000 * statistics.median(captured):.2f} ms")
        print(
            f"a capture every {EVERY} updates: {100 * extra / sum(other + captured):.2f} % of the training's time "
            f"(target 5 %); the capture itself says {1000 * seconds['capturing']:.1f} ms, "
            f"the clock outside {1000 * extra:.1f} ms"
        )
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
