"""Updates of the temporal order problem in NumPy or PyTorch, as experiments/temporal-order.yaml makes them.

    python train_temporal_order.py numpy|torch UPDATES PENALTY

A tanh RNN of 50 units, T = 50, batches of 20, plain gradient descent with clipping by the global norm; with a weight
above 0 also the norm-preserving penalty of Pascanu's released code. Prints milliseconds an update, drawing of sequences
included. NumPy's weight gradients are products over all steps at once; only what has to go step by step does. PyTorch has
no gradient of a single step in its fused layer and is timed without the penalty.
"""

import sys
import time

STEPS, BATCH, HIDDEN, INPUTS, OUTPUTS, RATE, LIMIT = 50, 20, 50, 6, 4, 0.01, 1.0


def sequences(np, rng):
    symbols = rng.integers(2, 6, (STEPS, BATCH))
    rows = np.arange(BATCH)
    first, second = rng.integers(0, 2, BATCH), rng.integers(0, 2, BATCH)
    symbols[rng.integers(5, 10, BATCH), rows] = first
    symbols[rng.integers(25, 30, BATCH), rows] = second
    return symbols, first + 2 * second


def with_numpy(updates, penalty):
    import numpy as np

    f = np.float32
    rng = np.random.default_rng(0)
    draw = lambda *shape: (0.1 * rng.standard_normal(shape)).astype(f)
    w_hh, w_ih, w_o = draw(HIDDEN, HIDDEN), draw(INPUTS, HIDDEN), draw(HIDDEN, OUTPUTS)
    b, b_o = np.zeros(HIDDEN, f), np.zeros(OUTPUTS, f)
    h, d = np.zeros((STEPS + 1, BATCH, HIDDEN), f), np.zeros((STEPS + 1, BATCH, HIDDEN), f)
    g = np.zeros((STEPS, BATCH, HIDDEN), f)
    identity, rows = np.eye(INPUTS, dtype=f), np.arange(BATCH)
    start = time.perf_counter()
    for _ in range(updates):
        symbols, classes = sequences(np, rng)
        x, currents = identity[symbols], w_ih[symbols] + b
        for t in range(STEPS):
            np.tanh(h[t] @ w_hh + currents[t], out=h[t + 1])
        y = h[STEPS] @ w_o + b_o
        y = np.exp(y - y.max(1, keepdims=True))
        y /= y.sum(1, keepdims=True)
        y[rows, classes] -= 1
        y /= BATCH
        d[STEPS] = y @ w_o.T
        for t in range(STEPS - 1, -1, -1):
            np.multiply(d[t + 1], 1 - h[t + 1] * h[t + 1], out=g[t])
            np.matmul(g[t], w_hh.T, out=d[t])
        flat = g.reshape(-1, HIDDEN)
        gradients = [
            h[:STEPS].reshape(-1, HIDDEN).T @ flat,
            x.reshape(-1, INPUTS).T @ flat,
            flat.sum(0),
            h[STEPS].T @ y,
            y.sum(0),
        ]
        if penalty > 0:
            before, after = (d[1:] ** 2).sum(2), (d[:STEPS] ** 2).sum(2)
            reads = before >= 1e-20
            ratio = np.where(reads, after / np.maximum(before, 1e-30), 1)
            scale = np.where(reads, 4 * (ratio - 1) / np.maximum(before, 1e-30), 0) / max(1, reads.sum())
            gradients[0] = gradients[0] + f(penalty) * (
                (d[:STEPS] * scale[:, :, None]).reshape(-1, HIDDEN).T @ flat
            )
        norm = np.sqrt(sum(float((q * q).sum()) for q in gradients))
        step = f(RATE * min(1, LIMIT / (norm + 1e-6)))
        for w, q in zip((w_hh, w_ih, b, w_o, b_o), gradients):
            w -= step * q
    return time.perf_counter() - start


def with_torch(updates, penalty):
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    rng = np.random.default_rng(0)
    layer, readout = torch.nn.RNN(INPUTS, HIDDEN), torch.nn.Linear(HIDDEN, OUTPUTS)
    parameters = list(layer.parameters()) + list(readout.parameters())
    for p in parameters:
        torch.nn.init.normal_(p, std=0.1)
    optimiser = torch.optim.SGD(parameters, RATE)
    start = time.perf_counter()
    for _ in range(updates):
        symbols, classes = sequences(np, rng)
        x = torch.nn.functional.one_hot(torch.from_numpy(symbols), INPUTS).float()
        h, _ = layer(x)
        loss = torch.nn.functional.cross_entropy(readout(h[-1]), torch.from_numpy(classes))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, LIMIT)
        optimiser.step()
    return time.perf_counter() - start


library, updates, penalty = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
work = {"numpy": with_numpy, "torch": with_torch}[library]
work(20, penalty)
print(1e3 * work(updates, penalty) / updates)
