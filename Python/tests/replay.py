"""Reads a capture as another program would, and runs its modules anew from the arrays alone.

Independent of the package: it knows the folder format only. Each sequence is run by a fresh module of torch.nn in float64
on the captured inputs, initial states and upstream gradients; outputs, states and gradients are compared to the captured.
"""

import hashlib
import json
import os

import numpy
import torch

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class Loaded:
    """A capture: `updates` are the contents of update.json, with a reader of each one's arrays."""

    def __init__(self, folder):
        self.folder = folder
        self.description = read_json(os.path.join(folder, "capture.json"))
        assert self.description["format"] == "gradflow-capture" and self.description["version"] == 1
        self.updates = [LoadedUpdate(folder, entry) for entry in self.description["updates"]]


class LoadedUpdate:
    def __init__(self, folder, entry):
        self.folder = os.path.join(folder, entry["folder"])
        path = os.path.join(self.folder, "update.json")
        assert sha256(path) == entry["sha256"], "update.json is not the one that capture.json lists"
        self.description = read_json(path)
        assert self.description["update"] == entry["update"]
        self.modules = self.description["modules"]
        self.parameters = self.description["parameters"]
        files = {"update.json"}
        for module in self.modules:
            for listed in [module, *module["sequences"]]:
                assert sha256(os.path.join(self.folder, listed["file"])) == listed["sha256"], listed["file"]
                files.add(listed["file"])
        assert files == set(os.listdir(self.folder)), "files that update.json does not list"

    def module(self, name):
        return next(module for module in self.modules if module["name"] == name)

    def parameter(self, name):
        return next(parameter for parameter in self.parameters if parameter["name"] == name)

    def arrays(self, file):
        with numpy.load(os.path.join(self.folder, file), allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        for name, array in arrays.items():
            integer = name in ("lengths", "tokens")
            assert array.dtype in ((numpy.int64,) if integer else (numpy.float32, numpy.float64)), (name, array.dtype)
        return arrays

    def sequence(self, name, index=0):
        return self.arrays(self.module(name)["sequences"][index]["file"])

    def value(self, parameter):
        return self.arrays(parameter["file"])[parameter["key"]]

    def gradient(self, parameter):
        return None if parameter["gradient"] is None else self.arrays(parameter["file"])[parameter["gradient"]]


class Difference:
    """The largest of many differences, each relative to the largest number of the captured array."""

    def __init__(self):
        self.largest = 0.0
        self.of = None
        self.count = 0

    def add(self, name, computed, captured):
        captured = torch.as_tensor(captured, dtype=torch.float64)
        computed = torch.as_tensor(computed, dtype=torch.float64)
        assert computed.shape == captured.shape, (name, computed.shape, captured.shape)
        self.count += 1
        if captured.numel() == 0:
            return
        scale = max(float(captured.abs().max()), float(computed.abs().max()))
        difference = float((computed - captured).abs().max()) / scale if scale > 0 else 0.0
        if not difference <= self.largest:
            self.largest, self.of = difference, name


def replay(update):
    """By module name: (differences of outputs, differences of gradients). Weights that modules share are summed."""
    weights = [
        torch.tensor(update.value(parameter), dtype=torch.float64, requires_grad=True)
        for parameter in update.parameters
    ]
    checks = {}
    for module in update.modules:
        if module["problem"] is not None:
            continue
        outputs, gradients = Difference(), Difference()
        checks[module["name"]] = outputs, gradients
        for sequence in module["sequences"]:
            run_sequence(module, sequence, update.arrays(sequence["file"]), weights, outputs, gradients)
    for module in update.modules:
        if module["problem"] is not None:
            continue
        for layer in module["layers"]:
            for direction in layer:
                for number in direction.values():
                    if number is None or update.parameters[number]["gradient"] is None:
                        continue
                    parameter, weight = update.parameters[number], weights[number]
                    computed = torch.zeros_like(weight) if weight.grad is None else weight.grad
                    checks[module["name"]][1].add(parameter["name"], computed, update.gradient(parameter))
    return checks


def run_sequence(module, sequence, arrays, weights, outputs, gradients):
    tensors = {
        name: torch.tensor(array, dtype=torch.float64)
        for name, array in arrays.items()
        if name not in ("lengths", "tokens")
    }
    steps, batch = sequence["steps"], sequence["batch"]
    assert tensors["inputs"].shape == (steps, batch, module["input_size"])
    directions = 2 if module["bidirectional"] else 1
    lstm = module["cell"] == "lstm"
    inputs = tensors["inputs"].requires_grad_()
    zeros = torch.zeros(module["layer_count"] * directions, batch, module["hidden_size"], dtype=torch.float64)
    h0 = tensors.get("h0", zeros.clone()).requires_grad_()
    c0 = tensors.get("c0", zeros.clone()).requires_grad_()
    lengths = torch.tensor(arrays["lengths"]) if sequence["packed"] else None
    assert ("lengths" in arrays) == sequence["packed"]

    if "grad_cells" in tensors:
        output, hn, cn, cells = run_cell(module, inputs, h0, c0, weights)
    else:
        output, hn, cn = run_whole(module, inputs, h0, c0, weights, lengths)
        cells = None
    for name, computed in (("output", output), ("hn", hn), ("cn", cn)):
        if name in tensors:
            outputs.add(name, computed.detach(), tensors[name])

    given = [(output, "grad_output"), (hn, "grad_hn")] + ([(cn, "grad_cn")] if lstm else []) + [(cells, "grad_cells")]
    pairs = [(tensor, tensors[name]) for tensor, name in given if name in tensors]
    if pairs:
        torch.autograd.backward([tensor for tensor, _ in pairs], [gradient for _, gradient in pairs])
    for name, tensor in (("grad_inputs", inputs), ("grad_h0", h0), ("grad_c0", c0)):
        if name in tensors:
            gradients.add(name, torch.zeros_like(tensor) if tensor.grad is None else tensor.grad, tensors[name])


def run_whole(module, inputs, h0, c0, weights, lengths):
    function = {
        "lstm": torch._VF.lstm,
        "gru": torch._VF.gru,
        "rnn_tanh": torch._VF.rnn_tanh,
        "rnn_relu": torch._VF.rnn_relu,
    }[module["cell"]]
    flat, biased = [], False
    for layer in module["layers"]:
        for direction in layer:
            biased = direction["bias_ih"] is not None
            flat += [weights[direction[kind]] for kind in KINDS if direction[kind] is not None]
    state = (h0, c0) if module["cell"] == "lstm" else h0
    rest = (flat, biased, module["layer_count"], 0.0, False, module["bidirectional"])
    if lengths is None:
        output, *states = function(inputs, state, *rest, False)
    else:
        order = torch.argsort(lengths, descending=True)
        packed = torch.nn.utils.rnn.pack_padded_sequence(inputs[:, order], lengths[order])
        state = tuple(part[:, order] for part in state) if isinstance(state, tuple) else state[:, order]
        data, *states = function(packed.data, packed.batch_sizes, state, *rest)
        output, _ = torch.nn.utils.rnn.pad_packed_sequence(
            torch.nn.utils.rnn.PackedSequence(data, packed.batch_sizes), total_length=inputs.shape[0]
        )
        back = torch.argsort(order)
        output, states = output[:, back], [part[:, back] for part in states]
    return output, states[0], states[1] if len(states) > 1 else None


def run_cell(module, inputs, h0, c0, weights):
    direction = module["layers"][0][0]
    own = [None if direction[kind] is None else weights[direction[kind]] for kind in KINDS]
    h, c, output, cells = h0[0], c0[0], [], []
    for x in inputs:
        h, c = torch._VF.lstm_cell(x, (h, c), *own)
        output.append(h)
        cells.append(c)
    return torch.stack(output), h.unsqueeze(0), c.unsqueeze(0), torch.stack(cells)


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
