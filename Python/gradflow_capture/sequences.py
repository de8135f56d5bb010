"""What a module read at one go, and how it is stored: time-major, padded with zeros, in the caller's order."""

import torch
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

STATES = ("h0", "c0", "hn", "cn", "grad_h0", "grad_c0", "grad_hn", "grad_cn")


class Sequence:
    """A call of nn.RNN, nn.LSTM or nn.GRU (or of one of its layers), as it was made."""

    def __init__(self, *, batch_first=False, unbatched=False, packing=None):
        self.batch_first = batch_first
        self.unbatched = unbatched
        self.packing = packing  # batch sizes, sorted indices, unsorted indices
        self.values = {}
        self.gradients = {}
        self.tokens = None
        self.calls = 1

    def keep(self, name, tensor):
        self.values[name] = tensor.detach().clone()

    @property
    def reached(self):
        return any(name in self.gradients for name in ("grad_output", "grad_hn", "grad_cn"))

    def arrays(self):
        arrays = {name: self._stored(name, tensor) for name, tensor in (*self.values.items(), *self.gradients.items())}
        if self.packing is not None:
            arrays["lengths"] = self.lengths()
        return arrays

    def lengths(self):
        sizes, _, unsorted = self.packing
        lengths = (sizes.unsqueeze(1) > torch.arange(int(sizes[0]))).sum(0)
        return lengths if unsorted is None else lengths[unsorted.cpu()]

    def _stored(self, name, tensor):
        if name in STATES:
            return tensor.unsqueeze(1) if self.unbatched else tensor
        return self.time_major(tensor)

    def time_major(self, tensor):
        if self.packing is not None:
            return pad_packed_sequence(PackedSequence(tensor, *self.packing))[0]
        if self.unbatched:
            return tensor.unsqueeze(1)
        return tensor.transpose(0, 1) if self.batch_first else tensor


class Chain:
    """Calls of a cell, each of which starts from exactly the state that the one before it gave."""

    batch_first = False
    packing = None

    def __init__(self, *, unbatched):
        self.unbatched = unbatched
        self.values = {}
        self.gradients = {}  # of the initial states
        self.steps = []  # (values, gradients) of each call

    def keep(self, name, tensor):
        self.values[name] = tensor.detach().clone()

    @property
    def calls(self):
        return len(self.steps)

    @property
    def tokens(self):
        tokens = [values.get("tokens") for values, _ in self.steps]
        return None if any(step is None for step in tokens) else torch.stack(tokens)

    @property
    def reached(self):
        return any("h" in gradients or "c" in gradients for _, gradients in self.steps)

    def arrays(self):
        last_values, last_gradients = self.steps[-1]
        arrays = {
            "inputs": self._stack([values["x"] for values, _ in self.steps]),
            "output": self._stack([values["h"] for values, _ in self.steps]),
            "hn": self._state(last_values["h"]),
        }
        if "c" in last_values:
            arrays["cn"] = self._state(last_values["c"])
        if "c" in last_gradients:
            arrays["grad_cn"] = self._state(last_gradients["c"])
        if any("h" in gradients for _, gradients in self.steps):
            arrays["grad_output"] = self._stack_gradients("h", "h", self.steps)
        if any("c" in gradients for _, gradients in self.steps[:-1]):
            earlier = self._stack_gradients("c", "c", self.steps[:-1])
            arrays["grad_cells"] = torch.cat([earlier, torch.zeros_like(earlier[:1])])
        if all("asks" in values for values, _ in self.steps) and any("x" in gradients for _, gradients in self.steps):
            arrays["grad_inputs"] = self._stack_gradients("x", "x", self.steps)
        for name, tensor in (*self.values.items(), *self.gradients.items()):
            arrays[name] = self._state(tensor)
        return arrays

    def _stack(self, tensors):
        stacked = torch.stack(tensors)
        return stacked.unsqueeze(1) if self.unbatched else stacked

    def _stack_gradients(self, name, like, steps):
        kind = next(gradients[name] for _, gradients in steps if name in gradients)
        return self._stack(
            [gradients[name] if name in gradients else torch.zeros_like(kind) for _, gradients in steps]
        )

    def _state(self, tensor):
        return tensor.unsqueeze(0).unsqueeze(0) if self.unbatched else tensor.unsqueeze(0)
