"""Which modules of a model can be captured, and under which names."""

import re

import torch

WHOLE = {torch.nn.RNN: "rnn", torch.nn.LSTM: "lstm", torch.nn.GRU: "gru"}
CELLS = {torch.nn.RNNCell: "rnn", torch.nn.LSTMCell: "lstm", torch.nn.GRUCell: "gru"}
RECURRENT_NAME = re.compile(r"(^|_)(hh|hr|hz|hn|h2h|hid2hid|recurrent)(_|\d|$)", re.IGNORECASE)


def named_modules(model):
    """As `model.named_modules()` names them, without the names of wrappers (data parallel, compiled)."""
    seen = set()

    def walk(module, name):
        inner = wrapped(module)
        if inner is not None:
            yield from walk(inner, name)
        elif id(module) not in seen:
            seen.add(id(module))
            yield name, module
            for child_name, child in module.named_children():
                yield from walk(child, f"{name}.{child_name}" if name else child_name)

    return list(walk(model, ""))


def wrapped(module):
    """The module in a wrapper; None if it is none."""
    if isinstance(module, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        return module.module
    if type(module).__name__ == "OptimizedModule":
        return module._orig_mod
    return None


def torch_class(module):
    """The class of PyTorch whose computation this module has; None if it has its own."""
    for known in (*WHOLE, *CELLS):
        if isinstance(module, known) and type(module).forward is known.forward:
            return known
    return None


def cell_of(module):
    """As the format names it: lstm, gru, rnn_tanh, rnn_relu."""
    known = torch_class(module)
    kind = WHOLE.get(known) or CELLS[known]
    return f"rnn_{module.nonlinearity}" if kind == "rnn" else kind


def why_not_captured(module):
    """For a module that looks recurrent and cannot be captured: why, and what to do. None for all others."""
    if torch_class(module) is not None:
        return None
    way_out = "build it on torch.nn's modules or cells, or hand its arrays to capture_arrays"
    if isinstance(module, (torch.nn.RNNBase, torch.nn.RNNCellBase)):
        return f"has a forward of its own: {way_out}"
    if isinstance(module, torch.jit.ScriptModule):
        if re.fullmatch(r"(RNN|LSTM|GRU)(Cell)?", module.original_name):
            return "is scripted, and scripted modules take no hooks: capture the model before torch.jit.script"
        return None
    own = [name for name, _ in module.named_parameters(recurse=False)]
    own += [name for name, child in module.named_children() if isinstance(child, torch.nn.Linear)]
    for name in own:
        if RECURRENT_NAME.search(name):
            return f"has recurrent weights of its own ({name}): {way_out}"
    if "quantized" in type(module).__module__ and re.search("RNN|LSTM|GRU", type(module).__name__):
        return "is quantized, and has no gradients: capture the model before it is quantized"
    return None


def class_name(module):
    known = torch_class(module)
    if known is not None:
        return f"torch.nn.{known.__name__}"
    return type(module).__name__


def kinds(model):
    """What a model is made of, for a message."""
    names = [type(module).__name__ for _, module in named_modules(model)]
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    listed = [name if count == 1 else f"{count} {name}" for name, count in list(counts.items())[:8]]
    return ", ".join(listed) + (", …" if len(counts) > 8 else "")
