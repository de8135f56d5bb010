"""Gradients of whole networks by automatic differentiation, for the tests that compare the library with them.

    python Tests/Torch/network_gradients.py cases.json answers.json

A case holds a network (embedding, layers, directions, encoder, readout), sequences, each of its own length, and targets.
Each sequence is unrolled alone, with one tensor for each state, so that every ∂L/∂h_t and ∂L/∂c_t exists; and the same
network is run as torch.nn.RNN, LSTM or GRU on the packed batch, which has to give the same. A case may ask for a training:
updates by torch.optim on the same batch. All in float64. Needs PyTorch, nothing else.
"""

import json
import sys

import torch
from torch.nn.functional import cross_entropy, mse_loss, one_hot
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from diagnose_agrees import Unrolled

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

KINDS = {"rnn": "tanh", "rnn-relu": "relu", "rnn-linear": "linear", "lstm": "lstm", "gru": "gru"}
NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
OPTIMISERS = {
    "sgd": lambda p, rate: torch.optim.SGD(p, rate),
    "momentum": lambda p, rate: torch.optim.SGD(p, rate, momentum=0.9),
    "rmsprop": lambda p, rate: torch.optim.RMSprop(p, rate),
    "adam": lambda p, rate: torch.optim.Adam(p, rate),
    "adagrad": lambda p, rate: torch.optim.Adagrad(p, rate),
}


