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
        self.asked = False  # whether the inputs asked for a gradient
        self.previous = None  # the call from whose last state this one started

    def keep(self, name, tensor):
        self.values[name] = tensor.detach().clone()

    @property
    def reached(self):
        return any(name in self.gradients for name in ("grad_output", "grad_hn", "grad_cn"))

    def time_major_tokens(self):
        return None if self.tokens is None else self.time_major(self.tokens)

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


class JoinedSequence:
    """Calls of a module, each of which starts from exactly the state that the one before it gave."""

    packing = None

    def __init__(self, first):
        self.parts = [first]
        self.batch_first = first.batch_first
        self.unbatched = first.unbatched

    @property
    def calls(self):
        return len(self.parts)

    def time_major_tokens(self):
        tokens = [part.time_major_tokens() for part in self.parts]
        return None if any(part is None for part in tokens) else torch.cat(tokens)

    @property
    def reached(self):
        return any(part.reached for part in self.parts)

    def arrays(self):
        parts = [part.arrays() for part in self.parts]
        first, last = parts[0], parts[-1]
        arrays = {name: torch.cat([part[name] for part in parts]) for name in ("inputs", "output")}
        arrays.update({name: first[name] for name in ("h0", "c0", "grad_h0", "grad_c0") if name in first})
        arrays.update({name: last[name] for name in ("hn", "cn", "grad_hn", "grad_cn") if name in last})
        output = [part.get("grad_output") for part in parts]
        cells = [None for _ in parts]
        for index, part in enumerate(parts[:-1]):
            if "grad_hn" in part:
                output[index] = at_the_end(part["grad_hn"], part["output"], output[index])
            if "grad_cn" in part and len(part["grad_cn"]) == 1:
                cells[index] = at_the_end(part["grad_cn"], part["output"], None)
        if any(gradient is not None for gradient in output):
            arrays["grad_output"] = with_zeros(output, [part["output"] for part in parts])
        if any(gradient is not None for gradient in cells):
            arrays["grad_cells"] = with_zeros(cells, [part["output"] for part in parts])
        if all(part.asked for part in self.parts) and any("grad_inputs" in part for part in parts):
            given = [part.get("grad_inputs") for part in parts]
            arrays["grad_inputs"] = with_zeros(given, [part["inputs"] for part in parts])
        return arrays


def joined(sequences, record):
    """The calls of a module, those joined that continue one another."""
    whole, by_last = [], {}
    for sequence in sequences:
        before = by_last.pop(id(sequence.previous), None)
        if before is not None and can_be_joined(sequence.previous, record):
            before.parts.append(sequence)
        else:
            if before is not None:
                pass_back(sequence.previous, sequence)
            before = JoinedSequence(sequence)
            whole.append(before)
        by_last[id(sequence)] = before
    return [sequence.parts[0] if sequence.calls == 1 else sequence for sequence in whole]


def can_be_joined(previous, record):
    """Whether all that the outside reads of the state between two calls has a place in the arrays: of the highest layer
    h has, which is the output's, and of a single layer c.
    """
    if record.layer_count == 1:
        return True
    gradients = previous.gradients
    lower = gradients["grad_hn"][:-1] if "grad_hn" in gradients else None
    return not any(bool(part.any()) for part in (lower, gradients.get("grad_cn")) if part is not None)


def pass_back(previous, following):
    """Of two sequences, the second one is outside of the first."""
    for own, theirs in (("grad_hn", "grad_h0"), ("grad_cn", "grad_c0")):
        if theirs in following.gradients:
            gradient = following.gradients[theirs]
            previous.gradients[own] = previous.gradients[own] + gradient if own in previous.gradients else gradient


def at_the_end(state, output, gradient):
    """The gradients of all steps, with that of the highest layer's last state added to the last."""
    gradient = torch.zeros_like(output, dtype=state.dtype) if gradient is None else gradient.clone()
    gradient[-1] += state[-1]
    return gradient


def with_zeros(gradients, likes):
    kind = next(gradient.dtype for gradient in gradients if gradient is not None)
    return torch.cat(
        [torch.zeros_like(like, dtype=kind) if gradient is None else gradient for gradient, like in zip(gradients, likes)]
    )


class Tip:
    """The last state of a sequence that may go on: the module's own tensors, and the copies that the caller got."""

    def __init__(self, sequence):
        self.sequence = sequence
        self.own = []
        self.given = []
        self.versions = []

    def add(self, own):
        """Returns the copy for the caller."""
        if not own.requires_grad:  # of a frozen module
            own = own.detach().requires_grad_()
        given = own.clone()
        self.own.append(own)
        self.given.append(given)
        self.versions.append(given._version)
        return given

    def was_passed_on(self, states):
        return len(states) == len(self.given) and all(
            state is given and given._version == version and given.requires_grad
            for state, given, version in zip(states, self.given, self.versions)
        )


class Tips:
    """Sequences that may go on, by the identity of their last state. From each state one call goes on; others begin anew."""

    def __init__(self):
        self.tips = {}

    def add(self, tip):
        self.tips[id(tip.given[0])] = tip

    def take(self, states):
        tip = self.tips.get(id(states[0])) if states else None
        if tip is None or not tip.was_passed_on(states):
            return None
        return self.tips.pop(id(states[0]))

    def clear(self):
        self.tips = {}


class Chain:
    """Calls of a cell, each of which starts from exactly the state that the one before it gave."""

    batch_first = False
    packing = None
    previous = None

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

    def time_major_tokens(self):
        tokens = [values.get("tokens") for values, _ in self.steps]
        return None if any(step is None for step in tokens) else self._stack(tokens)

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
