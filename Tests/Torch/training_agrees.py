"""Training in PyTorch against `gradflow train`, update by update.

    python Tests/Torch/training_agrees.py path/to/gradflow

Truncated backpropagation over a text needs no random numbers: reader b of B starts at floor(b n / B) of the first nine
tenths of the text. So PyTorch can be given the network as drawn, which `checkpoint_every: 1` keeps, and make the same
updates: cross entropy of k1 steps, gradients that go back k2 = k1 steps, the hidden state carried on, clip_grad_norm_ or
clip_grad_value_, and torch.optim. Networks are a layer on one-hot rows, two layers, two layers on an embedding, and on
one that the readout shares. Losses, gradient norms and every weight are compared, and the loss of a checkpoint that PyTorch
has loaded with load_state_dict. Needs PyTorch, nothing else.
"""

import csv
import os
import subprocess
import sys
import tempfile

import torch

from diagnose_agrees import load_safetensors

TOLERANCE = 1e-12
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

TEXT = "it was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, "
STEPS, BATCH, HIDDEN, UPDATES = 7, 3, 11, 12

CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
# With their learning rates: the first steps of rmsprop are ten times the rate long and those of adam as long as the rate,
# whatever the gradient, and where they throw the network about, rounding grows.
OPTIMISERS = {
    "sgd": (0.05, lambda p, rate: torch.optim.SGD(p, rate)),
    "{momentum: 0.9}": (0.05, lambda p, rate: torch.optim.SGD(p, rate, momentum=0.9)),
    "rmsprop": (0.001, lambda p, rate: torch.optim.RMSprop(p, rate)),
    "adam": (0.001, lambda p, rate: torch.optim.Adam(p, rate)),
    "adagrad": (0.001, lambda p, rate: torch.optim.Adagrad(p, rate)),
}
CLIPS = {
    "none": lambda p: None,
    "{global-norm: 0.5}": lambda p: torch.nn.utils.clip_grad_norm_(p, 0.5),
    "{value: 0.02}": lambda p: torch.nn.utils.clip_grad_value_(p, 0.02),
}
# What a specification says of a network; a tied readout has rows as wide as the embedding's.
NETWORKS = {
    "one layer": "",
    "two layers": "layers: 2\n",
    "two layers, embedded": "layers: 2\nembedding_size: 5\n",
    "two layers, tied": f"layers: 2\nembedding_size: {HIDDEN}\ntied: true\n",
}


class Model(torch.nn.Module):
    """Embedding, layers and readout, with the arrays of a checkpoint; a tied weight is there under both names."""

    def __init__(self, cell, tensors, tied):
        super().__init__()
        table = tensors.get("embedding.weight")
        self.vocabulary = tensors["readout.bias"].shape[0]
        self.embedding = torch.nn.Embedding(*table.shape) if table is not None else None
        layers = sum(name.startswith("weight_hh_l") for name in tensors)
        self.layer = CELLS[cell](tensors["weight_ih_l0"].shape[1], HIDDEN, layers)
        self.readout = torch.nn.Linear(HIDDEN, self.vocabulary)
        if tied:
            self.readout.weight = self.embedding.weight
        self.load(tensors)

    def load(self, tensors):
        self.load_state_dict({name if "." in name else "layer." + name: tensor for name, tensor in tensors.items()})

    def tensors(self):
        return {name.removeprefix("layer."): tensor for name, tensor in self.state_dict().items()}

    def forward(self, symbols, state=None):
        if self.embedding is None:
            rows = torch.nn.functional.one_hot(symbols, self.vocabulary).double()
        else:
            rows = self.embedding(symbols)
        h, state = self.layer(rows, state)
        return self.readout(h), state


