"""One captured update: hooks while it runs, then what they gathered, as it is written."""

import math
import time

import numpy
import torch

from . import backward, eager
from .cells import CellModule
from .discovery import CELLS, named_modules, torch_class, why_not_captured
from .folder import UpdateFiles
from .hooks import has_own_forward
from .layerwise import LayeredModule
from .records import ModuleRecord
from .sequences import joined
from .tokens import Tokens
from .weights import Weights
from .whole import WholeModule


class Clock:
    """Time spent inside `with clock`, however deeply it is nested."""

    def __init__(self):
        self.seconds = 0.0
        self.depth = 0
        self.since = 0.0

    def __enter__(self):
        if self.depth == 0:
            self.since = time.perf_counter()
        self.depth += 1

    def __exit__(self, *exception):
        self.depth -= 1
        if self.depth == 0:
            self.seconds += time.perf_counter() - self.since


class Update:
    def __init__(self, model, number, clock):
        self.model = model
        self.number = number
        self.clock = clock
        self.weights = Weights(self)
        self.tokens = Tokens(model, self)
        self.hooks = []
        self.not_captured = []
        self.notes = {}
        self.losses = []
        self.backward_calls = 0
        self.depth = 0  # of calls of backward within one another
        self.refusal = None  # of all modules
        self.created_graph = False
        self.eager = False
        self.records = []
        self.modules = named_modules(model)

    # While it runs

    def begin(self):
        several = runs_on_several_devices(self.model)
        for name, module in self.modules:
            reason = why_not_captured(module)
            if reason is not None:
                self.not_captured.append({"name": name, "class": type(module).__name__, "reason": reason})
            elif torch_class(module) is not None:
                self.hooks.append(self._hooks(name, module, several))
        for hooks in self.hooks:
            hooks.install()
        self.tokens.install()
        backward.listen(self)
        eager.force_eager()
        self.eager = True

    def end(self):
        """Leaves the model and PyTorch as they were."""
        backward.stop_listening(self)
        if self.eager:
            eager.allow_compiled()
            self.eager = False
        for hooks in self.hooks:
            hooks.remove()
        self.tokens.remove()
        self.weights.release()

    def _hooks(self, name, module, several):
        if several:
            return Refused(name, module, "nn.DataParallel runs it on several devices at once: capture on one device")
        if torch_class(module) in CELLS:
            return CellModule(name, module, self)
        if module.proj_size if hasattr(module, "proj_size") else 0:
            return Refused(name, module, "its states are projected (proj_size), which is not supported: use proj_size=0")
        if module.num_layers > 1 and module.dropout > 0:
            if has_own_forward(module):
                return Refused(name, module, "its forward was replaced: capture the module as torch.nn has it")
            return LayeredModule(name, module, self)
        return WholeModule(name, module, self)

    @property
    def recomputing(self):
        """Forward passes inside backward are the second ones of checkpoints."""
        return self.depth > 0

    def captures_call(self, record, actual, expected):
        if self.recomputing:
            record.recomputed = torch.is_grad_enabled()
            return False
        if actual is not expected:
            record.refuse("it ran as a copy (of nn.DataParallel?): capture on one device, without copies")
            return False
        if torch.is_inference_mode_enabled():
            record.without_gradients["inference mode"] += 1
            return False
        if not torch.is_grad_enabled():
            record.without_gradients["torch.no_grad"] += 1
            return False
        if inside_transform():
            record.refuse("it ran inside a transform of torch.func: capture it outside, with loss.backward()")
            return False
        return True

    def note(self, text):
        self.notes[text] = None

    def receive(self, gradients, name, gradient):
        """Adds a gradient that came in a backward; returns a copy of it, or None if none is running."""
        with self.clock:
            if self.depth == 0:  # torch.autograd.grad
                if torch.is_grad_enabled():
                    self.created_graph = True
                return None
            if torch.is_grad_enabled():
                self.created_graph = True
            if gradient is None:  # some kernels say so of a result that nothing read
                return None
            kept = gradient.detach().clone()
            if kept.dtype in (torch.float16, torch.bfloat16):
                kept = kept.float()
            gradients[name] = gradients[name] + kept if name in gradients else kept
            return kept

    def backward_begins(self, tensors, gradients):
        with self.clock:
            self.depth += 1
            if self.depth > 1:
                return
            self.backward_calls += 1
            if self.created_graph:
                self.refusal = (
                    "gradients of gradients (create_graph=True) went through the model in this update, "
                    "which a diagnosis of first gradients cannot reproduce: capture an update without them"
                )
            tensors = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
            if gradients is None or isinstance(gradients, torch.Tensor):
                gradients = [gradients]
            gradients = list(gradients) + [None] * (len(tensors) - len(gradients))
            for tensor, gradient in zip(tensors, gradients):
                if tensor.numel() == 1:
                    value = tensor.detach().double().reshape(())
                    self.losses.append(value if gradient is None else value * gradient.detach().double().reshape(()))

    def backward_ends(self, failed):
        self.depth -= 1
        if failed:
            self.refusal = "a call of backward raised an error: capture an update whose calls all succeed"

    # What it gathered

    def collect(self):
        """The update as it is written, or why nothing of it can be diagnosed."""
        files, modules, parameters = {}, [], []
        self.records = [record for hooks in self.hooks for record in hooks.records]
        places = self._place_weights()
        sharing = self._parameters_of_others()
        for index, record in enumerate(self.records):
            file = f"m{index}.npz"
            files[file] = {}
            problem = self.refusal or record.final_problem(backward_calls=self.backward_calls)
            sequences = []
            for number, sequence in enumerate(joined(record.sequences, record)):
                name = f"m{index}-c{number}.npz"
                files[name] = arrays = self._arrays(sequence)
                sequences.append(describe_sequence(name, sequence, arrays))
            modules.append(
                {
                    "name": record.name,
                    "class": record.class_name,
                    "cell": record.cell,
                    "layer_count": record.layer_count,
                    "bidirectional": record.bidirectional,
                    "input_size": record.input_size,
                    "hidden_size": record.hidden_size,
                    "type": record.type_name(),
                    "file": file,
                    "sha256": None,
                    "layers": [
                        [{kind: places[weight][0] for kind, weight in direction.items()} for direction in layer]
                        for layer in (with_all_kinds(layer) for layer in record.layers)
                    ],
                    "sequences": sequences,
                    "problem": problem,
                }
            )
            for mode, count in record.without_gradients.items():
                if count and record.sequences:
                    self.note(f"{record.title}: {count} calls under {mode} are left out, for they have no gradients")
        for weight, (number, file) in places.items():
            if weight is None:
                continue
            gradient = weight.gradient()
            files[file][f"p{number}"] = as_array(weight.value)
            if gradient is not None:
                files[file][f"g{number}"] = as_array(gradient)
            shared = id(getattr(weight, "parameter", None)) in sharing
            parameters.append(
                {
                    "name": weight.name,
                    "shape": weight.shape,
                    "file": file,
                    "key": f"p{number}",
                    "trained": weight.trained,
                    "gradient": None if gradient is None else f"g{number}",
                    "used_elsewhere": shared or (weight.used_elsewhere and not weight.read_directly),
                }
            )
        loss = float(sum(self.losses)) if self.losses else None
        if loss is not None and not math.isfinite(loss):
            self.note(f"the loss is {loss}")
            loss = None
        description = {
            "loss": loss,
            "backward_calls": self.backward_calls,
            "modules": modules,
            "parameters": parameters,
            "not_captured": self.not_captured,
            "notes": list(self.notes),
        }
        return UpdateFiles(self.number, description, files)

    def _place_weights(self):
        """By weight: its number, and the file of the first module that has it."""
        places = {None: (None, None)}
        for index, record in enumerate(self.records):
            for weight in record.weights():
                if weight not in places:
                    places[weight] = len(places) - 1, f"m{index}.npz"
        return places

    def _parameters_of_others(self):
        """Identities of parameters that a module has which is not captured."""
        return {
            id(parameter)
            for _, module in self.modules
            if torch_class(module) is None
            for parameter in module.parameters(recurse=False)
        }

    def _arrays(self, sequence):
        arrays = sequence.arrays()
        tokens = sequence.time_major_tokens()
        if tokens is None:
            tokens = self.tokens.of_values(arrays["inputs"], arrays.get("lengths"))
        if tokens is not None:
            arrays["tokens"] = tokens
        return {name: as_array(tensor) for name, tensor in arrays.items()}


