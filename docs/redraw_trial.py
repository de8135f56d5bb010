#!/usr/bin/env python3
"""Draws trials of a run again from what docs/numerics.md says, with NumPy alone.

    python3 docs/redraw_trial.py runs/decay 0c1f8a2b4d6e [more trials] -o FOLDER

For each trial it builds the text that the trial's id is the hash of from its row of trials.csv, checks the id, and writes
FOLDER/TRIAL.npz: weights, inputs, targets, readout and first state, in float64 before they are rounded to the trial's
precision. A network of several layers or directions, with an embedding or with an encoder has them under PyTorch's names;
sequences of different lengths are packed as docs/numerics.md says. Trials of a text or of images are left to those who have
the file, and trainings, whose updates are many, to gradflow repro.
"""
import argparse, csv, hashlib, json, os, re, sys
import numpy as np

PURPOSES = {  # the counter's highest word: the number here times 2^32, plus the block
    "inputs": 1, "targets": 2, "hidden weights": 3, "input weights": 4, "readout": 5,
    "first state": 13, "washout inputs": 14, "washout targets": 15, "lengths": 16, "embedding": 20,
}
GATES = {"rnn": 1, "rnn-relu": 1, "rnn-linear": 1, "lstm": 4, "gru": 3}
FORGET = 1  # of the LSTM's i, f, g, o
IGNORED = -100  # the class of an output that does not count


