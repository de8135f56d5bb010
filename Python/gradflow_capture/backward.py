"""Who wants to know of calls of backward.

`Tensor.backward` calls `torch.autograd.backward`. While somebody listens, and only then, that is a function which tells
the listeners and calls the original.
"""

import torch

_listeners = []
_original = None


def listen(listener):
    """From now on calls `listener.backward_begins(tensors, gradients)` and `listener.backward_ends(failed)`."""
    global _original
    if not _listeners:
        _original = torch.autograd.backward
        torch.autograd.backward = _backward
    _listeners.append(listener)


def stop_listening(listener):
    if listener not in _listeners:
        return
    _listeners.remove(listener)
    if not _listeners and torch.autograd.backward is _backward:
        torch.autograd.backward = _original


def _backward(tensors, grad_tensors=None, *args, **kwargs):
    listeners = list(_listeners)
    for listener in listeners:
        listener.backward_begins(tensors, grad_tensors)
    failed = True
    try:
        result = _original(tensors, grad_tensors, *args, **kwargs)
        failed = False
        return result
    finally:
        for listener in listeners:
            listener.backward_ends(failed)
