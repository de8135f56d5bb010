"""Flax's parameters under PyTorch's names, for `capture_arrays`. Needs neither Flax nor JAX, only their arrays.

A Dense layer of Flax has a kernel [in, out], which is a weight of PyTorch transposed. Where Flax has one bias and PyTorch
two, the second is zero. Gradients have the same tree as parameters: with gradients=True a bias that Flax lacks gets the
gradient of the one beside it where both are added to the same sum, and is left out where they are not.

Both of Flax's interfaces are known: flax.linen (ii, if, ig, io, hi …) and flax.nnx (the same, or dense_i and dense_h).
"""

import numpy

from .errors import CaptureError


def flax_lstm(params, *, gradients=False, suffix="_l0"):
    """Of LSTMCell and OptimizedLSTMCell."""
    params = cell_tree(params, ["ii", "hi"])
    entering, recurrent = dense(params, "i", "ifgo"), dense(params, "h", "ifgo")
    bias = recurrent.bias
    return named(suffix, entering, recurrent, bias if gradients else numpy.zeros_like(bias), bias)


def flax_gru(params, *, gradients=False, suffix="_l0"):
    """Of GRUCell."""
    params = cell_tree(params, ["ir", "hn"])
    entering, recurrent = dense(params, "i", "rzn"), dense(params, "h", "rzn")
    bias = entering.bias
    both = 2 * len(bias) // 3  # gates whose two biases are added to the same sum
    second = bias.copy() if gradients else numpy.zeros_like(bias)
    if recurrent.bias is not None:
        second[both:] = recurrent.bias[both:]
    elif gradients:
        second = None
    return named(suffix, entering, recurrent, bias, second)


def flax_rnn(params, *, gradients=False, suffix="_l0"):
    """Of SimpleCell (without residual), which is "rnn_tanh"."""
    params = cell_tree(params, ["i", "h"])
    entering, recurrent = dense(params, "i", [""]), dense(params, "h", [""])
    bias = entering.bias
    return named(suffix, entering, recurrent, bias, bias if gradients else numpy.zeros_like(bias))


class Dense:
    """Layers of all gates, one below the other as PyTorch has them."""

    def __init__(self, weights, biases):
        self.weight = numpy.concatenate(weights)
        present = [bias for bias in biases if bias is not None]
        self.bias = None
        if present:
            filled = [numpy.zeros_like(present[0]) if bias is None else bias for bias in biases]
            self.bias = numpy.concatenate(filled)


def dense(params, prefix, gates):
    if "dense_" + prefix in params:
        layers = [params["dense_" + prefix]]
    else:
        # "if" is a word of Python, and flax.nnx calls it if_
        names = [prefix + gate for gate in gates]
        layers = [params[name] if name in params else params[name + "_"] for name in names]
    weights = [numpy.ascontiguousarray(numpy.asarray(layer["kernel"]).T) for layer in layers]
    biases = [numpy.asarray(layer["bias"]) if "bias" in layer else None for layer in layers]
    return Dense(weights, biases)


def cell_tree(params, needed):
    """The cell's own parameters, also where they lie under "params" and names of modules."""
    given = params
    while not (all(name in params for name in needed) or ("dense_i" in params and "dense_h" in params)):
        inner = [value for value in params.values() if hasattr(value, "keys")]
        if len(inner) != 1:
            raise CaptureError(
                f"the parameters have {', '.join(map(str, given))}, and {', '.join(needed)} … are needed: hand over "
                "the dictionary of the cell"
            )
        params = inner[0]
    return params


def named(suffix, entering, recurrent, entering_bias, recurrent_bias):
    weights = {
        "weight_ih" + suffix: entering.weight,
        "weight_hh" + suffix: recurrent.weight,
        "bias_ih" + suffix: entering_bias,
        "bias_hh" + suffix: recurrent_bias,
    }
    return {name: array for name, array in weights.items() if array is not None}