class Stream:
    """Philox4x64-10 of (root seed, trial seed, purpose), and of the word below the purpose."""

    def __init__(self, root, seed, purpose, block=0, word=0):
        self.bits = np.random.Philox(
            key=root + (seed << 64), counter=((PURPOSES[purpose] << 32 | block) << 192) + (word << 128))

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
    for key in ("layers", "bidirectional", "embedding_size", "tied", "min_length"):  # where they are not as usual
        if row.get(key, "") not in ("", "false") and (key, row[key]) != ("layers", "1"):
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
    """Inputs [T, B, I] and targets, of each sequence or of each step, and the mean of ‖x‖² that input weights are scaled by;
    of a reversal also what the encoder reads."""
    kind = task["kind"]
    if kind == "echo":
        symbols = np.array([numbers.below(task["symbols"]) for _ in range(steps * batch)]).reshape(steps, batch)
        silent = np.full((task["delay"], batch), IGNORED)
        return one_hot(symbols, task["symbols"]), np.concatenate([silent, symbols[:steps - task["delay"]]]), 1
    if kind == "flip-flop":
        draws = numbers.integers(steps * batch * task["bits"], 3).reshape(steps, batch, task["bits"])
        is_set = (draws & 3 == 0) | (np.arange(steps) == 0)[:, None, None]
        inputs = np.where(is_set, np.where(draws >> 2 == 0, -1.0, 1.0), 0.0)
        targets = inputs.copy()
        for t in range(1, steps):
            targets[t] = np.where(is_set[t], inputs[t], targets[t - 1])
        return inputs, targets, task["bits"] / 4
    if kind == "reversal":
        count = task["symbols"]
        symbols = np.array([numbers.below(count) for _ in range(steps * batch)]).reshape(steps, batch)
        classes = symbols[::-1]
        read = np.concatenate([np.full((1, batch), count), classes[:-1]])
        return one_hot(read, count + 1), classes, 1, one_hot(symbols, count + 1)
    if kind == "class-to-sequence":
        count = task["classes"]
        first = np.array([numbers.below(count) for _ in range(batch)])
        said = np.array([t // (first + 1) % 2 for t in range(steps)])
        if task.get("feedback") == "nothing":
            inputs = np.zeros((steps, batch, count))
            inputs[0] = one_hot(first, count)
            return inputs, said, 1
        return one_hot(np.concatenate([first[None], count + said[:-1]]), count + 2), said, 1
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


def least_steps(task):
    """T of the shortest sequences."""
    least = {"gaussian-noise": 1, "adding": 2, "multiplication": 2, "delayed-xor": 2, "temporal-order": 10,
             "copy-memory": 21, "flip-flop": 2, "echo": task.get("delay", 0) + 1}
    return least.get(task["kind"], 2 * task.get("bits", 0) + 1)


def output_size(task):
    """O of a task that has it."""
    return {"adding": 1, "multiplication": 1, "delayed-xor": 2, "temporal-order": 4, "copy-memory": 9, "memorisation": 3,
            "echo": task.get("symbols"), "flip-flop": task.get("bits"), "reversal": task.get("symbols"),
            "class-to-sequence": 2}.get(task["kind"])


def packed(groups):
    """Sequences of several lengths [T, B, …], the longest first, row by row: all end at one step."""
    steps = len(groups[0])
    rows = [group[t - steps + len(group)] for t in range(steps) for group in groups if t >= steps - len(group)]
    return np.concatenate(rows)




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


def lengths_of(row, stream):
    """T of each sequence, longest first, and whether lengths are drawn."""
    longest, batch = int(row["sequence_length"]), int(row["batch_size"])
    shortest = int(row.get("min_length") or longest)
    if shortest == longest:
        return [longest] * batch, False
    draws = stream("lengths")
    return sorted((shortest + draws.below(longest - shortest + 1) for _ in range(batch)), reverse=True), True


def batch_of(row, task, stream):
    """Inputs, targets, mean of ‖x‖² and, of a reversal, the source; of several lengths packed, row by row."""
    lengths, vary = lengths_of(row, stream)
    classes = int(row["readout_size"] or 0) if row["loss_kind"].startswith("cross-entropy") else 0
    groups = []
    for length in sorted(set(lengths), reverse=True):
        # Those of one length are drawn together.
        word, count = (length if vary else 0), lengths.count(length)
        numbers, places = stream("inputs", word=word), stream("targets", word=word)
        group = sequences(task, length, count, int(row["input_size"] or 0), numbers, places)
        if classes:
            draws = [places.below(classes) for _ in range(length * count)]
            group = (group[0], np.array(draws).reshape(length, count), *group[2:])
        groups.append(group)
    if not vary:
        return groups[0]

    def joined(k):
        parts = [group[k] for group in groups]
        if parts[0] is None:
            return None
        return np.concatenate(parts) if parts[0].ndim == 1 else packed(parts)  # of each sequence, or of each step

    return (joined(0), joined(1), groups[0][2], *([joined(3)] if len(groups[0]) > 3 else []))


def layer(row, stream, width, square, word):
    """W_ih, W_hh and b_ih of a layer in one direction, from streams with its word."""
    gates, hidden = GATES[row["cell"]], int(row["hidden_size"])
    drawn = [block(row["initializer"], hidden, stream("hidden weights", g, word)) for g in range(gates)]
    sd = float(row["input_scale"]) / np.sqrt(square)
    weights = {
        "weight_hh": np.concatenate([w * (float(row["spectral_radius"]) / radius) for w, radius in drawn]),
        "weight_ih": np.concatenate(
            [stream("input weights", g, word).normals(hidden * width, sd).reshape(hidden, width) for g in range(gates)]),
        "bias_ih": np.zeros(gates * hidden),
    }
    if row["forget_bias"]:
        weights["bias_ih"][FORGET * hidden:(FORGET + 1) * hidden] = float(row["forget_bias"])
    return weights


def redraw(row, task):
    root, seed = int(row["root_seed"]), int(row["seed"])
    stream = lambda purpose, number=0, word=0: Stream(root, seed, purpose, number, word)
    batch, hidden = int(row["batch_size"]), int(row["hidden_size"])
    inputs, targets, square, *source = batch_of(row, task, stream)
    width = inputs.shape[-1]
    found = {"inputs": inputs}
    if source:
        found["source"] = source[0]

    layers, directions = int(row.get("layers") or 1), 2 if row.get("bidirectional") == "true" else 1
    embedding, tied = int(row.get("embedding_size") or 0), row.get("tied") == "true"
    parts = ["encoder.", "decoder."] if source else [""]
    isNetwork = layers * directions * len(parts) > 1 or embedding > 0
    for part in parts:
        below, below_square = width, square
        if embedding:
            is_tied = tied and part != "encoder."
            below, below_square = embedding, 1 if is_tied else embedding
            rows = stream("embedding", word=1 if part == "encoder." else 0).normals(
                width * embedding, 1 / np.sqrt(embedding) if is_tied else 1.0)
            found[part + "embedding.weight"] = rows.reshape(width, embedding)
        for l in range(layers):
            for d in range(directions):
                word = 2 * l + d + ((1 << 32) if part == "encoder." else 0)
                suffix = f"_l{l}" + ("_reverse" if d else "") if isNetwork else ""
                for name, values in layer(row, stream, below, below_square, word).items():
                    found[part + name + suffix] = values
                scale = float(row.get("initial_state_scale", 0))
                if scale:
                    for name, number in [("hidden", 0)] + ([("cell", 1)] if row["cell"] == "lstm" else []):
                        draws = stream("first state", number, word).normals(batch * hidden, scale)
                        found[f"initial_{name}{suffix}"] = draws.reshape(batch, hidden)
            below, below_square = directions * hidden, directions * hidden

    kind, outputs, last = row["loss_kind"], output_size(task) or int(row["readout_size"] or 0), directions * hidden
    if kind == "final-dot":
        targets = stream("targets").normals(last)  # v
    elif kind == "final-mse":
        targets = stream("targets").normals(batch * outputs).reshape(batch, outputs)
    elif kind == "cross-entropy-final":
        targets = targets.reshape(-1)[-batch:]
    found["targets"] = targets
    if kind != "final-dot":
        found["readout"] = (
            found[parts[-1] + "embedding.weight"] if tied
            else stream("readout").normals(outputs * last, 1 / np.sqrt(last)).reshape(outputs, last))

    washout = int(row.get("washout", 0))
    if washout:
        before = sequences(
            task, max(washout, least_steps(task)), batch, width, stream("washout inputs"), stream("washout targets"))
        found["washout"] = before[0][-washout:]
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
        if row.get("iterations"):
            sys.exit(f"{row['trial']}: it was trained, and its updates are many; gradflow repro runs it again")
        text = canonical(row, task)
        found = hashlib.sha256(text.encode()).hexdigest()[:12]
        if found != row["trial"]:
            sys.exit(f"{row['trial']}: the id of {text} is {found}")
        np.savez(os.path.join(options.output, row["trial"] + ".npz"), **redraw(row, task))
        print(row["trial"], text)


if __name__ == "__main__":
    main()
