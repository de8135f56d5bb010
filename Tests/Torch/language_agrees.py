"""Perplexities of language models against PyTorch: of models trained by `gradflow train`, and of models trained with PyTorch.

    python Tests/Torch/language_agrees.py path/to/gradflow

Models of characters and of words, one-hot, embedded and tied, of one layer and two. `gradflow score` reads a text in one
piece from a zero state, and so does PyTorch here; every token's ln p is compared, and the test loss that a training
reports with that of the same readers in PyTorch. Needs PyTorch, nothing else.
"""

import csv
import io
import json
import math
import os
import subprocess
import sys
import tempfile

import torch

from diagnose_agrees import load_safetensors, save_safetensors

TOLERANCE = 1e-9
CONTEXT = 100  # tokens that a reader of a held-out part reads before the first that it tells
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

SENTENCES = [
    "the quick brown fox jumps over the lazy dog, and the dog sleeps on.",
    "she sells sea shells by the sea shore; the shells she sells are surely sea shells.",
    "how much wood would a woodchuck chuck if a woodchuck could chuck wood?",
]
TEXT = "".join(SENTENCES[(k * k + k // 3) % 3] + ("\n" if k % 4 else "\n\n") for k in range(120))
NEW = "would the dog sell the fox a shell? surely, if the sea sleeps on the shore.\n" * 3
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def metadata(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(size)).get("__metadata__", {})


class Model(torch.nn.Module):
    def __init__(self, cell, vocabulary, hidden, layers=1, embedding=None, tied=False):
        super().__init__()
        self.size = vocabulary
        self.embedding = torch.nn.Embedding(vocabulary, embedding) if embedding else None
        self.layer = CELLS[cell](embedding or vocabulary, hidden, layers)
        self.readout = torch.nn.Linear(hidden, vocabulary)
        if tied:
            self.readout.weight = self.embedding.weight

    def forward(self, ids):
        rows = torch.nn.functional.one_hot(ids, self.size).double() if self.embedding is None else self.embedding(ids)
        return self.readout(self.layer(rows)[0])

    def log_probabilities(self, ids):
        with torch.no_grad():
            logs = torch.log_softmax(self(ids[:-1, None])[:, 0], -1)
        return logs.gather(-1, ids[1:, None])[:, 0]


def scores(program, model, text, *options):
    """ln p of every token but the first, and the summary."""
    out = subprocess.run(
        [program, "score", model, text, "--format", "csv", *options], check=True, capture_output=True, text=True
    ).stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    summary = json.loads(
        subprocess.run(
            [program, "score", model, text, "--format", "json", *options], check=True, capture_output=True, text=True
        ).stdout
    )
    return torch.tensor([float(row["log_probability"]) for row in rows]), summary


def compare(what, found, summary, expected):
    worst = float((found - expected).abs().max())
    perplexity = math.exp(-float(expected.mean()))
    relative = abs(summary["perplexity"] - perplexity) / perplexity
    if not (len(found) == len(expected) and worst < TOLERANCE and relative < TOLERANCE):
        sys.exit(f"{what}: ln p differ by {worst:.1e}, perplexities by {relative:.1e}")
    return worst


def words(text):
    out, word = [], ""
    for c in text + " ":
        if c.isalnum() or c == "_":
            word += c
            continue
        if word:
            out.append(word)
            word = ""
        if not c.isspace():
            out.append(c)
    return out


def trained_here(program, folder, name, task, network):
    text, new = os.path.join(folder, "text.txt"), os.path.join(folder, "new.txt")
    run, specification = os.path.join(folder, "run-" + name), os.path.join(folder, name + ".yaml")
    with open(specification, "w") as file:
        file.write(
            f"name: {name}\ntask: {task}\nhidden_size: 12\nbatch_size: 4\nsequence_length: 20\nprecision: float64\n"
            f"iterations: 60\noptimizer: adam\nlearning_rate: 0.01\nevaluate_every: 0\ndiagnose_every: 0\n{network}"
        )
    subprocess.run([program, "train", specification, "-o", run, "--no-figures", "--quiet"], check=True)
    with open(os.path.join(run, "trials.csv")) as file:
        row = next(csv.DictReader(file))
    path = os.path.join(run, "models", row["trial"] + ".safetensors")
    tensors, notes = load_safetensors(path), metadata(path)
    tokens = json.loads(notes["gradflow.vocabulary"])
    table = tensors.get("embedding.weight")
    layers = sum(key.startswith("weight_hh_l") for key in tensors)
    model = Model(row["cell"], len(tokens), 12, layers, table.shape[1] if table is not None else None, "tied: true" in network)
    model.load_state_dict({key if "." in key else "layer." + key: value for key, value in tensors.items()})
    ids = {token: k for k, token in enumerate(tokens)}
    split = words if notes["gradflow.tokens"] == "words" else list

    def encoded(content):
        return torch.tensor([ids.get(token, ids.get("<unk>")) for token in split(content)])

    found, summary = scores(program, run, new)
    worst = compare(f"{name}, new text", found, summary, model.log_probabilities(encoded(NEW)))
    # What the training reports: each reader of the test part began CONTEXT tokens earlier.
    everything = encoded(TEXT)
    count = len(everything)
    first = count - count * 10 // 100
    length = count - first
    readers = max(1, min(100, length // (2 * CONTEXT)))
    logs = [
        model.log_probabilities(everything[start - CONTEXT - 1 : end])[CONTEXT:]
        for start, end in ((first + b * length // readers, first + (b + 1) * length // readers) for b in range(readers))
    ]
    expected = -float(torch.cat(logs).mean())
    relative = abs(float(row["test_loss"]) - expected) / expected
    if not (relative < TOLERANCE and abs(float(row["test_perplexity"]) / math.exp(expected) - 1) < TOLERANCE):
        sys.exit(f"{name}: test loss {row['test_loss']}, PyTorch {expected}")
    return max(worst, relative)


def trained_there(program, folder, cell, layers, embedding, tied):
    torch.manual_seed(layers)
    tokens = sorted(set(TEXT + NEW))
    ids = {token: k for k, token in enumerate(tokens)}
    data = torch.tensor([ids[c] for c in TEXT])
    model = Model(cell, len(tokens), 16, layers, embedding, tied)
    steps = torch.optim.Adam(model.parameters(), 0.01)
    for n in range(30):
        starts = [(n * 37 + b * 911) % (len(data) - 31) for b in range(8)]
        piece = torch.stack([data[s : s + 31] for s in starts], 1)
        loss = torch.nn.functional.cross_entropy(model(piece[:-1]).flatten(0, 1), piece[1:].flatten())
        steps.zero_grad()
        loss.backward()
        steps.step()
    path, vocabulary = os.path.join(folder, "torch.safetensors"), os.path.join(folder, "vocabulary.json")
    save_safetensors(path, dict(model.state_dict()))
    with open(vocabulary, "w") as file:
        json.dump(ids if layers == 1 else tokens, file)
    new = os.path.join(folder, "new.txt")
    found, summary = scores(program, path, new, "--vocabulary", vocabulary)
    expected = model.log_probabilities(torch.tensor([ids[c] for c in NEW]))
    return compare(f"{cell} of PyTorch", found, summary, expected)


def main():
    program = os.path.abspath(sys.argv[1])
    worst, count = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("text.txt", TEXT), ("new.txt", NEW)):
            with open(os.path.join(folder, name), "w") as file:
                file.write(content)
        for name, task, network in [
            ("characters", "{kind: char-lm, path: text.txt}", "cells: lstm\n"),
            ("stack", "{kind: char-lm, path: text.txt}", "cells: gru\nlayers: 2\n"),
            ("embedded", "{kind: char-lm, path: text.txt}", "cells: rnn\nembedding_size: 6\n"),
            ("words", "{kind: word-lm, path: text.txt, vocabulary: 30}", "cells: lstm\nembedding_size: 12\ntied: true\n"),
        ]:
            worst, count = max(worst, trained_here(program, folder, name, task, network)), count + 1
        for cell in CELLS:
            for layers, embedding, tied in [(1, None, False), (2, 7, False), (2, 16, True)]:
                worst = max(worst, trained_there(program, folder, cell, layers, embedding, tied))
                count += 1
    print(f"{count} language models score alike; the largest difference of an ln p is {worst:.1e}")


if __name__ == "__main__":
    main()