class Case:
    def __init__(self, case):
        self.case = case
        self.kind, self.hidden = case["cell"], case["hidden"]
        self.layers, self.directions = case["layers"], case["directions"]
        self.parameters = {
            p["name"]: torch.tensor(p["values"]).reshape(p["shape"]).requires_grad_() for p in case["parameters"]
        }
        self.encodes = case.get("sources") is not None
        self.body = "decoder." if self.encodes else ""
        self.modules = {}

    def weights(self, prefix, layer, direction):
        suffix = f"_l{layer}" + ("_reverse" if direction else "")
        return [self.parameters[prefix + name + suffix] for name in NAMES]

    def readout(self, rows):
        weight = self.parameters[self.body + "embedding.weight" if self.case["tied"] else "readout.weight"]
        return torch.nn.functional.linear(rows, weight, self.parameters["readout.bias"])

    def rows(self, prefix, sequence):
        """What the first layer reads of a sequence [T_b, I]."""
        if sequence.get("dense") is not None:
            return torch.tensor(sequence["dense"])
        tokens = torch.tensor(sequence["tokens"])
        table = self.parameters.get(prefix + "embedding.weight")
        if table is not None:
            return torch.nn.functional.embedding(tokens, table)
        return one_hot(tokens, self.parameters[prefix + "weight_ih_l0"].shape[1]).double()

    def loss(self, outputs, final):
        """Of outputs [T_b, D·H] by sequence and final states [D·H] by sequence."""
        reading, rows, targets = self.case["reading"], [], []
        for b, wanted in enumerate(self.case["targets"]):
            for t, target in enumerate(wanted):
                if target is not None:
                    rows.append(
                        outputs[b][t] if reading == "every-step" else final[b] if reading == "final-states" else outputs[b][-1]
                    )
                targets.append(target)
        # An ignored class is PyTorch's -100, whose row it reads and leaves out.
        if any(t and t.get("label") is not None for t in targets):
            every = [
                outputs[b][t] if reading == "every-step" else final[b] if reading == "final-states" else outputs[b][-1]
                for b, wanted in enumerate(self.case["targets"])
                for t in range(len(wanted))
            ]
            labels = torch.tensor([-100 if t is None else t["label"] for t in targets])
            return cross_entropy(self.readout(torch.stack(every)), labels)
        if targets[0].get("values") is not None:
            return mse_loss(self.readout(torch.stack(rows)), torch.tensor([t["values"] for t in targets]))
        return (torch.stack(rows) * torch.tensor([t["gradient"] for t in targets])).sum()

    # Each sequence alone

    def unroll(self, prefix, sequence, masks, h0, c0):
        """One sequence through the layers of a part: outputs [T_b, D·H] and all unrolled layers."""
        given, stack = list(self.rows(prefix, sequence).unsqueeze(1)), []
        for layer in range(self.layers):
            outputs = []
            for direction in range(self.directions):
                unrolled = Unrolled(KINDS[self.kind], self.weights(prefix, layer, direction), self.hidden)
                states = unrolled.run(
                    given if direction == 0 else given[::-1], h0[layer][direction], c0[layer][direction]
                )
                outputs.append(states if direction == 0 else states[::-1])
                stack.append(unrolled)
            given = [torch.cat(parts, 1) for parts in zip(*outputs)]
            below = given
            if layer < len(masks):
                given = [x * torch.tensor(m) for x, m in zip(given, masks[layer])]
        return torch.cat(below), stack

    def states(self, key, b):
        known = self.case.get(key)
        return [
            [torch.tensor([known[b][l][d]]) if known else torch.zeros(1, self.hidden) for d in range(self.directions)]
            for l in range(self.layers)
        ]

    def run_alone(self):
        case, outputs, final, parts = self.case, [], [], {}
        for b, sequence in enumerate(case["inputs"]):
            h0, c0 = self.states("hiddenStates", b), self.states("cellStates", b)
            if self.encodes:
                _, stack = self.unroll("encoder.", case["sources"][b], case["sourceMasks"][b], h0, c0)
                parts.setdefault("encoder.", []).append(stack)
                h0 = [[layer.h[-1]] for layer in stack]
                c0 = [[layer.c[-1]] for layer in stack]
            given, stack = self.unroll(self.body, sequence, case["masks"][b], h0, c0)
            parts.setdefault(self.body, []).append(stack)
            outputs.append(given)
            final.append(torch.cat([layer.h[-1][0] for layer in stack[-self.directions :]]))
        return self.loss(outputs, final), outputs, parts

    # The fused module on the packed batch

    def module(self, prefix):
        """The module with the case's weights as its own, made once: an optimiser changes them in place."""
        if prefix in self.modules:
            return self.modules[prefix]
        width = self.parameters[prefix + "weight_ih_l0"].shape[1]
        base = {"lstm": "LSTM", "gru": "GRU"}.get(self.kind, "RNN")
        options = {"rnn": {"nonlinearity": "tanh"}, "rnn-relu": {"nonlinearity": "relu"}}.get(self.kind, {})
        module = getattr(torch.nn, base)(width, self.hidden, self.layers, bidirectional=self.directions == 2, **options)
        for name, _ in list(module.named_parameters()):
            parameter = torch.nn.Parameter(self.parameters[prefix + name].detach())
            self.parameters[prefix + name] = parameter
            setattr(module, name, parameter)
        self.modules[prefix] = module
        return module

    def run_packed(self):
        case = self.case
        module = self.module(self.body)
        state = None
        if case.get("hiddenStates"):
            state = self.stacked("hiddenStates")
            if self.kind == "lstm":
                state = (state, self.stacked("cellStates"))
        if self.encodes:
            packed = self.packed("encoder.", case["sources"])
            _, state = self.module("encoder.")(packed)
        given, last = module(self.packed(self.body, case["inputs"]), state)
        padded, lengths = pad_packed_sequence(given)
        outputs = [padded[: lengths[b], b] for b in range(len(case["inputs"]))]
        h = last[0] if self.kind == "lstm" else last
        final = [torch.cat(list(h[-self.directions :, b])) for b in range(len(case["inputs"]))]
        return self.loss(outputs, final), outputs

    def packed(self, prefix, sequences):
        rows = [self.rows(prefix, sequence) for sequence in sequences]
        return pack_padded_sequence(pad_sequence(rows), [len(r) for r in rows], enforce_sorted=False)

    def stacked(self, key):
        known = self.case[key]
        return torch.stack(
            [
                torch.tensor([known[b][l][d] for b in range(len(known))])
                for l in range(self.layers)
                for d in range(self.directions)
            ]
        )

    @property
    def drops(self):
        return any(self.case["masks"]) or any(self.case["sourceMasks"])

    def take_gradients(self):
        found = {}
        for name, p in self.parameters.items():
            found[name] = (torch.zeros_like(p) if p.grad is None else p.grad).flatten().tolist()
            p.grad = None
        return found

    def answer(self):
        loss, outputs, parts = self.run_alone()
        loss.backward()
        answer = {"loss": loss.item(), "outputs": [y.tolist() for y in outputs], "layers": {}}
        for prefix, stacks in parts.items():
            for k in range(self.layers * self.directions):
                suffix = f"_l{k // self.directions}" + ("_reverse" if k % self.directions else "")
                layer = {"hidden": [gradients(stack[k].h) for stack in stacks]}
                if self.kind == "lstm":
                    layer["cell"] = [gradients(stack[k].c) for stack in stacks]
                answer["layers"][prefix + suffix] = layer
        answer["gradients"] = self.take_gradients()
        if self.kind != "rnn-linear" and not self.drops:
            loss, packed = self.run_packed()
            loss.backward()
            assert all(torch.allclose(a, b, rtol=1e-12, atol=1e-13) for a, b in zip(packed, outputs)), self.case["name"]
            answer["fusedLoss"] = loss.item()
            answer["fusedGradients"] = self.take_gradients()
            if self.case.get("training"):
                answer["trained"] = self.train(**self.case["training"])
        return answer

    def train(self, optimiser, rate, updates):
        steps = OPTIMISERS[optimiser](list(self.parameters.values()), rate)
        for _ in range(updates):
            steps.zero_grad()
            self.run_packed()[0].backward()
            steps.step()
        return {name: p.detach().flatten().tolist() for name, p in self.parameters.items()}


def gradients(states):
    """Of the states of one sequence [T_b + 1, H]; those that nothing reads have none."""
    return [(s.grad[0] if s.grad is not None else torch.zeros(s.shape[1])).tolist() for s in states]


def main():
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    answers = [Case(case).answer() for case in cases]
    with open(sys.argv[2], "w") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