def run_gradflow(program, folder, cell, optimiser, clip, network):
    text = os.path.join(folder, "text.txt")
    with open(text, "w") as file:
        file.write(TEXT * 5)
    specification = os.path.join(folder, "spec.yaml")
    with open(specification, "w") as file:
        file.write(
            f"name: torch\ntask: {{kind: text, path: text.txt}}\ncells: {cell}\nhidden_size: {HIDDEN}\n"
            f"batch_size: {BATCH}\nsequence_length: {STEPS}\nprecision: float64\nseeds: 1\n"
            f"iterations: {UPDATES}\nlearning_rate: {OPTIMISERS[optimiser][0]}\noptimizer: {optimiser}\nclip: {clip}\n"
            f"{NETWORKS[network]}truncation: {{k1: {STEPS}, k2: {STEPS}}}\ncheckpoint_every: 1\nrecord_every: 1\n"
            "evaluation_size: 100\nevaluate_every: 0\ndiagnose_every: 0\n"
        )
    directory = os.path.join(folder, "run")
    subprocess.run(
        [program, "train", specification, "-o", directory, "--no-figures", "--quiet", "--jobs", "1"], check=True
    )
    with open(os.path.join(directory, "training.csv")) as file:
        rows = [row for row in csv.DictReader(file) if row["loss"]]
    models = os.path.join(directory, "models")
    trial = rows[0]["trial"]
    return rows, [load_safetensors(os.path.join(models, f"{trial}-{n:08d}.safetensors")) for n in range(UPDATES + 1)]


def chunks():
    content = TEXT * 5
    vocabulary = sorted(set(content))
    indices = torch.tensor([vocabulary.index(c) for c in content])
    count = len(content) - len(content) // 10
    indices = indices[:count]
    for n in range(UPDATES):
        starts = [b * count // BATCH + n * STEPS for b in range(BATCH)]
        places = torch.tensor([[(s + t) % count for s in starts] for t in range(STEPS + 1)])
        symbols = indices[places]
        yield symbols[:-1], symbols[1:]


def difference(a, b):
    scale = max(float(b.abs().max()), 1e-30)
    return float((a - b).abs().max()) / scale


def check(program, cell, optimiser, clip, network):
    with tempfile.TemporaryDirectory() as folder:
        rows, models = run_gradflow(program, folder, cell, optimiser, clip, network)
    model = Model(cell, models[0], tied="tied" in network)
    # A tied weight is one of them, once.
    parameters = list(model.parameters())
    rate, make = OPTIMISERS[optimiser]
    steps = make(parameters, rate)
    state, worst = None, 0.0
    for n, (x, y) in enumerate(chunks()):
        steps.zero_grad()
        logits, new = model(x, state)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        norm = torch.sqrt(sum((p.grad**2).sum() for p in parameters))
        CLIPS[clip](parameters)
        steps.step()
        state = tuple(s.detach() for s in new) if isinstance(new, tuple) else new.detach()
        value = float(loss.detach())
        worst = max(worst, abs(value - float(rows[n]["loss"])) / value)
        worst = max(worst, abs(float(torch.log10(norm)) - float(rows[n]["log10_grad_before"])))
        mine = model.tensors()
        assert set(mine) == set(models[n + 1]), (set(mine), set(models[n + 1]))
        worst = max(worst, max(difference(models[n + 1][k], v) for k, v in mine.items()))
    # A checkpoint, loaded: the loss of the first chunk, whose state is zero, under the network as drawn.
    x, y = next(chunks())
    model.load(models[0])
    again = torch.nn.functional.cross_entropy(model(x)[0].flatten(0, 1), y.flatten())
    return max(worst, abs(float(again.detach()) - float(rows[0]["loss"])))


def main():
    program = sys.argv[1]
    for optimiser in OPTIMISERS:
        worst, count = 0.0, 0
        for cell in CELLS:
            for network in NETWORKS:
                # What a clip does is the same for every network.
                for clip in CLIPS if network == "one layer" else ["{global-norm: 0.5}"]:
                    found = check(program, cell, optimiser, clip, network)
                    worst, count = max(worst, found), count + 1
                    if not found < TOLERANCE:
                        sys.exit(
                            f"{cell}, {network}, {optimiser}, clip {clip}: differs by {found:.2e}, allowed {TOLERANCE:.0e}"
                        )
        print(
            f"{count} trainings by {optimiser} agree with PyTorch {torch.__version__} over {UPDATES} updates: "
            f"worst relative difference {worst:.1e}"
        )


if __name__ == "__main__":
    main()
