"""`capture_arrays`: a capture of arrays that some other framework (JAX, TensorFlow, one's own code) computed."""

import math
import os
import re

import numpy

from .errors import CaptureError
from .folder import CaptureFolder, UpdateFiles

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
WEIGHT_NAME = re.compile(r"(weight_ih|weight_hh|bias_ih|bias_hh)_l(\d+)(_reverse)?")


def capture_arrays(
    folder,
    *,
    cell,
    weights,
    inputs,
    output_gradients=None,
    lengths=None,
    initial_hidden=None,
    initial_cell=None,
    outputs=None,
    final_hidden=None,
    final_cell=None,
    final_hidden_gradients=None,
    final_cell_gradients=None,
    cell_gradients=None,
    weight_gradients=None,
    input_gradients=None,
    loss=None,
    batch_first=False,
    name="rnn",
    update=0,
    framework="arrays",
    overwrite=False,
):
    """Writes one recurrent module, run once, as a capture for `gradflow diagnose`.

    cell        "lstm", "gru", "rnn_tanh" or "rnn_relu", by PyTorch's equations
    weights     {"weight_ih_l0": [G·H, I], "weight_hh_l0": [G·H, H], "bias_ih_l0": [G·H], "bias_hh_l0": [G·H]}, with
                gates in PyTorch's order (LSTM: i, f, g, o; GRU: r, z, n). More layers: _l1, _l2 …; a second direction:
                weight_ih_l0_reverse …. Without biases, leave out all of them. `flax_lstm`, `flax_gru` and `flax_rnn`
                make this dictionary of Flax's parameters
    inputs      [T, B, I], or [B, T, I] with batch_first=True, which holds for all arrays with a time axis
    output_gradients            ∂L/∂output_t, as it comes from what reads the output: [T, B, D·H]
    final_hidden_gradients, final_cell_gradients     ∂L/∂h_n and ∂L/∂c_n from what reads them: [L·D, B, H]
    cell_gradients              of an LSTM of one layer and direction: ∂L/∂c_t from what reads c_t: [T, B, H]
    lengths                     [B], where sequences are shorter than T
    initial_hidden, initial_cell                     [L·D, B, H]; zero if left out
    outputs, final_hidden, final_cell, weight_gradients, input_gradients
                what the framework computed: `gradflow diagnose` compares its own with them, so give as many as you have.
                `weight_gradients` has the names of `weights`
    loss        the loss, to be shown
    update      the number of the update. A folder that holds a capture is continued, if the number is higher than its last
    overwrite   replaces an earlier capture in the folder
    """
    if cell not in GATES:
        raise CaptureError(f"cell={cell!r}: give one of {', '.join(GATES)}")
    if isinstance(update, bool) or not isinstance(update, int) or update < 0:
        raise CaptureError(f"update={update!r}: give a whole number from 0")
    shape = Shape(cell, weights)
    arrays = {}

    def put(key, value, title, expected, time=False):
        if value is None:
            return
        array = floats(value, title)
        if time and batch_first and array.ndim == 3:
            array = array.swapaxes(0, 1)
        if array.shape != expected:
            order = " (after batch_first)" if time and batch_first else ""
            raise CaptureError(f"{title} has shape {array.shape}{order}, and {expected} is needed")
        arrays[key] = numpy.ascontiguousarray(array)

    given = numpy.asarray(inputs)
    if given.ndim != 3 or 0 in given.shape:
        raise CaptureError(f"inputs has shape {given.shape}, and three axes are needed, time first (or batch_first=True)")
    steps, batch = given.shape[:2][:: -1 if batch_first else 1]
    states = (shape.layers * shape.directions, batch, shape.hidden)
    outward = (steps, batch, shape.directions * shape.hidden)
    put("inputs", inputs, "inputs", (steps, batch, shape.inputs), time=True)
    put("output", outputs, "outputs", outward, time=True)
    put("grad_output", output_gradients, "output_gradients", outward, time=True)
    put("grad_inputs", input_gradients, "input_gradients", (steps, batch, shape.inputs), time=True)
    put("h0", initial_hidden, "initial_hidden", states)
    put("hn", final_hidden, "final_hidden", states)
    put("grad_hn", final_hidden_gradients, "final_hidden_gradients", states)
    of_cells = {
        "c0": ("initial_cell", initial_cell),
        "cn": ("final_cell", final_cell),
        "grad_cn": ("final_cell_gradients", final_cell_gradients),
        "grad_cells": ("cell_gradients", cell_gradients),
    }
    for key, (title, value) in of_cells.items():
        if value is None:
            continue
        if cell != "lstm":
            raise CaptureError(f"{title}: only an LSTM has a cell state")
        if key == "grad_cells":
            if shape.layers * shape.directions > 1 or lengths is not None:
                raise CaptureError("cell_gradients: only for one layer and direction, without lengths")
            put(key, value, title, (steps, batch, shape.hidden), time=True)
        else:
            put(key, value, title, states)
    if not any(key in arrays for key in ("grad_output", "grad_hn", "grad_cn", "grad_cells")):
        raise CaptureError(
            "no gradient reaches the module: give output_gradients (∂L/∂output), final_hidden_gradients or "
            "final_cell_gradients"
        )
    if lengths is not None:
        arrays["lengths"] = checked_lengths(lengths, steps, batch)
        beyond = numpy.arange(steps)[:, None] >= arrays["lengths"]
        for key in ("inputs", "output", "grad_output", "grad_inputs"):
            if key in arrays:
                arrays[key] = numpy.where(beyond[:, :, None], 0, arrays[key]).astype(arrays[key].dtype)

    parameters, values = shape.parameters(weights, weight_gradients, name)
    everything = [array for key, array in arrays.items() if key != "lengths"] + list(values.values())
    kind = "float64" if all(array.dtype == numpy.float64 for array in everything) else "float32"
    description = {
        "loss": finite(loss),
        "backward_calls": None,
        "modules": [
            {
                "name": name,
                "class": framework,
                "cell": cell,
                "layer_count": shape.layers,
                "bidirectional": shape.directions == 2,
                "input_size": shape.inputs,
                "hidden_size": shape.hidden,
                "type": kind,
                "file": "m0.npz",
                "sha256": None,
                "layers": shape.numbers,
                "sequences": [
                    {
                        "file": "m0-c0.npz",
                        "sha256": None,
                        "steps": steps,
                        "batch": batch,
                        "packed": lengths is not None,
                        "batch_first": batch_first,
                        "unbatched": False,
                        "calls": 1,
                        "problem": None,
                    }
                ],
                "problem": None,
            }
        ],
        "parameters": parameters,
        "not_captured": [],
        "notes": [],
    }
    writer = CaptureFolder(folder, model=name, framework=framework)
    continued = not overwrite and os.path.isdir(writer.path) and writer.continue_earlier()
    if continued:
        last = writer.description["updates"][-1]["update"]
        if update <= last:
            raise CaptureError(
                f"{writer.path} holds a capture up to update {last}, and this is update {update}: give a higher one "
                "to continue it, or overwrite=True to replace it"
            )
    else:
        writer.open(overwrite)
    writer.write(UpdateFiles(update, description, {"m0.npz": values, "m0-c0.npz": arrays}))
    writer.finish()


