#!/usr/bin/env python3
"""Draws trials of a run again from what docs/numerics.md says, with NumPy alone.

    python3 docs/redraw_trial.py runs/decay 0c1f8a2b4d6e [more trials] -o FOLDER

For each trial it builds the text that the trial's id is the hash of from its row of trials.csv, checks the id, and writes
FOLDER/TRIAL.npz: weights, inputs, targets, readout and first state, in float64 before they are rounded to the trial's
precision. Trials of a text or of images are left to those who have the file.
"""
import argparse, csv, hashlib, json, os, re, sys
import numpy as np

PURPOSES = {  # the counter's highest word: the number here times 2^32, plus the block
    "inputs": 1, "targets": 2, "hidden weights": 3, "input weights": 4, "readout": 5,
    "first state": 13, "washout inputs": 14, "washout targets": 15,
}
GATES = {"rnn": 1, "rnn-relu": 1, "rnn-linear": 1, "lstm": 4, "gru": 3}
FORGET = 1  # of the LSTM's i, f, g, o


class Stream:
    """Philox4x64-10 of (root seed, trial seed, purpose)."""

    def __init__(self, root, seed, purpose, block=0):
        self.bits = np.random.Philox(
            key=root + (seed << 64), counter=(PURPOSES[purpose] << 32 | block) << 192)

    def words(self, count):
        return self.bits.random_raw(count)

    def uniforms(self, count):
        return (self.words(count) >> np.uint64(11)) * 2.0**-53

    def normals(self, count, sd=1.0):
        u = self.uniforms(count + count % 2).reshape(-1, 2)  # Box and Muller: two from two
        radius, angle = np.sqrt(-2 * np.log1p(-u[:, 0])), 2 * np.pi * u[:, 1]
        return (sd * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)).ravel()[:count]

    def below(self, bound):
        """Lemire's method: the upper half of word × bound, drawn again where the lower half is too small."""
        threshold = (1 << 64) % bound
        while True:
            high, low = divmod(int(self.words(1)[0]) * bound, 1 << 64)
            if low >= threshold:
                return high

    def integers(self, count, bits):
        """Of `bits` bits each, packed: the lowest first out of the upper 62 bits of a word."""
        per_word = 62 // bits
        words = self.words(-(-count // per_word)) >> np.uint64(2)
        shifts = np.arange(per_word, dtype=np.uint64) * np.uint64(bits)
        return ((words[:, None] >> shifts) & np.uint64((1 << bits) - 1)).ravel()[:count].astype(int)


def canonical(row, task):
    """The text that the id is the hash of: keys sorted, no spaces, numbers as in the CSV."""
    number, word = (lambda key: row[key]), (lambda key: json.dumps(row[key]))
    clip, _, threshold = row["clip"].partition(":")
    members = {
        "batch_size": number("batch_size"), "cell": word("cell"),
        "clip": f'{{"{clip}":{threshold}}}' if threshold else f'"{clip}"',
        "hidden_size": number("hidden_size"), "initializer": word("initializer"),
        "input_scale": number("input_scale"), "loss": row["loss_kind"] and word("loss_kind"),
        "precision": word("precision"), "root_seed": number("root_seed"), "seed": number("seed"),
        "sequence_length": number("sequence_length"), "spectral_radius": number("spectral_radius"),
        "task": json.dumps(task, separators=(",", ":"), sort_keys=True),
    }
    for key in ("forget_bias", "input_size", "readout_size"):  # where they apply
        if row[key] != "":
            members[key] = number(key)
    for key in ("initial_state_scale", "washout"):  # where they are not 0
        if row.get(key, "0") != "0":
            members[key] = number(key)
    return "{" + ",".join(f'"{key}":{members[key]}' for key in sorted(members)) + "}"


def one_hot(symbols, width):
    return np.eye(width)[symbols]


def marked_pairs(values, places):
    """Two values of each sequence, one in either half, with a 1 beside them."""
    steps, batch = values.shape
    inputs = np.stack([values, np.zeros_like(values)], axis=2)
    pairs = []
    for b in range(batch):
        p = places.below(steps // 2)
        q = steps // 2 + places.below(steps - steps // 2)
        inputs[p, b, 1] = inputs[q, b, 1] = 1
        pairs.append((values[p, b], values[q, b]))
    return inputs, np.array(pairs)


def sequences(task, steps, batch, size, numbers, places):
    """Inputs [T, B, I], targets, and the mean of ‖x‖² that input weights are scaled by."""
    kind = task["kind"]
    if kind == "gaussian-noise":
        return numbers.normals(steps * batch * size).reshape(steps, batch, size), None, size
    if kind in ("adding", "multiplication"):
        inputs, pairs = marked_pairs(numbers.uniforms(steps * batch).reshape(steps, batch), places)
        return inputs, pairs.sum(axis=1) if kind == "adding" else pairs.prod(axis=1), 1 / 3
    if kind == "delayed-xor":
        values = numbers.integers(steps * batch, 1).reshape(steps, batch).astype(float)
        inputs, pairs = marked_pairs(values, places)
        return inputs, (pairs[:, 0] != pairs[:, 1]).astype(int), 1 / 2
    if kind == "temporal-order":
        symbols = 2 + numbers.integers(steps * batch, 2).reshape(steps, batch)
        classes = places.integers(batch, 2)
        for b in range(batch):
            first = steps // 10 + places.below(steps // 10)
            second = steps // 2 + places.below(steps // 10)
            symbols[first, b], symbols[second, b] = classes[b] & 1, classes[b] >> 1
        return one_hot(symbols, 6), classes, 1
    if kind in ("copy-memory", "memorisation"):
        length, bits, rest, cue, width = (
            (10, 3, 8, 9, 10) if kind == "copy-memory" else (task["bits"], 1, 2, 3, 4))
        data = numbers.integers(length * batch, bits).reshape(length, batch)
        symbols = np.full((steps, batch), rest)
        classes = symbols.copy()
        symbols[:length], classes[steps - length:] = data, data
        symbols[steps - length - 1] = cue
        return one_hot(symbols, width), classes, 1
    sys.exit(f"{kind} reads a file, which this program does not")


LEAST = {"adding": 2, "multiplication": 2, "delayed-xor": 2, "temporal-order": 10, "copy-memory": 21}
OUTPUTS = {"adding": 1, "multiplication": 1, "delayed-xor": 2, "temporal-order": 4, "copy-memory": 9, "memorisation": 3}


def block(kind, size, stream):
    """A block of W_hh before it is scaled, with its spectral radius."""
    if kind == "identity":
        return np.eye(size), 1.0
    if kind == "orthogonal":
        q, r = np.linalg.qr(stream.normals(size * size).reshape(size, size))
        return q * np.where(np.diag(r) < 0, -1, 1), 1.0
    if kind == "gaussian":
        w = stream.normals(size * size, 1 / np.sqrt(size))
    else:
        w = (2 * stream.uniforms(size * size) - 1) / np.sqrt(size)
    w = w.reshape(size, size)
    return w, np.abs(np.linalg.eigvals(w)).max()


def redraw(row, task):
    root, seed = int(row["root_seed"]), int(row["seed"])
    stream = lambda purpose, number=0: Stream(root, seed, purpose, number)
    steps, batch, hidden = (int(row[key]) for key in ("sequence_length", "batch_size", "hidden_size"))
    gates = GATES[row["cell"]]
    inputs, targets, square = sequences(
        task, steps, batch, int(row["input_size"] or 0), stream("inputs"), stream("targets"))
    width = inputs.shape[2]

    drawn = [block(row["initializer"], hidden, stream("hidden weights", g)) for g in range(gates)]
    sd = float(row["input_scale"]) / np.sqrt(square)
    found = {
        "inputs": inputs,
        "weight_hh": np.concatenate([w * (float(row["spectral_radius"]) / radius) for w, radius in drawn]),
        "weight_ih": np.concatenate(
            [stream("input weights", g).normals(hidden * width, sd).reshape(hidden, width) for g in range(gates)]),
        "bias_ih": np.zeros(gates * hidden),
    }
    if row["forget_bias"]:
        found["bias_ih"][FORGET * hidden:(FORGET + 1) * hidden] = float(row["forget_bias"])

    kind, outputs = row["loss_kind"], OUTPUTS.get(task["kind"]) or int(row["readout_size"] or 0)
    if kind == "final-dot":
        targets = stream("targets").normals(hidden)  # v
    elif kind == "final-mse":
        targets = stream("targets").normals(batch * outputs).reshape(batch, outputs)
    elif kind.startswith("cross-entropy"):
        draws = stream("targets")
        targets = np.array([draws.below(outputs) for _ in range(steps * batch)]).reshape(steps, batch)
        targets = targets[-1] if kind == "cross-entropy-final" else targets
    found["targets"] = targets
    if kind != "final-dot":
        found["readout"] = stream("readout").normals(outputs * hidden, 1 / np.sqrt(hidden)).reshape(outputs, hidden)

    scale, washout = float(row.get("initial_state_scale", 0)), int(row.get("washout", 0))
    if scale:
        for name, number in [("hidden", 0)] + ([("cell", 1)] if row["cell"] == "lstm" else []):
            found["initial_" + name] = stream("first state", number).normals(batch * hidden, scale).reshape(batch, hidden)
    if washout:
        least = LEAST.get(task["kind"], 2 * task.get("bits", 0) + 1)
        before, _, _ = sequences(
            task, max(washout, least), batch, width, stream("washout inputs"), stream("washout targets"))
        found["washout"] = before[-washout:]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", help="the run's directory")
    parser.add_argument("trials", nargs="+", help="ids, or the beginnings of ids")
    parser.add_argument("-o", "--output", default=".", help="the folder for TRIAL.npz")
    options = parser.parse_args()
    with open(os.path.join(options.run, "spec.yaml")) as file:
        members = re.search(r"^task: \{(.*)\}", file.read(), re.M).group(1).split(", ")
    task = dict(member.split(": ") for member in members)
    task = {key: int(value) if value.isdigit() else value for key, value in task.items()}
    with open(os.path.join(options.run, "trials.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    for wanted in options.trials:
        matches = [row for row in rows if row["trial"].startswith(wanted)]
        if len(matches) != 1:
            sys.exit(f"{len(matches)} trials of {options.run} begin with '{wanted}'")
        row = matches[0]
        text = canonical(row, task)
        found = hashlib.sha256(text.encode()).hexdigest()[:12]
        if found != row["trial"]:
            sys.exit(f"{row['trial']}: the id of {text} is {found}")
        np.savez(os.path.join(options.output, row["trial"] + ".npz"), **redraw(row, task))
        print(row["trial"], text)


if __name__ == "__main__":
    main()