class Refused:
    """A module that cannot be captured, and why."""

    def __init__(self, name, module, problem):
        record = ModuleRecord.of(name, module)
        record.refuse(problem)
        self.records = [record]

    def install(self):
        pass

    def remove(self):
        pass


def describe_sequence(name, sequence, arrays):
    return {
        "file": name,
        "sha256": None,
        "steps": arrays["inputs"].shape[0],
        "batch": arrays["inputs"].shape[1],
        "packed": sequence.packing is not None,
        "batch_first": sequence.batch_first,
        "unbatched": sequence.unbatched,
        "calls": sequence.calls,
        "problem": None if sequence.reached else "backward did not reach it: the loss does not depend on its output",
    }


def with_all_kinds(layer):
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return [{kind: direction.get(kind) for kind in kinds} for direction in layer]


def as_array(tensor):
    tensor = tensor.detach().cpu()
    if tensor.dtype in (torch.float16, torch.bfloat16):
        tensor = tensor.float()
    elif not tensor.dtype.is_floating_point:
        tensor = tensor.long()
    return numpy.ascontiguousarray(tensor.numpy())


def runs_on_several_devices(model):
    return any(
        isinstance(module, torch.nn.DataParallel) and len(module.device_ids) > 1 for module in model.modules()
    )


def inside_transform():
    try:
        return torch._C._functorch.peek_interpreter_stack() is not None
    except AttributeError:
        return False
