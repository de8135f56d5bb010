"""Gradients of every step by automatic differentiation of an unrolled copy, against `gradflow diagnose`.

    python Tests/Torch/diagnose_agrees.py path/to/gradflow

Makes RNN, LSTM and GRU models with random weights, most of two layers read in both directions, unrolls each step by step
with one tensor a state, and compares norms of ∂L/∂h_t and ∂L/∂c_t of every layer, direction and step, whole parameter
gradients, the singular values of ∂h_T/∂h_t, and the loss. Needs PyTorch, nothing else.
"""

import csv
import json
import math
import os
import struct
import subprocess
import sys
import tempfile

import torch

TOLERANCE = 1e-9
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def save_safetensors(path, tensors, metadata=None):
    """The format in a few lines, so that the safetensors package is not needed."""
    names = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
    names[torch.int64] = "I64"
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for name, tensor in tensors.items():
        # Zero-dimensional tensors have no other view.
        raw = tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        header[name] = {
            "dtype": names[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def load_safetensors(path):
    with open(path, "rb") as file:
        content = file.read()
    size = struct.unpack("<Q", content[:8])[0]
    header, data = json.loads(content[8 : 8 + size]), content[8 + size :]
    return {
        name: torch.frombuffer(
            bytearray(data[slice(*entry["data_offsets"])]), dtype=torch.float64
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def save_npy(path, tensor):
    tensor = tensor.detach().contiguous()
    kind = {torch.float64: "<f8", torch.int64: "<i8"}[tensor.dtype]
    shape = "(" + "".join(f"{n}, " for n in tensor.shape) + ")"
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())
        file.write(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())


class Unrolled:
    """One layer in one direction, step by step; every state is a tensor that keeps its gradient."""

    def __init__(self, kind, weights, hidden):
        self.kind, self.hidden = kind, hidden
        self.w_ih, self.w_hh, self.b_ih, self.b_hh = weights

    def run(self, inputs, h0, c0):
        """inputs: list of [B, I] in the layer's own order. Leaves h and c, t = 0…T."""
        self.inputs = inputs
        self.h, self.c = [h0.clone().requires_grad_()], [c0.clone().requires_grad_()]
        # Those that are the last of another layer are no leaves.
        self.h[0].retain_grad()
        self.c[0].retain_grad()
        for x in inputs:
            h, c = self.step(x, self.h[-1], self.c[-1])
            h.retain_grad()
            self.h.append(h)
            if self.kind == "lstm":
                c.retain_grad()
                self.c.append(c)
        return self.h[1:]

    def step(self, x, h, c):
        u, v = x @ self.w_ih.T + self.b_ih, h @ self.w_hh.T + self.b_hh
        if self.kind == "lstm":
            i, f, g, o = (u + v).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            return o.sigmoid() * c.tanh(), c
        if self.kind == "gru":
            (ur, uz, un), (vr, vz, vn) = u.chunk(3, 1), v.chunk(3, 1)
            z = (uz + vz).sigmoid()
            n = (un + (ur + vr).sigmoid() * vn).tanh()
            return (1 - z) * n + z * h, c
        return {"tanh": torch.tanh, "relu": torch.relu, "linear": lambda a: a}[self.kind](u + v), c


def compare(what, found, expected, worst):
    """|found − expected| ≤ 1e-9 max(|found|, |expected|), so written that NaN fails."""
    error = abs(found - expected) / max(abs(found), abs(expected), 1e-300) if found != expected else 0.0
    if not error <= TOLERANCE:
        raise SystemExit(f"{what}: gradflow has {found!r}, autograd {expected!r} (relative {error:.2e})")
    worst[0] = max(worst[0], error)


def check(gradflow, folder, kind, layers, bidirectional, loss, batch_first=False, cell=False, prefix="", bias=True):
    T, B, I, H, O = 23, 3, 4, 6, 5
    directions = 2 if bidirectional else 1
    torch.manual_seed(len(kind) * 100 + layers * 10 + directions)
    options = {"tanh": {"nonlinearity": "tanh"}, "relu": {"nonlinearity": "relu"}}.get(kind, {})
    base = {"lstm": "LSTM", "gru": "GRU"}.get(kind, "RNN")
    if cell:
        module = getattr(torch.nn, base + "Cell")(I, H, bias=bias, **options)
    else:
        module = getattr(torch.nn, base)(I, H, layers, bidirectional=bidirectional, bias=bias, **options)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn_like(parameter) * (0.9 / math.sqrt(H)))
    readout = torch.nn.Linear(directions * H, O)
    x = torch.randn(T, B, I)
    h0, c0 = (torch.randn(layers * directions, B, H) * 0.5 for _ in range(2))

    def weights(layer, direction):
        suffix = "" if cell else f"_l{layer}" + ("_reverse" if direction else "")
        zeros = torch.zeros_like(getattr(module, "weight_hh" + suffix)[:, 0])
        return [getattr(module, name + suffix, zeros) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]

    stack, given = [], list(x)
    for layer in range(layers):
        outputs = []
        for direction in range(directions):
            unrolled = Unrolled(kind, weights(layer, direction), H)
            k = layer * directions + direction
            states = unrolled.run(given if direction == 0 else given[::-1], h0[k], c0[k])
            outputs.append(states if direction == 0 else states[::-1])
            stack.append((layer, "reverse" if direction else "forward", unrolled))
        given = [torch.cat(parts, 1) for parts in zip(*outputs)]

    if not cell:
        state = (h0, c0) if kind == "lstm" else h0
        library, _ = module(x, state)
        assert (library - torch.stack(given)).abs().max() < 1e-12, "the unrolled copy is another network"

    final = torch.cat([unrolled.h[-1] for _, _, unrolled in stack[-directions:]], 1)
    arguments, targets = [], None
    if loss == "final-sum":
        value = final.sum()
    elif loss == "final-mse":
        targets = torch.randn(B, O)
        value = torch.nn.functional.mse_loss(readout(final), targets)
    elif loss == "cross-entropy-final":
        targets = torch.randint(O, (B,))
        value = torch.nn.functional.cross_entropy(readout(given[-1]), targets)
        arguments += ["--reads", "last-output"]
    elif loss == "cross-entropy-every-step":
        targets = torch.randint(O, (T, B))
        logits = torch.stack([readout(y) for y in given])
        value = torch.nn.functional.cross_entropy(logits.reshape(T * B, O), targets.reshape(-1))
    else:
        targets = torch.randn(T, B, O)
        value = torch.nn.functional.mse_loss(torch.stack([readout(y) for y in given]), targets)
    value.backward()

    os.makedirs(folder)
    path = lambda name: os.path.join(folder, name)
    tensors = {prefix + name: tensor for name, tensor in module.state_dict().items()}
    if loss != "final-sum":
        tensors |= {"head." + name: tensor for name, tensor in readout.state_dict().items()}
    save_safetensors(path("model.safetensors"), tensors)
    save_npy(path("x.npy"), x.transpose(0, 1) if batch_first else x)
    save_npy(path("h0.npy"), h0)
    command = [gradflow, "diagnose", path("model.safetensors"), "--inputs", path("x.npy"), "--h0", path("h0.npy")]
    if kind == "lstm":
        save_npy(path("c0.npy"), c0)
        command += ["--c0", path("c0.npy")]
    if targets is not None:
        every = targets.dim() > 1 and targets.shape[0] == T
        save_npy(path("y.npy"), targets.transpose(0, 1) if batch_first and every else targets)
        command += ["--targets", path("y.npy"), "--loss", loss]
    if kind == "relu":
        command += ["--nonlinearity", "relu"]
    command.append("--batch-first" if batch_first else "--time-first")
    command += arguments + ["-o", path("out"), "--no-figures", "--quiet"]
    subprocess.run(command, check=True)

    worst = [0.0]
    name = f"{kind}, {layers} × {directions}, {loss}"
    with open(path("out/summary.json")) as file:
        summary = json.load(file)
    compare(f"{name}: loss", summary["loss"], value.item(), worst)
    with open(path("out/timesteps.csv")) as file:
        rows = {(int(r["layer"]), r["direction"], int(r["t"])): r for r in csv.DictReader(file)}
    assert len(rows) == layers * directions * (T + 1), f"{name}: {len(rows)} rows"
    for layer, direction, unrolled in stack:
        for column, states in (("log10_grad_h", unrolled.h), ("log10_grad_c", unrolled.c)):
            if column == "log10_grad_c" and kind != "lstm":
                continue
            for t, state in enumerate(states):
                found = 10.0 ** float(rows[layer, direction, t][column])
                norm = state.grad.norm().item() if state.grad is not None else 0.0
                compare(f"{name}: {column} of layer {layer} {direction} at t = {t}", found, norm, worst)
    gradients = load_safetensors(path("out/gradients.safetensors"))
    parameters = dict(module.named_parameters())
    if loss != "final-sum":
        parameters |= {"readout." + name: p for name, p in readout.named_parameters()}
    for parameter_name, parameter in parameters.items():
        key = parameter_name + ("_l0" if cell else "")
        largest = parameter.grad.abs().max().item()
        error = (gradients[key] - parameter.grad).abs().max().item() / largest
        if not error <= TOLERANCE:
            raise SystemExit(f"{name}: gradient of {parameter_name} differs by {error:.2e} of its largest entry")
        worst[0] = max(worst[0], error)
    if kind != "lstm":
        check_jacobian(path, stack, T, name, worst)
    print(f"{name}{', batch first' if batch_first else ''}{', cell' if cell else ''}: worst relative difference {worst[0]:.1e}")


def check_jacobian(path, stack, T, name, worst):
    """∂h_T/∂h_0 of the last layer's first batch element, by automatic differentiation with its inputs held fixed."""
    layer, direction, unrolled = stack[-1]
    with open(path("out/singular_values.csv")) as file:
        found = [
            float(r["log10_sigma"])
            for r in csv.DictReader(file)
            if (int(r["layer"]), r["direction"], int(r["lag"])) == (layer, direction, T)
        ]
    h, H = unrolled.h[0][:1].detach().clone().requires_grad_(), unrolled.hidden
    inputs = [x[:1].detach() for x in unrolled.inputs]
    state, cell = h, torch.zeros(1, H)
    for x in inputs:
        state, cell = unrolled.step(x, state, cell)
    rows = [torch.autograd.grad(state[0, i], h, retain_graph=True)[0][0] for i in range(H)]
    values = torch.linalg.svdvals(torch.stack(rows).detach())
    for k, (a, b) in enumerate(zip(found, values)):
        # A decomposition of the product resolves values above rounding of the largest.
        if b > 1e-5 * values[0]:
            compare(f"{name}: singular value {k + 1}", 10.0**a, b.item(), worst)


def main():
    gradflow = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as root:
        count = 0

        def run(*arguments, **options):
            nonlocal count
            count += 1
            check(gradflow, os.path.join(root, str(count)), *arguments, **options)

        for kind in ("lstm", "gru", "tanh", "relu"):
            run(kind, 2, True, "final-sum")
            run(kind, 2, True, "cross-entropy-every-step", batch_first=True, prefix="encoder.rnn.")
            run(kind, 2, True, "cross-entropy-final", prefix="rnn.")
            run(kind, 3, False, "final-mse", bias=False)
            run(kind, 1, True, "mse-every-step", batch_first=True)
            run(kind, 1, False, "final-sum", cell=True)
    print(f"{count} models agree to {TOLERANCE:.0e}")


if __name__ == "__main__":
    main()
