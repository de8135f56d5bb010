"""nn.RNN, nn.LSTM and nn.GRU, called for whole sequences."""

from torch.nn.utils.rnn import PackedSequence

from .graph import like_the_first_time, note_gradient, outside, taken
from .hooks import Hook
from .records import ModuleRecord, autocast_type
from .sequences import Sequence, Tip, Tips
from .weights import full_name, weight_names


class WholeModule:
    """Hooks of one module during one update."""

    def __init__(self, name, module, update, weight_name=None):
        self.module = module
        self.update = update
        self.names = weight_names(module)
        self.weight_name = weight_name or (lambda own: full_name(name, own))
        self.record = ModuleRecord.of(name, module)
        self.records = [self.record]
        self.tips = Tips()
        self.pending = None
        self.handles = []
        self.only_if = lambda: True

    def install(self):
        self.handles = [
            self.module.register_forward_pre_hook(Hook(self._before), with_kwargs=True),
            self.module.register_forward_hook(Hook(self._after), with_kwargs=True, prepend=True),
        ]

    def remove(self):
        for handle in self.handles:
            handle.remove()
        self.handles = []
        self.tips.clear()
        self._give_weights_back()

    # A call

    def _before(self, module, arguments, named):
        with self.update.clock:
            self._give_weights_back()
            if not self.only_if() or not self.update.captures_call(self.record, module, self.module):
                return None
            inputs, state = call_arguments(arguments, named)
            sequence = self._sequence(inputs)
            inputs = self._read_inputs(sequence, inputs)
            state = self._read_state(sequence, state)
            self.pending = Pending(sequence)
            self._lend_weights(inputs, beginning=sequence.previous is None)
            return (inputs, state), {}

    def _after(self, module, arguments, named, result):
        with self.update.clock:
            if self.update.recomputing:
                return like_the_first_time(result)
            if self.pending is None:
                return None
            sequence = self.pending.sequence
            self._look_at_weights()
            self._give_weights_back()
            output, state = result
            self.record.computed_in(output.data)
            self.record.sequences.append(sequence)
            return self._give_output(sequence, output), self._give_state(sequence, state)

    def _sequence(self, inputs):
        if isinstance(inputs, PackedSequence):
            return Sequence(packing=inputs[1:])
        return Sequence(batch_first=self.module.batch_first, unbatched=inputs.dim() == 2)

    def _read_inputs(self, sequence, inputs):
        data = inputs.data if isinstance(inputs, PackedSequence) else inputs
        sequence.keep("inputs", data)
        sequence.tokens = self.update.tokens.of(data)
        sequence.asked = data.requires_grad
        data = taken(data, self.update, sequence.gradients, "grad_inputs")
        return PackedSequence(data, *inputs[1:]) if isinstance(inputs, PackedSequence) else data

    def _read_state(self, sequence, state):
        if state is None:
            return None
        states = state if isinstance(state, (tuple, list)) else (state,)
        tip = self.tips.take(states) if sequence.packing is None else None
        if tip is not None:
            sequence.previous = tip.sequence
            states = tip.own
        read = []
        for name, tensor in zip(("h", "c"), states):
            sequence.keep(name + "0", tensor)
            read.append(taken(tensor, self.update, sequence.gradients, f"grad_{name}0"))
        return tuple(read) if isinstance(state, (tuple, list)) else read[0]

    def _give_output(self, sequence, output):
        data = output.data if isinstance(output, PackedSequence) else output
        sequence.keep("output", data)
        data = outside(data, self.update, sequence.gradients, "grad_output")
        return PackedSequence(data, *output[1:]) if isinstance(output, PackedSequence) else data

    def _give_state(self, sequence, state):
        """Copies, so that a call which starts from them can be told from all else that reads them."""
        tip = Tip(sequence)
        for name, tensor in zip(("h", "c"), state if isinstance(state, tuple) else (state,)):
            sequence.keep(name + "n", tensor)
            note_gradient(tip.add(tensor), self.update, sequence.gradients, f"grad_{name}n")
        if sequence.packing is None and not self.module.bidirectional:
            self.tips.add(tip)
        return tuple(tip.given) if isinstance(state, tuple) else tip.given[0]

    # Weights

    def _lend_weights(self, inputs, beginning):
        """Lets the call read views of the parameters."""
        module = self.module
        if hasattr(module, "_update_flat_weights"):
            module._update_flat_weights()
        separately = autocast_type(inputs.data.device.type) is None
        names = [name for layer in self.names for direction in layer for name in direction.values()]
        lent = []
        for name, tensor in zip(names, module._flat_weights):
            if module._parameters.get(name) is tensor:
                weight = self.update.weights.plain(self.weight_name(name), tensor)
                weight.check_unchanged(thoroughly=beginning)
                lent.append(weight.read(separately))
            else:
                lent.append(tensor)
        self.pending.own = module._flat_weights
        self.pending.lent = lent
        module._flat_weights = lent

    def _give_weights_back(self):
        pending, self.pending = self.pending, None
        if pending is not None and pending.lent is not None and self.module._flat_weights is pending.lent:
            self.module._flat_weights = pending.own

    def _look_at_weights(self):
        """Weights that the call read: those lent, or what a parametrisation put in their place."""
        pending = self.pending
        replaced = self.module._flat_weights is not pending.lent
        tensors = iter(self.module._flat_weights if replaced else pending.own)
        layers = []
        for layer in self.names:
            layers.append([])
            for direction in layer:
                found = {}
                for kind, name in direction.items():
                    tensor = next(tensors)
                    if self.module._parameters.get(name) is tensor:
                        found[kind] = self.update.weights.plain(self.weight_name(name), tensor)
                        found[kind].read_directly |= replaced
                    else:
                        found[kind] = self.update.weights.effective(self.weight_name(name), tensor)
                        found[kind].read(tensor, again=False)
                layers[-1].append(found)
        if not self.record.layers:
            self.record.layers = layers


class Pending:
    """A call between its two hooks."""

    def __init__(self, sequence):
        self.sequence = sequence
        self.own = None
        self.lent = None


def call_arguments(arguments, named):
    inputs = arguments[0] if arguments else named["input"]
    state = arguments[1] if len(arguments) > 1 else named.get("hx")
    return inputs, state
