"""Updates of a tanh RNN in NumPy, with the norm-preserving penalty where it has a weight.

Weight gradients are products over all steps at once; only what has to go step by step does. The
penalty is that of Pascanu's released code. Batches are handed over ready; a run makes one update
of each, from the first weights.
"""

import protocol

np = protocol.np


def prepare(case):
    steps, batch, hidden = case.steps, case.batch, case.hidden
    if (case.cell, case.layers, case.optimiser, case.every_step) != ("rnn", 1, "sgd", False):
        raise ValueError("only a tanh RNN of one layer, by gradient descent, with a final loss")
    tokens, classes = (case.arrays[name].astype(int) for name in ("tokens", "classes"))
    identity, rows = np.eye(case.inputs, dtype=np.float32), np.arange(batch)
    h, d = (np.zeros((steps + 1, batch, hidden), np.float32) for _ in range(2))
    g = np.zeros((steps, batch, hidden), np.float32)

    def first(name):
        return np.ascontiguousarray(case.arrays[name].T)

    def run():
        w_hh, w_ih, w_o = first("weight_hh_l0"), first("weight_ih_l0"), first("readout.weight")
        b, c, b_o = (case.arrays[n].copy() for n in ("bias_ih_l0", "bias_hh_l0", "readout.bias"))
        losses = []
        for symbols, wanted in zip(tokens, classes):
            x, currents = identity[symbols], w_ih[symbols] + (b + c)
            for t in range(steps):
                np.tanh(h[t] @ w_hh + currents[t], out=h[t + 1])
            y = h[steps] @ w_o + b_o
            y = np.exp(y - y.max(1, keepdims=True))
            y /= y.sum(1, keepdims=True)
            losses.append(-np.log(y[rows, wanted]).mean())
            y[rows, wanted] -= 1
            y /= batch
            d[steps] = y @ w_o.T
            for t in range(steps - 1, -1, -1):
                np.multiply(d[t + 1], 1 - h[t + 1] * h[t + 1], out=g[t])
                np.matmul(g[t], w_hh.T, out=d[t])
            flat = g.reshape(-1, hidden)
            gradients = [
                h[:steps].reshape(-1, hidden).T @ flat,
                x.reshape(-1, case.inputs).T @ flat,
                flat.sum(0),
                flat.sum(0),
                h[steps].T @ y,
                y.sum(0),
            ]
            if case.penalty > 0:
                gradients[0] += np.float32(case.penalty) * penalty_gradient(d, flat)
            norm = np.sqrt(sum(float((q * q).sum()) for q in gradients))
            step = np.float32(case.rate * min(1, case.limit / (norm + 1e-6)))
            for w, q in zip((w_hh, w_ih, b, c, w_o, b_o), gradients):
                w -= step * q
        return {"losses": np.array(losses)}

    def penalty_gradient(d, flat):
        before, after = (d[1:] ** 2).sum(2), (d[:steps] ** 2).sum(2)
        reads = before >= 1e-20
        ratio = np.where(reads, after / np.maximum(before, 1e-30), 1)
        scale = np.where(reads, 4 * (ratio - 1) / np.maximum(before, 1e-30), 0) / max(1, reads.sum())
        return (d[:steps] * scale[:, :, None]).reshape(-1, hidden).T @ flat

    return run


if __name__ == "__main__":
    protocol.serve("numpy_training", f"numpy {np.__version__}", prepare)
