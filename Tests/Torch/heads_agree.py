"""Heads, losses and input forms of `gradflow diagnose MODEL.safetensors`, against PyTorch's automatic differentiation.

    python Tests/Torch/heads_agree.py path/to/gradflow

Saves models as state dicts, runs `diagnose` on them, and compares the loss, every tensor of gradients.safetensors, and the
norms of gradients by initial states and by inputs, with what `backward()` finds. The models are seeded: some are listed,
one for each thing that the documents name, and others mix these at random. Needs PyTorch, nothing else. Of the first
disagreement of each kind the command is printed, and its files stay.
"""

import csv
import json
import math
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile

import zipfile

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from diagnose_agrees import load_safetensors, save_npy, save_safetensors

TOLERANCES = {"loss": 1e-12}
TOLERANCE = 1e-9
RANDOM_MODELS = 60

ACTIVATIONS = {
    "relu": torch.nn.ReLU,
    "tanh": torch.nn.Tanh,
    "sigmoid": torch.nn.Sigmoid,
    "gelu": torch.nn.GELU,
    "elu": torch.nn.ELU,
    "selu": torch.nn.SELU,
    "silu": torch.nn.SiLU,
    "softplus": torch.nn.Softplus,
    "leaky-relu": torch.nn.LeakyReLU,
    "identity": torch.nn.Identity,
    "dropout": torch.nn.Identity,
}
LINEAR = ("fc", "plain", "dense")
EVERY_STEP = {"cross-entropy-every-step", "mse-every-step", "binary-cross-entropy-every-step"}


class Recurrent:
    """A recurrent module with the names of its parameters in the file and in gradients.safetensors."""

    def __init__(self, kind, inputs, hidden, layers=1, bidirectional=False, bias="two", cell=False):
        base = {"lstm": "LSTM", "gru": "GRU"}.get(kind, "RNN")
        options = {"nonlinearity": kind} if base == "RNN" else {}
        self.kind, self.hidden, self.layers, self.cell, self.bias = kind, hidden, layers, cell, bias
        self.directions = 2 if bidirectional else 1
        self.width = self.directions * hidden
        if cell:
            self.module = getattr(torch.nn, base + "Cell")(inputs, hidden, bias=bias != "none", **options)
        else:
            self.module = getattr(torch.nn, base)(
                inputs, hidden, layers, bidirectional=bidirectional, bias=bias != "none", **options
            )
        with torch.no_grad():
            for name, parameter in self.module.named_parameters():
                parameter.copy_(torch.randn_like(parameter) * (0.9 / math.sqrt(hidden)))
                if bias == "one" and "bias_hh" in name:
                    parameter.zero_()

    def state_dict(self):
        """As the file has it: of one bias, the sum of both."""
        found = self.module.state_dict()
        if self.bias != "one":
            return found
        kept = {name: value for name, value in found.items() if "bias" not in name}
        return kept | {"bias": found["bias_ih" if self.cell else "bias_ih_l0"]}

    def run(self, x, lengths, h0, c0):
        """x [T, B, I] to outputs [T, B, D·H], h_n and c_n; behind the ends anything."""
        states = None if h0 is None else (h0, c0) if self.kind == "lstm" else h0
        if self.cell:
            outputs, state = [], (h0[0], c0[0]) if self.kind == "lstm" else h0[0]
            for row in x:
                state = self.module(row, state)
                outputs.append(state[0] if self.kind == "lstm" else state)
            final = state if self.kind == "lstm" else (state, None)
            return torch.stack(outputs), final[0][None], None if final[1] is None else final[1][None]
        given = x if lengths is None else pack_padded_sequence(x, lengths, enforce_sorted=False)
        outputs, final = self.module(given, states)
        if lengths is not None:
            outputs, _ = pad_packed_sequence(outputs)
        return (outputs, *final) if self.kind == "lstm" else (outputs, final, None)

    def gradients(self):
        suffix = "_l0" if self.cell else ""
        return {
            name + suffix: parameter.grad
            for name, parameter in self.module.named_parameters()
            if not (self.bias == "one" and "bias_hh" in name)
        }


class Head:
    """Layers by their names in --head; those with parameters are in the file."""

    def __init__(self, names, width, outputs):
        self.names, self.layers = names, []
        for name in names:
            stem = name.rstrip("0123456789")
            if stem in LINEAR:
                last = not any(n.rstrip("0123456789") in LINEAR for n in names[len(self.layers) + 1 :])
                size = outputs if last else width + 3
                layer = torch.nn.Linear(width, size, bias=stem != "plain")
                width = size
            elif stem == "norm":
                layer = torch.nn.LayerNorm(width)
            elif stem == "bn":
                layer = torch.nn.BatchNorm1d(width).eval()
                layer.running_mean.copy_(torch.randn(width) * 0.3)
                layer.running_var.copy_(torch.rand(width) + 0.2)
            else:
                layer = ACTIVATIONS[name]()
            if stem in ("norm", "bn"):
                with torch.no_grad():
                    layer.weight.copy_(torch.randn(width))
                    layer.bias.copy_(torch.randn(width))
            self.layers.append(layer)
        self.width = width

    def __call__(self, rows):
        """Row by row, whatever the shape before the last axis."""
        flat = rows.reshape(-1, rows.shape[-1])
        for layer in self.layers:
            flat = layer(flat)
        return flat.reshape(*rows.shape[:-1], flat.shape[-1])

    def state_dict(self, prefix=""):
        return {
            f"{prefix}{name}.{key}": value
            for name, layer in zip(self.names, self.layers)
            for key, value in layer.state_dict().items()
        }

    def gradients(self):
        return {
            f"{name}.{key}": parameter.grad
            for name, layer in zip(self.names, self.layers)
            for key, parameter in layer.named_parameters()
        }


