"""Weights as the modules used them, and autograd's own gradients of them.

A module of a captured update reads a view of each parameter instead of the parameter, so that the gradient which comes
through captured calls stands apart from what other readers (a penalty, a tied layer) add to `parameter.grad`.
"""

import torch


class Weight:
    def __init__(self, name, tensor):
        self.name = name
        self.value = tensor.detach().clone()
        self.shape = list(tensor.shape)
        self.trained = tensor.requires_grad
        self.gradients = {}
        self.read_directly = False
        self.used_elsewhere = False
        self.unknown_gradient = False
        self.problem = None

    def gradient(self):
        """Through the captured calls; None if none came, or none can be known."""
        if self.unknown_gradient:
            return None
        return self.gradients.get("whole" if self.read_directly else "captured")


class PlainWeight(Weight):
    """A parameter."""

    def __init__(self, name, parameter, update):
        super().__init__(name, parameter)
        self.parameter = parameter
        self.version = parameter._version
        self.view = None
        self.handle = None
        self.update = update
        self.latest = None
        if parameter.requires_grad:
            self.handle = parameter.register_hook(self._receive_whole)

    def read(self, separately):
        """What a captured call reads: the view, or the parameter itself."""
        if not self.parameter.requires_grad:
            return self.parameter
        if not separately:
            self.read_directly = True
            return self.parameter
        if self.view is None:
            self.view = self.parameter.view_as(self.parameter)
            self.view.register_hook(self._receive)
        return self.view

    def check_unchanged(self, thoroughly):
        if self.parameter._version != self.version or (thoroughly and not torch.equal(self.parameter, self.value)):
            self.problem = (
                f"{self.name} changed between two calls of one update (as under an optimizer that takes a closure, "
                "like LBFGS): end each update by optimizer.step(), or by step() of the capture"
            )

    def _receive(self, gradient):
        self.latest = self.update.receive(self.gradients, "captured", gradient)

    def _receive_whole(self, gradient):
        whole = self.update.receive(self.gradients, "whole", gradient)
        if whole is not None and not self.read_directly:
            with self.update.clock:
                if self.latest is None or not torch.equal(whole, self.latest):
                    self.used_elsewhere = True
        self.latest = None

    def release(self):
        if self.handle is not None:
            self.handle.remove()
        self.view = None


class EffectiveWeight(Weight):
    """What a parametrisation or a normalisation made of parameters; made anew at each call."""

    def __init__(self, name, tensor, update):
        super().__init__(name, tensor)
        self.update = update
        self.hooked = {}

    def read(self, tensor, again):
        if tensor.shape != self.value.shape or not torch.equal(tensor, self.value):
            self.problem = (
                f"the effective {self.name} changed between two calls of one update "
                "(a spectral norm in training does that): capture with the parametrisation in evaluation mode"
            )
        if not tensor.requires_grad:
            return
        if again:
            self.unknown_gradient = True
        elif id(tensor) not in self.hooked:
            self.hooked[id(tensor)] = tensor
            tensor.register_hook(self._receive)

    def _receive(self, gradient):
        self.update.receive(self.gradients, "captured", gradient)

    def release(self):
        self.hooked = {}


class Weights:
    """All weights that captured modules used in an update; a tensor that two modules share is one."""

    def __init__(self, update):
        self.update = update
        self.weights = []
        self._plain = {}
        self._effective = {}

    def plain(self, name, parameter):
        weight = self._plain.get(id(parameter))
        if weight is None:
            weight = self._plain[id(parameter)] = PlainWeight(name, parameter, self.update)
            self.weights.append(weight)
        return weight

    def effective(self, name, tensor):
        weight = self._effective.get(name)
        if weight is None:
            weight = self._effective[name] = EffectiveWeight(name, tensor, self.update)
            self.weights.append(weight)
        return weight

    def release(self):
        for weight in self.weights:
            weight.release()


def weight_names(module):
    """By layer, then by direction: the names under which a module of torch.nn has its weights."""
    if isinstance(module, torch.nn.RNNCellBase):
        suffixes = [[""]]
    else:
        directions = ["", "_reverse"] if module.bidirectional else [""]
        suffixes = [[f"_l{layer}{direction}" for direction in directions] for layer in range(module.num_layers)]
    kinds = ["weight_ih", "weight_hh"] + (["bias_ih", "bias_hh"] if module.bias else [])
    return [[{kind: kind + suffix for kind in kinds} for suffix in layer] for layer in suffixes]


def full_name(module_name, name):
    return f"{module_name}.{name}" if module_name else name
