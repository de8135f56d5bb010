"""Compiled models run as they are written while an update is captured, for a compiled one calls no hooks."""

import sys

import torch

_users = 0
_stance = None


def force_eager():
    """Until `allow_compiled` is called as often. Before PyTorch 2.6 there is no way to, and nothing happens."""
    global _users, _stance
    _users += 1
    # Where nothing has loaded the compiler, nothing is compiled, and loading it takes seconds.
    if _users == 1 and "torch._dynamo" in sys.modules and can_force_eager():
        _stance = torch.compiler.set_stance("force_eager")
        _stance.__enter__()


def allow_compiled():
    global _users, _stance
    _users -= 1
    if _users == 0 and _stance is not None:
        _stance.__exit__(None, None, None)
        _stance = None


def can_force_eager():
    return hasattr(getattr(torch, "compiler", None), "set_stance")


def is_compiled(model):
    return any(
        type(module).__name__ == "OptimizedModule" or getattr(module, "_compiled_call_impl", None) is not None
        for module in model.modules()
    )
