"""nn.RNNCell, nn.LSTMCell and nn.GRUCell, called step by step.

A call that starts from exactly the state which an earlier one gave continues its chain. The gradient of that state has
two parts: what comes back from the next call (the recursion) and all else (the outside). They are never subtracted:
the caller gets a copy of each state, whose gradient is the outside's alone, and the next call reads the state itself.
"""

from .graph import like_the_first_time, note_gradient, taken
from .hooks import Hook
from .records import ModuleRecord, autocast_type
from .sequences import Chain, Tip, Tips
from .weights import full_name, weight_names
from .whole import call_arguments


class CellModule:
    """Hooks of one cell during one update."""

    def __init__(self, name, module, update):
        self.name = name
        self.module = module
        self.update = update
        self.names = weight_names(module)[0][0]
        self.record = ModuleRecord.of(name, module)
        self.records = [self.record]
        self.tips = Tips()
        self.pending = None
        self.lent = []
        self.handles = []

    def install(self):
        self.handles = [
            self.module.register_forward_pre_hook(Hook(self._before), with_kwargs=True),
            self.module.register_forward_hook(Hook(self._after), with_kwargs=True, prepend=True),
        ]

    def remove(self):
        for handle in self.handles:
            handle.remove()
        self.handles = []
        self.pending = None
        self.tips.clear()
        self._give_weights_back()

    # A call

    def _before(self, module, arguments, named):
        with self.update.clock:
            self._give_weights_back()
            self.pending = None
            if not self.update.captures_call(self.record, module, self.module):
                return None
            inputs, state = call_arguments(arguments, named)
            chain, state = self._continue_or_begin(inputs, state)
            values, gradients = {"x": inputs.detach().clone()}, {}
            if inputs.requires_grad:
                values["asks"] = True
            tokens = self.update.tokens.of(inputs)
            if tokens is not None:
                values["tokens"] = tokens
            self.pending = chain, values, gradients
            inputs = taken(inputs, self.update, gradients, "x")
            self._lend_weights(inputs, beginning=not chain.steps)
            return (inputs, state), {}

    def _after(self, module, arguments, named, result):
        with self.update.clock:
            if self.update.recomputing:
                return like_the_first_time(result)
            if self.pending is None:
                return None
            self._give_weights_back()
            (chain, values, gradients), self.pending = self.pending, None
            states = result if isinstance(result, tuple) else (result,)
            self.record.computed_in(states[0])
            if not chain.steps:
                self.record.sequences.append(chain)
            chain.steps.append((values, gradients))
            tip = Tip(chain)
            for name, state in zip(("h", "c"), states):
                values[name] = state.detach().clone()
                note_gradient(tip.add(state), self.update, gradients, name)
            self.tips.add(tip)
            return tuple(tip.given) if isinstance(result, tuple) else tip.given[0]

    def _continue_or_begin(self, inputs, state):
        states = () if state is None else state if isinstance(state, (tuple, list)) else (state,)
        tip = self.tips.take(states)
        if tip is not None:
            read = tuple(tip.own)
            return tip.sequence, read if isinstance(state, (tuple, list)) else read[0]
        chain = Chain(unbatched=inputs.dim() == 1)
        read = []
        for name, tensor in zip(("h", "c"), states):
            chain.keep(name + "0", tensor)
            read.append(taken(tensor, self.update, chain.gradients, f"grad_{name}0"))
        if state is None:
            return chain, None
        return chain, tuple(read) if isinstance(state, (tuple, list)) else read[0]

    # Weights

    def _lend_weights(self, inputs, beginning):
        """Lets the call read views of the parameters: attributes of the module, which go before parameters."""
        separately = autocast_type(inputs.device.type) is None
        found = {}
        for kind, name in self.names.items():
            parameter = self.module._parameters.get(name)
            if parameter is not None:
                weight = self.update.weights.plain(full_name(self.name, name), parameter)
                weight.check_unchanged(thoroughly=beginning)
                read = weight.read(separately)
                if read is not parameter:
                    self.module.__dict__[name] = read
                    self.lent.append(name)
            else:
                tensor = getattr(self.module, name)
                weight = self.update.weights.effective(full_name(self.name, name), tensor)
                made_anew = getattr(self.module, name) is not tensor
                if made_anew and tensor.requires_grad:
                    self.update.note(
                        f"{full_name(self.name, name)} is parametrised: its gradient is not known, and not checked"
                    )
                weight.read(tensor, again=made_anew)
            found[kind] = weight
        if not self.record.layers:
            self.record.layers = [[found]]

    def _give_weights_back(self):
        for name in self.lent:
            self.module.__dict__.pop(name, None)
        self.lent = []
