"""A module with dropout between its layers, in training.

What its upper layers read is random, so each layer is captured as a module of its own, with what it really read. During
a captured update the module's forward runs one module of PyTorch per layer, which borrow its weights. Called in
evaluation, it is captured as it is.
"""

import weakref

import torch
from torch.nn.utils.rnn import PackedSequence

from .discovery import class_name
from .hooks import Forward
from .weights import full_name
from .whole import WholeModule


class LayeredModule:
    """Stands in for the forward of one module during one update."""

    def __init__(self, name, module, update):
        self.name = name
        self.module = module
        self.update = update
        self.layers = [one_layer(module, layer) for layer in range(module.num_layers)]
        self.hooks = []
        for index, layer in enumerate(self.layers):
            hooks = WholeModule(
                f"{name} (layer {index})".strip(),
                layer,
                update,
                lambda own, index=index: full_name(name, own.replace("_l0", f"_l{index}")),
            )
            hooks.record.class_name = f"{class_name(module)}, layer {index} of {module.num_layers}"
            self.hooks.append(hooks)
        self.whole = WholeModule(name, module, update)
        self.whole.only_if = lambda: not module.training

    @property
    def records(self):
        """Those of the layers, of the whole module or both, as it was called."""
        records = [self.whole.record] + [hooks.record for hooks in self.hooks]
        captured = [record for record in records if record.sequences]
        seen = [record for record in records if record.was_called]
        return captured or seen or records[:1]

    def install(self):
        self.whole.install()
        for hooks in self.hooks:
            hooks.install()
        self.module.forward = Forward(self.module, self._forward)

    def remove(self):
        self.whole.remove()
        for hooks in self.hooks:
            hooks.remove()
        self.module.__dict__.pop("forward", None)

    def _forward(self, input, hx=None):
        module = self.module
        if not module.training:
            return type(module).forward(module, input, hx)
        if hasattr(module, "_update_flat_weights"):
            module._update_flat_weights()
        if torch.is_grad_enabled():
            self.update.note(
                f"{self.name or 'the model itself'} ran layer by layer, since it has dropout between its layers: its "
                "random numbers were others than without a capture"
            )
        data, last = input, []
        directions = 2 if module.bidirectional else 1
        for index, layer in enumerate(self.layers):
            borrow_weights(layer, module, index)
            own = slice(index * directions, (index + 1) * directions)
            state = None if hx is None else tuple(part[own] for part in hx) if isinstance(hx, tuple) else hx[own]
            data, state = layer(data, state)
            last.append(state if isinstance(state, tuple) else (state,))
            if index + 1 < module.num_layers:
                data = with_dropout(data, module)
        last = tuple(torch.cat(parts) for parts in zip(*last))
        return data, last if len(last) == 2 else last[0]


def one_layer(module, index):
    directions = 2 if module.bidirectional else 1
    kind = next(kind for kind in (torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN) if isinstance(module, kind))
    options = {"nonlinearity": module.nonlinearity} if kind is torch.nn.RNN else {}
    return kind(
        module.input_size if index == 0 else directions * module.hidden_size,
        module.hidden_size,
        bias=module.bias,
        batch_first=module.batch_first,
        bidirectional=module.bidirectional,
        device="meta",
        **options,
    )


def borrow_weights(layer, module, index):
    """The weights themselves, where the layer looks for them. (`flatten_parameters` would move them.)"""
    layer.training = module.training
    count = len(layer._flat_weights_names)
    names = module._flat_weights_names[index * count : (index + 1) * count]
    tensors = module._flat_weights[index * count : (index + 1) * count]
    for own, name, tensor in zip(layer._flat_weights_names, names, tensors):
        layer._parameters.pop(own, None)
        layer.__dict__.pop(own, None)
        if module._parameters.get(name) is tensor:
            layer._parameters[own] = tensor
        else:
            layer.__dict__[own] = tensor
    layer._flat_weights = list(tensors)
    layer._flat_weight_refs = [weakref.ref(tensor) for tensor in tensors]


def with_dropout(data, module):
    if isinstance(data, PackedSequence):
        return PackedSequence(torch.nn.functional.dropout(data.data, module.dropout, module.training), *data[1:])
    return torch.nn.functional.dropout(data, module.dropout, module.training)