class Shape:
    """What the names and shapes of the weights say of the module."""

    def __init__(self, cell, weights):
        found = {}
        for key in weights:
            match = WEIGHT_NAME.fullmatch(key)
            if match is None:
                raise CaptureError(f"weights: {key!r} is no name of a weight (weight_ih_l0, bias_hh_l1_reverse …)")
            found[match.group(1), int(match.group(2)), match.group(3) or ""] = key
        self.layers = 1 + max((layer for _, layer, _ in found), default=0)
        self.directions = 2 if any(suffix for _, _, suffix in found) else 1
        biased = any(kind.startswith("bias") for kind, _, _ in found)
        self.weights = {key: floats(value, f"weights[{key!r}]") for key, value in weights.items()}
        self.order, self.numbers = [], []
        recurrent = self.weights.get("weight_hh_l0")
        entering = self.weights.get("weight_ih_l0")
        if recurrent is None or entering is None or recurrent.ndim != 2 or entering.ndim != 2:
            raise CaptureError("weights: weight_ih_l0 and weight_hh_l0 are needed, each with two axes")
        self.hidden, self.inputs = recurrent.shape[1], entering.shape[1]
        rows = GATES[cell] * self.hidden
        for layer in range(self.layers):
            self.numbers.append([])
            for suffix in ["", "_reverse"][: self.directions]:
                width = self.inputs if layer == 0 else self.directions * self.hidden
                expected = dict(zip(KINDS, ((rows, width), (rows, self.hidden), (rows,), (rows,))))
                numbers = dict.fromkeys(KINDS)
                for kind in KINDS if biased else KINDS[:2]:
                    key = f"{kind}_l{layer}{suffix}"
                    if key not in self.weights:
                        raise CaptureError(f"weights: {key} is missing")
                    if self.weights[key].shape != expected[kind]:
                        raise CaptureError(
                            f"weights: {key} has shape {self.weights[key].shape}, and {expected[kind]} is needed of "
                            f"a {cell} with {self.hidden} units"
                        )
                    numbers[kind] = len(self.order)
                    self.order.append(key)
                self.numbers[-1].append(numbers)

    def parameters(self, weights, gradients, name):
        gradients = gradients or {}
        unknown = [key for key in gradients if key not in weights]
        if unknown:
            raise CaptureError(f"weight_gradients: there is no weight {unknown[0]!r}")
        parameters, values = [], {}
        for number, key in enumerate(self.order):
            values[f"p{number}"] = self.weights[key]
            if gradients.get(key) is not None:
                gradient = floats(gradients[key], f"weight_gradients[{key!r}]")
                if gradient.shape != self.weights[key].shape:
                    raise CaptureError(
                        f"weight_gradients: {key} has shape {gradient.shape}, and its weight {self.weights[key].shape}"
                    )
                values[f"g{number}"] = gradient
            parameters.append(
                {
                    "name": f"{name}.{key}" if name else key,
                    "shape": list(self.weights[key].shape),
                    "file": "m0.npz",
                    "key": f"p{number}",
                    "trained": True,
                    "gradient": f"g{number}" if f"g{number}" in values else None,
                    "used_elsewhere": False,
                }
            )
        return parameters, values


def floats(value, title):
    array = numpy.asarray(value)
    if array.dtype != numpy.float64:
        try:
            array = array.astype(numpy.float32)  # JAX's bfloat16 as well
        except (TypeError, ValueError) as error:
            raise CaptureError(f"{title} is no array of numbers ({array.dtype})") from error
    return numpy.ascontiguousarray(array)


def checked_lengths(lengths, steps, batch):
    array = numpy.asarray(lengths)
    if array.shape != (batch,) or array.dtype.kind not in "iu" or array.min() < 1 or array.max() > steps:
        raise CaptureError(f"lengths: {batch} whole numbers from 1 to {steps} are needed")
    return array.astype(numpy.int64)


def finite(loss):
    if loss is None or not math.isfinite(float(loss)):
        return None
    return float(loss)
