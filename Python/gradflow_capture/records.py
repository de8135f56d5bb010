"""What is known of one module in one update, before it is written."""

import torch

from .discovery import CELLS, cell_of, class_name, torch_class

WIDTH = {torch.float16: 0, torch.bfloat16: 0, torch.float32: 1, torch.float64: 2}
NAMES = {torch.float16: "float16", torch.bfloat16: "bfloat16", torch.float32: "float32", torch.float64: "float64"}


class ModuleRecord:
    def __init__(self, name, class_name, *, cell, layer_count, bidirectional, input_size, hidden_size):
        self.name = name
        self.class_name = class_name
        self.cell = cell
        self.layer_count = layer_count
        self.bidirectional = bidirectional
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.layers = []  # by layer, then by direction: kinds of weights to Weights
        self.sequences = []
        self.types = set()
        self.problem = None
        self.recomputed = False
        self.without_gradients = {"torch.no_grad": 0, "inference mode": 0}

    @classmethod
    def of(cls, name, module):
        """That of a module of PyTorch's, or of a cell, which is one layer that reads forward."""
        is_cell = torch_class(module) in CELLS
        return cls(
            name,
            class_name(module),
            cell=cell_of(module),
            layer_count=1 if is_cell else module.num_layers,
            bidirectional=False if is_cell else module.bidirectional,
            input_size=module.input_size,
            hidden_size=module.hidden_size,
        )

    @property
    def title(self):
        return self.name or "the model itself"

    @property
    def was_called(self):
        return bool(self.sequences) or self.problem is not None or any(self.without_gradients.values())

    def refuse(self, problem):
        """The first problem stands."""
        if self.problem is None:
            self.problem = problem

    def weights(self):
        return [weight for layer in self.layers for direction in layer for weight in direction.values()]

    def computed_in(self, tensor):
        kind = tensor.dtype
        autocast = autocast_type(tensor.device.type)
        if autocast in WIDTH and WIDTH[autocast] < WIDTH.get(kind, 0):
            kind = autocast
        self.types.add(kind)

    def type_name(self):
        known = sorted((kind for kind in self.types if kind in WIDTH), key=lambda kind: (WIDTH[kind], str(kind)))
        return NAMES[known[0]] if known else "float32"

    def final_problem(self, *, backward_calls):
        """Why the module cannot be diagnosed, in a sentence with the way out; None if it can."""
        if self.problem is not None:
            return self.problem
        for weight in self.weights():
            if weight.problem is not None:
                return weight.problem
        if self.sequences and any(sequence.reached for sequence in self.sequences):
            return None
        return self.why_no_gradients(backward_calls=backward_calls)

    def why_no_gradients(self, *, backward_calls):
        if not self.sequences:
            if self.without_gradients["inference mode"]:
                return "it ran in inference mode, which keeps no gradients: run it without torch.inference_mode()"
            if self.without_gradients["torch.no_grad"] and self.recomputed:
                return "it ran in a checkpoint whose first pass has no graph: give the checkpoint use_reentrant=False"
            if self.without_gradients["torch.no_grad"]:
                return "it ran under torch.no_grad, which keeps no gradients: run it without torch.no_grad()"
            return "it was not called in this update: call the model inside the with-block"
        if backward_calls == 0:
            return "no backward followed its calls: call loss.backward() inside the with-block"
        return (
            "backward never reached it: let the loss depend on its output (is it detached, or is the loss "
            "of another module? Gradients taken by torch.autograd.grad are not captured, those of backward() are)"
        )


def autocast_type(device):
    """The type in which autocast computes on that kind of device; None if it is off."""
    try:
        return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else None
    except (AttributeError, TypeError, RuntimeError):  # before PyTorch 2.4
        if device == "cpu":
            return torch.get_autocast_cpu_dtype() if torch.is_autocast_cpu_enabled() else None
        return torch.get_autocast_gpu_dtype() if torch.is_autocast_enabled() else None