class Case:
    """One model with its data and the command that diagnoses it."""

    def __init__(self, label, seed, **options):
        self.label, self.seed = label, seed
        self.kind, self.layers, self.bidirectional = "lstm", 1, False
        self.bias, self.cell, self.prefix = "two", False, "rnn."
        self.T, self.B, self.I, self.H, self.O = 9, 4, 3, 5, 6
        self.batch_first, self.says_axes, self.unbatched = False, False, False
        # Lengths of the sequences; V of token ids; h_0: file, shared or parameter.
        self.lengths, self.tokens, self.h0 = None, None, None
        # Names of --head; nothing: the only linear layer, found.
        self.head, self.loss, self.reads, self.says_loss = None, "cross-entropy-final", None, False
        # Of a cross entropy the class that takes no part, and whether classes have weights.
        self.ignored, self.weights = None, False
        # Of O = 1, whether targets have no axis for it; of binary labels, whether they are integers.
        self.squeezed, self.whole = False, False
        # Gradients in place of a loss: output, hn, cn.
        self.upstream = ()
        # Further modules: (kind, H, names between).
        self.stack = ()
        for name, value in options.items():
            assert hasattr(self, name), name
            setattr(self, name, value)

    # MARK: PyTorch

    def run(self, gradflow, folder):
        torch.manual_seed(self.seed)
        os.makedirs(folder)
        path = lambda name: os.path.join(folder, name)
        T, B, lengths = self.T, self.B, self.lengths
        modules = [Recurrent(self.kind, self.I, self.H, self.layers, self.bidirectional, self.bias, self.cell)]
        links = []
        for kind, hidden, between in self.stack:
            links.append(Head(between, modules[-1].width, modules[-1].width))
            modules.append(Recurrent(kind, links[-1].width, hidden, bidirectional=self.bidirectional))
        last = modules[-1]
        names = [f"{n.kind}{k}" for k, n in enumerate(modules)] if self.stack else [self.prefix.rstrip(".")]
        tensors = {}
        for name, module in zip(names, modules):
            tensors |= {(name + "." if name else "") + key: value for key, value in module.state_dict().items()}
        for k, link in enumerate(links):
            link.file_names = [f"{n}{k}_between" if n in ("norm", "bn", "fc") else n for n in link.names]
            for file_name, layer in zip(link.file_names, link.layers):
                tensors |= {f"{file_name}.{key}": value for key, value in layer.state_dict().items()}

        command = [gradflow, "diagnose", path("model.safetensors"), "--inputs", path("x.npy")]

        def save(option, tensor):
            name = option.strip("-") + ".npy"
            save_npy(path(name), tensor)
            command.extend([option, path(name)])

        def axes(tensor):
            """As the file has what is [T, B, …] here."""
            if self.unbatched:
                return tensor[:, 0]
            return tensor.transpose(0, 1) if self.batch_first else tensor

        # What is read; behind the ends of sequences there is anything.
        embedding = None
        if self.tokens:
            embedding = torch.nn.Embedding(self.tokens, self.I)
            tensors["emb.weight"] = embedding.weight
            ids = torch.randint(self.tokens, (T, B))
            x = embedding(ids)
            save_npy(path("x.npy"), axes(ids))
        else:
            x = torch.randn(T, B, self.I).requires_grad_()
            kept = x.detach().clone()
            if lengths:
                for b, length in enumerate(lengths):
                    kept[length:, b] = float("nan")
            save_npy(path("x.npy"), axes(kept))
        x.retain_grad()
        if lengths:
            save("--lengths", torch.tensor(lengths))

        count = modules[0].layers * modules[0].directions
        states = []
        for k, module in enumerate(modules):
            shape = (module.layers * module.directions, B, module.hidden)
            pair = [torch.zeros(shape), torch.zeros(shape)]
            if k == 0 and self.h0:
                pair = [torch.randn(count, 1 if self.h0 != "file" else B, self.H) * 0.5 for _ in range(2)]
                for letter, state in zip("hc" if self.kind == "lstm" else "h", pair):
                    if self.h0 == "parameter":
                        tensors[letter + "0"] = state
                    else:
                        save(f"--{letter}0", state)
                pair = [state.expand(count, B, self.H).clone() for state in pair]
            states.append([state.requires_grad_() for state in pair])

        given, linked = x, []
        for k, module in enumerate(modules):
            outputs, h_n, c_n = module.run(given, lengths, *states[k])
            if k < len(links):
                given = links[k](outputs)
                linked.append(given)
        steps = outputs.shape[0]
        inside = torch.ones(steps, B, dtype=torch.bool)
        for b, length in enumerate(lengths or []):
            inside[length:, b] = False

        head = None
        if self.upstream:
            value = 0.0
            if "output" in self.upstream:
                g = torch.randn(T, B, last.width)
                save("--upstream", axes(g))
                value = value + (g[:steps] * outputs * inside[..., None]).sum()
            for name, state in (("hn", h_n), ("cn", c_n)):
                if name in self.upstream:
                    g = torch.randn(state.shape)
                    save(f"--upstream-{name}", g)
                    value = value + (g * state).sum()
        else:
            # No names: the loss reads the outputs themselves.
            if self.head is not None or self.loss not in ("final-sum", "final-dot"):
                head = Head(self.head if self.head is not None else ["fc"], last.width, self.O)
                tensors |= head.state_dict()
            value = self.torch_loss(outputs, h_n, inside, head, last, axes, save)
        value.backward()

        # The command.
        save_safetensors(path("model.safetensors"), tensors, {"written_by": "heads_agree"})
        if self.head and not self.upstream:
            command += ["--head", ",".join(self.head)]
        if self.says_loss and not self.upstream:
            command += ["--loss", self.loss]
        # Of two directions it must be said.
        asked = self.bidirectional and not self.upstream and self.loss not in EVERY_STEP | {"final-sum"}
        if self.reads or asked:
            command += ["--reads", self.reads or "final-states"]
        if self.ignored is not None:
            command += ["--ignore-index", str(self.ignored)]
        if self.stack:
            parts = [names[0]]
            for name, link in zip(names[1:], links):
                parts += link.file_names + [name]
            command += ["--stack", ",".join(parts)]
        if self.kind == "relu":
            command += ["--nonlinearity", "relu"]
        if self.says_axes:
            command.append("--batch-first" if self.batch_first else "--time-first")
        command += ["-o", path("out"), "--no-figures", "--quiet", "--preset", "light"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return command, [("runs", f"exit {done.returncode}: {done.stderr.strip()}", math.inf)]

        # Comparison.
        found = []
        for k, (name, module) in enumerate(zip(names, modules)):
            place = path(os.path.join("out", name)) if self.stack else path("out")
            with open(os.path.join(place, "summary.json")) as file:
                summary = json.load(file)
            if k == len(modules) - 1 and not self.upstream:
                found.append(("loss", "loss", relative(summary["loss"], value.item())))
            expected = {("recurrent weights", key): g for key, g in module.gradients().items()}
            if k == 0 and embedding is not None:
                expected["embedding", "embedding.weight"] = embedding.weight.grad
            if k == len(modules) - 1 and head is not None:
                expected |= {("head", key): g for key, g in head.gradients().items()}
            norm = math.sqrt(sum(g.norm().item() ** 2 for g in expected.values() if g is not None))
            found.append(("global norm", "norm of all", relative(10.0 ** summary["log10_global_grad_norm"], norm)))
            found += self.compare_gradients(expected, load_safetensors(os.path.join(place, "gradients.safetensors")), head)
            x_gradient = x.grad if k == 0 else None
            found += self.compare_norms(place, module, states[k], x_gradient)
        return command, found

    def torch_loss(self, outputs, h_n, inside, head, last, axes, save):
        B, T, O = self.B, self.T, self.O
        steps = outputs.shape[0]
        counts = inside.sum(0)
        every = self.loss in EVERY_STEP
        if every:
            read = outputs
        elif self.reads == "last-output":
            read = outputs[counts - 1, torch.arange(B)]
        elif self.reads == "mean":
            read = (outputs * inside[..., None]).sum(0) / counts[:, None]
        elif self.reads == "max":
            read = outputs.masked_fill(~inside[..., None], -math.inf).max(0).values
        else:
            read = torch.cat(list(h_n[-last.directions :]), 1)
        y = head(read) if head is not None else read
        width = y.shape[-1]
        if self.loss == "final-sum":
            return y.sum()
        if self.loss == "final-dot":
            v = torch.randn(width)
            save("--targets", v)
            return (y @ v).sum()
        shape = (T, B) if every else (B,)
        if self.loss.startswith("cross"):
            labels = torch.randint(O, shape)
            ignored = -100 if self.ignored is None else self.ignored
            if every or self.ignored is not None:
                labels[torch.rand(shape) < 0.2] = ignored
                labels.view(-1)[0] = 1
            save("--targets", axes(labels) if every else labels.reshape(()) if self.unbatched else labels)
            weights = None
            if self.weights:
                weights = torch.rand(O) + 0.1
                save("--class-weights", weights)
            if every:
                y, labels = y[inside], labels[:steps][inside]
            return torch.nn.functional.cross_entropy(y, labels, weight=weights, ignore_index=ignored)
        binary = self.loss.startswith("binary")
        targets = torch.rand(*shape, width) if binary else torch.randn(*shape, width)
        if binary and self.whole:
            targets = (targets > 0.5).to(torch.int64)
        kept = targets[..., 0] if self.squeezed else targets
        save("--targets", axes(kept) if every else kept[0] if self.unbatched else kept)
        targets = targets.to(torch.float64)
        if every:
            y, targets = y[inside], targets[:steps][inside]
        if binary:
            return torch.nn.functional.binary_cross_entropy_with_logits(y, targets)
        return torch.nn.functional.mse_loss(y, targets)

    # MARK: comparison

    def compare_gradients(self, expected, found, head):
        results, used = [], set()
        for (kind, name), gradient in expected.items():
            key = name
            if kind == "head" and name not in found and len(head.names) == 1:
                key = "readout." + name.split(".")[-1]
            if key not in found:
                results.append((kind, f"{name} is not in gradients.safetensors", math.inf))
                continue
            used.add(key)
            if gradient is None:
                gradient = torch.zeros_like(found[key])
            if found[key].shape != gradient.shape:
                results.append((kind, f"{name} has shape {list(found[key].shape)}", math.inf))
                continue
            difference, norm = (found[key] - gradient).norm().item(), gradient.norm().item()
            results.append((kind, name, difference / norm if norm > 0 else (0.0 if difference == 0 else math.inf)))
        for key in set(found) - used:
            results.append(("names", f"{key}: no such parameter", math.inf))
        return results

    def compare_norms(self, place, module, states, x_gradient):
        with open(os.path.join(place, "timesteps.csv")) as file:
            rows = {(int(r["layer"]), r["direction"], int(r["lag"])): r for r in csv.DictReader(file)}
        results = []
        lengths = self.lengths or [self.T] * self.B
        steps = max(lengths)
        longest = [b for b, length in enumerate(lengths) if length == steps]
        for k in range(module.layers * module.directions):
            layer, direction = divmod(k, module.directions)
            row = rows[layer, "reverse" if direction else "forward", steps]
            for column, state in zip(("log10_grad_h", "log10_grad_c"), states):
                if column == "log10_grad_c" and module.kind != "lstm":
                    continue
                expected = state.grad[k, longest].norm().item() if state.grad is not None else 0.0
                results.append((column + " at t = 0", f"{column} of {layer}", relative(10.0 ** float(row[column]), expected)))
        if x_gradient is not None and module.directions == 1:
            for lag in range(steps):
                own = [x_gradient[length - 1 - lag, b] for b, length in enumerate(lengths) if length > lag]
                expected = torch.stack(own).norm().item()
                found = 10.0 ** float(rows[0, "forward", lag]["log10_grad_x"])
                results.append(("log10_grad_x", f"log10_grad_x at lag {lag}", relative(found, expected)))
        return results


class KerasCase(Case):
    """Layers of Keras, in its shapes and order of gates: (kind, H, both directions, goes backwards, biases) each."""

    def __init__(self, label, seed, layers, merge=None, within=False, **options):
        super().__init__(label, seed, batch_first=True, **options)
        # Whether the layers before the last one merge their directions too.
        self.keras, self.merge, self.within = layers, merge, within

    def run(self, gradflow, folder):
        torch.manual_seed(self.seed)
        os.makedirs(folder)
        path = lambda name: os.path.join(folder, name)
        x = torch.randn(self.T, self.B, self.I)
        arrays, modules, outputs, names, width = {}, [], x, [], self.I
        merges = {None: lambda a: torch.cat(a, 1), "sum": lambda a: a[0] + a[1], "mul": lambda a: a[0] * a[1],
                  "ave": lambda a: (a[0] + a[1]) / 2}
        for k, (kind, hidden, both, backwards, biases) in enumerate(self.keras):
            module = Recurrent(kind, width, hidden, bidirectional=both, bias="two" if biases else "none")
            modules.append(module)
            own = {"tanh": "simple_rnn"}.get(kind, kind)
            # Keras numbers the layers of one name from the second on.
            names.append(("bidirectional" if both else "layer") + (f"_{k}" if k else ""))
            for direction, suffix in enumerate(["", "_reverse"][: module.directions]):
                cell = names[-1] + (f"/{['forward', 'backward'][direction]}_{own}/cell/" if both else "/cell/")
                parts = {name[: -len("_l0" + suffix)]: value for name, value in module.module.state_dict().items()
                         if name.endswith("_l0" + suffix)}
                arrays |= {cell + name: value for name, value in keras_weights(kind, parts).items()}
            if kind != "gru":
                # One bias, of which the other side has none.
                for name, parameter in module.module.named_parameters():
                    if "bias_hh" in name:
                        parameter.data.zero_()
                module.bias = "one" if biases else "none"
            outputs, h_n, _ = module.run(outputs.flip(0) if backwards else outputs, None, None, None)
            width = module.width
            if self.within and both:
                outputs, width = merges[self.merge](outputs.chunk(2, 2)), hidden
        final = [h_n[-1]] if modules[-1].directions == 1 else [h_n[-2], h_n[-1]]
        read = merges[self.merge](final)
        head = Head(["dense"], read.shape[1], self.O)
        arrays |= {"dense/kernel": head.layers[0].weight.T, "dense/bias": head.layers[0].bias}
        labels = torch.randint(self.O, (self.B,))
        value = torch.nn.functional.cross_entropy(head(read), labels)
        value.backward()

        save_npz(path("model.npz"), arrays)
        save_npy(path("x.npy"), x.transpose(0, 1))
        save_npy(path("y.npy"), labels)
        command = [gradflow, "diagnose", path("model.npz"), "--inputs", path("x.npy"), "--targets", path("y.npy")]
        command += ["--head", "dense"] + (["--merge", self.merge] if self.merge else [])
        command += ["--reads", "final-states"] if modules[-1].directions == 2 else []
        turned = [name for name, layer in zip(names, self.keras) if layer[3]]
        command += ["--go-backwards", ",".join(turned)] if turned else []
        command += ["-o", path("out"), "--no-figures", "--quiet", "--preset", "light"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return command, [("runs", f"exit {done.returncode}: {done.stderr.strip()}", math.inf)]
        places = [path("out")]
        with open(path("out/summary.json")) as file:
            summary = json.load(file)
        if "modules" in summary:
            places = sorted(os.path.dirname(os.path.join(at, f)) for at, _, files in os.walk(path("out"))
                            for f in files if f == "timesteps.csv")
            places.sort(key=lambda place: (len(place), place))
        found = []
        if len(places) == 1:
            expected = {}
            for k, module in enumerate(modules):
                expected |= {("recurrent weights", name.replace("_l0", f"_l{k}")): g for name, g in module.gradients().items()}
            groups = [expected]
        else:
            groups = [{("recurrent weights", name): g for name, g in module.gradients().items()} for module in modules]
        groups[-1] |= {("head", name): g for name, g in head.gradients().items()}
        for k, (place, expected) in enumerate(zip(places, groups, strict=True)):
            with open(os.path.join(place, "summary.json")) as file:
                summary = json.load(file)
            if k == len(places) - 1:
                found.append(("loss", "loss", relative(summary["loss"], value.item())))
            found += self.compare_gradients(expected, load_safetensors(os.path.join(place, "gradients.safetensors")), head)
            norm = math.sqrt(sum(g.norm().item() ** 2 for g in expected.values()))
            found.append(("global norm", "norm of all", relative(10.0 ** summary["log10_global_grad_norm"], norm)))
        return command, [("Keras: " + check, what, error) for check, what, error in found]


def keras_weights(kind, parts):
    """Of PyTorch's weights: kernels transposed, and the gates of a GRU in the order z, r, h."""

    def ordered(tensor):
        if kind != "gru":
            return tensor
        r, z, n = tensor.chunk(3)
        return torch.cat([z, r, n])

    found = {"kernel": ordered(parts["weight_ih"]).T, "recurrent_kernel": ordered(parts["weight_hh"]).T}
    if "bias_ih" in parts:
        both = [ordered(parts["bias_ih"]), ordered(parts["bias_hh"])]
        found["bias"] = torch.stack(both) if kind == "gru" else both[0]
    return found


def save_npz(path, arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            save_npy(path + ".npy", array)
            archive.write(path + ".npy", name + ".npy")
    os.remove(path + ".npy")


def relative(found, expected):
    if found == expected:
        return 0.0
    error = abs(found - expected) / max(abs(found), abs(expected))
    return error if error == error else math.inf


def listed():
    """One or more of everything that the documents name."""
    every = "cross-entropy-every-step"
    cases = []

    def add(label, **options):
        cases.append(Case(label, 1000 + len(cases), **options))

    for kind in ("tanh", "relu", "gru", "lstm"):
        for layers in (1, 2, 3):
            both = layers != 1
            add(f"{kind}, {layers} layers", kind=kind, layers=layers, bidirectional=both, says_axes=True, loss=every)
        add(f"{kind}, lengths", kind=kind, layers=2, lengths=[3, 9, 5, 9])
        add(f"{kind}, lengths of a longer array", kind=kind, bidirectional=True, lengths=[3, 7, 1, 5], batch_first=True)
        add(f"{kind}, tokens", kind=kind, tokens=7, lengths=[2, 8, 9, 5], batch_first=True)
        add(f"{kind}, h0", kind=kind, layers=2, bidirectional=True, h0="file")
        add(f"{kind}, h0 for all, lengths", kind=kind, layers=2, h0="shared", lengths=[4, 2, 9, 6])
        add(f"{kind}, h0 of different sequences, lengths", kind=kind, layers=2, h0="file", lengths=[4, 2, 9, 6])
        add(f"{kind}, h0 of the model", kind=kind, layers=2, bidirectional=True, h0="parameter")
        add(f"{kind}, cell", kind=kind, cell=True, prefix="", h0="parameter")
        add(f"{kind}, no bias", kind=kind, layers=2, bias="none")
        if kind != "gru":
            add(f"{kind}, cell of one bias", kind=kind, cell=True, bias="one")
            add(f"{kind}, one bias", kind=kind, bias="one", bidirectional=False)
        for reads in ("last-output", "mean", "max"):
            for both in (False, True):
                add(f"{kind}, {reads}", kind=kind, bidirectional=both, reads=reads, layers=2)
                add(f"{kind}, {reads}, lengths", kind=kind, bidirectional=both, reads=reads, lengths=[4, 2, 9, 6])
                add(f"{kind}, {reads}, lengths, head", kind=kind, bidirectional=both, reads=reads,
                    lengths=[6, 2, 6, 1], head=["norm", "fc"])
        for upstream in (("output",), ("hn",), ("output", "hn")) + ((("cn",), ("output", "hn", "cn")) if kind == "lstm" else ()):
            name = "+".join(upstream)
            add(f"{kind}, upstream {name}", kind=kind, upstream=upstream, layers=2, bidirectional=True, says_axes=True)
            add(f"{kind}, upstream {name}, lengths", kind=kind, upstream=upstream, layers=2, bidirectional=True,
                batch_first=True, lengths=[3, 9, 5, 9])
    for name in ACTIVATIONS:
        add(f"fc1,{name},fc2", head=["fc1", name, "fc2"], kind="gru", bidirectional=True)
        add(f"fc1,{name},fc2, every step", head=["fc1", name, "fc2"], kind="tanh", loss=every, lengths=[6, 2, 9, 1])
    for head in (["norm", "fc"], ["bn", "fc"], ["fc1", "bn2", "relu", "fc3"], ["plain"], ["plain1", "gelu", "norm2", "fc3"],
                 ["norm1", "tanh", "fc2"], ["fc"], ["fc1", "fc2", "sigmoid"]):
        for loss in ("cross-entropy-final", every, "final-mse", "mse-every-step", "binary-cross-entropy-final",
                     "binary-cross-entropy-every-step", "final-sum", "final-dot"):
            add(f"{','.join(head)}, {loss}", head=head, loss=loss, kind="gru", layers=2, says_loss=True, says_axes=True)
    for lengths in (None, [6, 2, 9, 1]):
        tail = ", lengths" if lengths else ""
        common = {"lengths": lengths, "says_axes": True, "batch_first": True, "kind": "gru"}
        for ignored in (None, -1, 2):
            for weights in (False, True):
                add(f"{every}, ignored {ignored}{tail}", loss=every, ignored=ignored, weights=weights, **common)
                add(f"cross-entropy-final, ignored {ignored}{tail}", ignored=ignored, weights=weights, **common)
        for loss in ("final-mse", "mse-every-step", "binary-cross-entropy-final", "binary-cross-entropy-every-step"):
            binary = loss.startswith("binary")
            for outputs, squeezed in ((1, True), (1, False), (4, False)):
                add(f"{loss}, {outputs}{tail}", loss=loss, O=outputs, squeezed=squeezed, says_loss=binary, **common)
                if binary:
                    add(f"{loss}, {outputs}, whole{tail}", loss=loss, O=outputs, squeezed=squeezed, whole=True,
                        says_loss=outputs > 1, **common)
        for loss in ("final-sum", "final-dot"):
            for reads in (None, "last-output", "mean", "max"):
                add(f"{loss}, {reads}{tail}", loss=loss, reads=reads, bidirectional=True, says_loss=loss == "final-dot",
                    lengths=lengths, says_axes=True)
    for between in ([], ["norm"], ["tanh"], ["fc"], ["norm", "gelu"], ["bn", "relu"]):
        tail = ",".join(between)
        for lengths in (None, [6, 2, 9, 1]):
            add(f"stack {tail}", stack=(("gru", 6, between),), lengths=lengths, loss=every, says_axes=True)
            add(f"stack of three {tail}", kind="gru", head=["fc"], stack=(("lstm", 4, between), ("tanh", 5, between)), lengths=lengths,
                says_axes=True, bidirectional=True, tokens=6, h0="parameter" if lengths else "file")
            add(f"stack {tail}, upstream", stack=(("lstm", 4, between),), lengths=lengths, says_axes=True,
                upstream=("output", "hn", "cn"))
    for B, options in ((1, {"says_axes": True}), (1, {"unbatched": True})):
        for loss in ("cross-entropy-final", every, "final-mse", "mse-every-step"):
            add(f"one sequence, {loss}", B=B, loss=loss, says_loss=True, **options)
            add(f"one sequence of tokens, {loss}", B=B, tokens=5, loss=loss, says_loss=True, **options)
        add("one sequence, upstream", B=B, upstream=("output", "hn"), **options)
    for loss in ("final-mse", "mse-every-step"):
        for lengths in (None, [6, 2, 9, 1]):
            add(f"{loss} of the outputs", head=[], loss=loss, lengths=lengths, says_axes=True, bidirectional=True)
            if loss not in EVERY_STEP:
                add(f"{loss} of the mean output", head=[], loss=loss, lengths=lengths, says_axes=True, reads="mean")
    add("T = 1", T=1, says_axes=True)
    add("T = 1, every step", T=1, loss=every, says_axes=True, bidirectional=True, layers=2)
    add("all extents alike", T=4, B=4, I=4, H=4, O=4, says_axes=True, loss=every)
    add("all extents alike, batch first", T=4, B=4, I=4, H=4, O=4, says_axes=True, batch_first=True, loss=every)
    add("all extents alike, tokens", T=4, B=4, I=4, H=4, O=4, tokens=4, says_axes=True, batch_first=True)
    add("all extents alike, squares", T=4, B=4, I=4, H=4, O=4, says_axes=True, batch_first=True, loss="mse-every-step")
    add("all extents alike, lengths", T=4, B=4, I=4, H=4, O=4, says_axes=True, batch_first=True, lengths=[2, 4, 1, 3], h0="file")
    for kind in ("tanh", "gru", "lstm"):
        for biases in (True, False):
            one = (kind, 5, False, False, biases)
            cases.append(KerasCase(f"Keras {kind}", 3000, [one]))
            cases.append(KerasCase(f"Keras {kind}, two layers", 3001, [one, one]))
            cases.append(KerasCase(f"Keras {kind}, backwards", 3002, [(kind, 5, False, True, biases)]))
            for turned in ((True, False), (False, True), (True, True)):
                layers = [(kind, 5, False, backwards, biases) for backwards in turned]
                cases.append(KerasCase(f"Keras {kind}, {turned} backwards", 3003, layers))
            for merge in (None, "sum", "mul", "ave"):
                both = (kind, 5, True, False, biases)
                cases.append(KerasCase(f"Keras {kind}, both, {merge}", 3004, [both], merge=merge))
                cases.append(KerasCase(f"Keras {kind}, two of both, {merge}", 3005, [both, both], merge=merge))
                if merge:
                    cases.append(KerasCase(f"Keras {kind}, two merged, {merge}", 3008, [both, both], merge=merge, within=True))
                cases.append(KerasCase(f"Keras {kind}, widths, {merge}", 3006, [(kind, 4, True, False, biases), both], merge=merge))
                cases.append(KerasCase(f"Keras {kind}, kinds, {merge}", 3007, [("gru", 5, True, False, True), both], merge=merge))
    return cases


def refused():
    """What fits another model as well, with a word of the message that must stop it: (what, tensors, arrays, arguments, word)."""
    T, B, I, H, O = 7, 5, 3, 4, 5
    torch.manual_seed(1)
    named = lambda name, module: {f"{name}.{key}": value for key, value in module.state_dict().items()}
    lstm = lambda name, inputs=I, hidden=H: named(name, torch.nn.LSTM(inputs, hidden))
    linear = lambda name, inputs=H, outputs=O: named(name, torch.nn.Linear(inputs, outputs))
    x, labels, first = torch.randn(T, B, I), torch.randint(O, (B,)), "--time-first"
    rnn = lstm("rnn")
    binary = torch.tensor([0.0, 1, 1, 0, 1])
    return [
        ("labels of steps where B = O", rnn | linear("fc"), {"targets": torch.randint(O, (T, B))}, "", "--time-first"),
        ("labels of one sequence's steps", rnn | linear("fc"), {"inputs": x[:, :1], "targets": torch.randint(O, (T, 1))}, "", "--time-first"),
        ("labels of one sequence's steps, flat", rnn | linear("fc"), {"inputs": x[:, :1], "targets": torch.randint(O, (T,))}, "", "--time-first"),
        ("B = T", rnn | linear("fc"), {"inputs": x[:B], "targets": labels}, "", "--time-first"),
        ("zeros and ones of one output", rnn | linear("fc", H, 1), {"targets": binary[:, None]}, "", "binary-cross-entropy-final"),
        ("one-hot rows", rnn | linear("fc"), {"targets": torch.nn.functional.one_hot(labels, O).to(x.dtype)}, "", "argmax"),
        ("probabilities", rnn | linear("fc"), {"targets": torch.softmax(torch.randn(B, O), 1)}, "", "probabilities"),
        ("labels stored as numbers", rnn | linear("fc"), {"targets": labels.to(x.dtype)}, "", "cross-entropy-final"),
        ("labels [B, 1]", rnn | linear("fc"), {"targets": labels[:, None]}, "", "no loss"),
        ("labels of steps as numbers, O = T", rnn | linear("fc", H, T), {"inputs": x[:, 0], "targets": torch.arange(7.0)}, "", "whole numbers"),
        ("two layers as wide as the targets", rnn | linear("fc1", H, H) | linear("fc2", H, H), {"targets": torch.randn(B, H)}, first, "--head"),
        ("a readout that may be another module's", rnn | lstm("other", 2) | linear("fc"), {"targets": labels}, "--prefix rnn", "--head fc"),
        ("a readout behind another module", rnn | lstm("other", H) | linear("fc"), {"targets": labels}, "--prefix rnn", "--stack rnn,other"),
        ("a normalisation", rnn | named("norm", torch.nn.LayerNorm(H)) | linear("fc"), {"targets": labels}, "", "--head norm,fc"),
        ("a readout that a sum does not read", rnn | linear("fc"), {}, first + " --loss final-sum --readout fc", "--readout"),
        ("a link of another width", lstm("a") | linear("fc", H, 3) | lstm("b", H), {}, first + " --stack a,fc,b", "gives 3"),
        ("a layer with the name of a function", rnn | linear("tanh", H, H) | linear("fc"), {"targets": labels}, "--head tanh,fc", "'tanh'"),
        ("a module twice", lstm("a", H), {"inputs": torch.randn(T, B, H)}, first + " --stack a,a", "second time"),
        ("a layer twice", rnn | linear("f", H, H) | linear("fc"), {"targets": labels}, "--head f,relu,f,fc", "twice"),
        ("a merge of one direction", rnn | linear("fc", 2, O), {"targets": labels}, "--head sum,fc", "two directions"),
        ("two nonlinearities", named("rnn", torch.nn.RNN(I, H)), {}, first + " --activation tanh --nonlinearity relu", "relu"),
        ("one bias of two directions",
         {k: v for k, v in named("rnn", torch.nn.LSTM(I, H, bidirectional=True)).items() if "bias" not in k} | {"rnn.bias": torch.randn(4 * H)},
         {}, first, "rnn.bias"),
        ("a projection", named("rnn", torch.nn.LSTM(I, H, proj_size=2)), {}, first, "proj_size"),
        ("--reads beside gradients", rnn, {"upstream": torch.randn(T, B, H)}, first + " --reads mean", "--reads"),
        ("--class-weights beside gradients", rnn, {"upstream": torch.randn(T, B, H), "class-weights": torch.rand(H)}, first, "--class-weights"),
        ("--ignore-index beside squares", rnn | linear("fc"), {"targets": torch.randn(B, O)}, "--ignore-index 1", "--ignore-index"),
        ("--reads beside every step", rnn | linear("fc"), {"targets": torch.randint(O, (T, B))}, first + " --reads max", "--reads"),
        ("--merge of one direction", rnn | linear("fc"), {"targets": labels}, "--merge sum", "--merge"),
        ("several embeddings", named("a_emb", torch.nn.Embedding(6, I)) | named("b_emb", torch.nn.Embedding(6, I)) | rnn,
         {"inputs": torch.randint(6, (T, B))}, first, "--embedding"),
        ("states of several modules", rnn | {"h0": torch.randn(1, 1, H), "first.h0": torch.randn(1, 1, H)}, {}, first, "--h0"),
        ("NaN behind the ends", rnn, {"inputs": torch.cat([x, torch.full((2, B, I), math.nan)])}, first, "--lengths"),
    ]


def said():
    """What is computed with a word that must be said: the same form as refused()."""
    T, B, I, H = 7, 5, 3, 4
    torch.manual_seed(2)
    named = lambda name, module: {f"{name}.{key}": value for key, value in module.state_dict().items()}
    x, first = torch.randn(T, B, I), "--time-first"
    rnn, emb, wide = (named("rnn", torch.nn.LSTM(I, H)), torch.nn.Embedding(6, H), named("rnn", torch.nn.LSTM(H, H)))
    ids = torch.randint(6, (T, B))
    return [
        ("a readout that no loss reads", rnn | named("fc", torch.nn.Linear(H, 5)), {}, first, "not used: fc.weight"),
        ("another module's state", named("a", torch.nn.LSTM(I, H)) | named("b", torch.nn.LSTM(H, H)) | {"b.h0": torch.randn(1, 1, H)},
         {}, first + " --stack a,b", "not used: b.h0"),
        ("the state of a decoder", named("enc.rnn", torch.nn.LSTM(I, H)) | named("dec.rnn", torch.nn.LSTM(2, H)) | {"dec.h0": torch.randn(1, 1, H)},
         {}, first + " --prefix enc.rnn", "not used: dec.h0"),
        ("a state of as many sequences", rnn | {"h0": torch.randn(1, B, H)}, {}, first, "not used: h0"),
        ("an encoding of places", {"emb.weight": emb.weight, "pe": torch.randn(T, 1, H)} | wide, {"inputs": ids}, first, "not used: pe"),
        ("tied weights", {"emb.weight": emb.weight, "out.weight": emb.weight, "out.bias": torch.zeros(6)} | wide,
         {"inputs": ids, "targets": ids}, first, "sum of both"),
        ("inputs that are whole numbers", named("emb", torch.nn.Embedding(9, I)) | rnn, {"inputs": torch.randint(9, (T, B, I))}, first, "not as token ids"),
        ("zeros at ends", rnn, {"inputs": torch.cat([x[:4], x[4:] * torch.tensor([1.0, 0, 1, 1, 1])[:, None]])}, first, "--lengths"),
    ]


def check_words(gradflow, root):
    """The number of those that were not refused, or went without a word."""
    wrong = 0
    for stops, cases in ((True, refused()), (False, said())):
        for k, (what, tensors, arrays, arguments, word) in enumerate(cases):
            folder = os.path.join(root, f"{'refused' if stops else 'said'}{k}")
            os.makedirs(folder)
            path = lambda name: os.path.join(folder, name)
            save_safetensors(path("model.safetensors"), tensors)
            command = [gradflow, "diagnose", path("model.safetensors")] + arguments.split()
            for name, array in ({"inputs": torch.randn(7, 5, 3)} | arrays).items():
                save_npy(path(name + ".npy"), array)
                command += ["--" + name, path(name + ".npy")]
            command += ["-o", path("out"), "--no-figures", "--preset", "light"]
            done = subprocess.run(command, capture_output=True, text=True)
            if (done.returncode in (64, 65)) == stops and (stops or done.returncode == 0) and word in done.stderr + done.stdout:
                shutil.rmtree(folder)
                continue
            wrong += 1
            print(f"{what}: exit {done.returncode} without '{word}'\n  {shlex.join(command)}")
            print("".join(f"    {line}\n" for line in (done.stderr + done.stdout).splitlines()[:6]), end="")
    return wrong, len(refused()) + len(said())


def drawn(seed):
    """A mixture."""
    draw = random.Random(seed)
    pick = draw.choice
    options = {
        "kind": pick(["tanh", "relu", "gru", "lstm"]),
        "layers": pick([1, 2, 3]),
        "bidirectional": pick([False, True]),
        "bias": pick(["two", "two", "none"]),
        "T": pick([2, 5, 12]),
        "B": pick([1, 3, 7]),
        "I": pick([1, 4]),
        "H": pick([3, 8]),
        "batch_first": pick([False, True]),
        "says_axes": True,
        "h0": pick([None, "file", "shared", "parameter"]),
        "tokens": pick([None, 5]),
        "says_loss": True,
    }
    if draw.random() < 0.5:
        options["lengths"] = [draw.randint(1, options["T"]) for _ in range(options["B"])]
    if draw.random() < 0.3:
        names = ["output", "hn"] + (["cn"] if options["kind"] == "lstm" else [])
        options["upstream"] = tuple(draw.sample(names, draw.randint(1, len(names))))
    else:
        options["loss"] = pick(sorted(EVERY_STEP | {"cross-entropy-final", "final-mse", "binary-cross-entropy-final",
                                                    "final-sum", "final-dot"}))
        options["O"] = pick([1, 2, 5]) if not options["loss"].startswith("cross") else pick([2, 5])
        options["squeezed"] = options["O"] == 1 and pick([False, True])
        options["head"] = pick([["fc"], ["norm", "fc1"], ["fc1", pick(list(ACTIVATIONS)), "fc2"],
                                ["bn", "fc1", pick(list(ACTIVATIONS)), "norm2", "fc3"]])
        if options["loss"] not in EVERY_STEP:
            options["reads"] = pick([None, "last-output", "mean", "max"])
        if options["loss"].startswith("cross"):
            options["weights"] = pick([False, True])
            options["ignored"] = pick([None, -1])
    if draw.random() < 0.3:
        between = pick([[], ["norm"], ["tanh"], ["norm", "silu"]])
        kind = "lstm" if "cn" in options.get("upstream", ()) else pick(["gru", "lstm"])
        options["stack"] = ((kind, pick([2, 6]), between),)
    if options.get("stack") and options["stack"][-1][0] == "gru":
        options["upstream"] = tuple(n for n in options.get("upstream", ()) if n != "cn")
    return Case(f"mixture {seed}", seed, **options)


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    gradflow = os.path.abspath(sys.argv[1])
    root = tempfile.mkdtemp(prefix="heads-agree-")
    worst, shown, failures = {}, set(), 0
    cases = listed() + [drawn(seed) for seed in range(RANDOM_MODELS)]
    for k, case in enumerate(cases):
        folder = os.path.join(root, str(k))
        command, results = case.run(gradflow, folder)
        bad = []
        for check, what, error in results:
            count, most, where = worst.get(check, (0, -1.0, ""))
            worst[check] = (count + 1, max(most, error), f"{case.label}: {what}" if error > most else where)
            if not error <= TOLERANCES.get(check, TOLERANCE):
                bad.append((check, what, error))
        if not bad:
            shutil.rmtree(folder)
            continue
        failures += 1
        print(f"{case.label}: " + "; ".join(f"{what} ({error:.1e})" for _, what, error in bad[:4]))
        if not {check for check, _, _ in bad} <= shown or "--all" in sys.argv:
            print("  " + shlex.join(command))
        shown |= {check for check, _, _ in bad}
    wrong, checked = check_words(gradflow, root)
    print(f"\n{'check':24} {'compared':>8}  {'worst':>8}  where")
    for check, (count, error, where) in sorted(worst.items()):
        print(f"{check:24} {count:8}  {error:8.1e}  {where.splitlines()[0][:90]}")
    if failures or wrong:
        raise SystemExit(
            f"{failures} of {len(cases)} models disagree; {wrong} of {checked} that fit several models went without a word; "
            f"the files are in {root}"
        )
    shutil.rmtree(root)
    print(f"{len(cases)} models agree: losses to {TOLERANCES['loss']:.0e}, gradients to {TOLERANCE:.0e}")
    print(f"{checked} that fit several models are refused, or said")


if __name__ == "__main__":
    main()
