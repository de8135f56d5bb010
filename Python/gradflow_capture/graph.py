"""Where the graph of autograd is cut into what a module is and what lies outside."""


import torch
from torch.nn.utils.rnn import PackedSequence


def taken(tensor, update, gradients, name):
    """What a module reads in place of a tensor: the gradient of it is what flows out of this module alone."""
    if not tensor.requires_grad:
        return tensor
    read = tensor.view_as(tensor)
    note_gradient(read, update, gradients, name)
    return read


def outside(tensor, update, gradients, name):
    """What a caller gets of a tensor that a module made, with the gradient that comes from outside noted."""
    given = free_standing(tensor)
    note_gradient(given, update, gradients, name)
    return given


def free_standing(tensor):
    """The tensor or a copy: one that asks for a gradient, and whose hook survives if the caller changes it in place.

    That of a frozen module asks for a gradient, which changes no number. It is copied, since a leaf that asks for one
    cannot be changed in place; so is a view, whose hook would be lost.
    """
    if not tensor.requires_grad:
        return tensor.detach().requires_grad_().clone()
    return tensor.clone() if tensor._is_view() else tensor


def note_gradient(tensor, update, gradients, name):
    def hook(gradient):
        update.receive(gradients, name, gradient)

    tensor.register_hook(hook)


def like_the_first_time(result):
    """In a checkpoint's second forward pass: what asked for a gradient in the first one has to here."""
    if not torch.is_grad_enabled():
        return None
    if isinstance(result, tuple) and not isinstance(result, PackedSequence):
        return tuple(like_the_first_time(part) for part in result)
    if isinstance(result, PackedSequence):
        return PackedSequence(free_standing(result.data), *result[1:])
    return free_standing(result)
