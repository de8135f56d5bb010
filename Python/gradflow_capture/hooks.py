"""Hooks that a copy of the module does not take along.

A user may copy or save the whole model (copy.deepcopy, torch.save) while an update is being captured. The copy is no part of
the capture, has to work without it, and is loaded where this package is not installed.
"""

import functools
import sys


class Hook:
    """Calls a method; of a copy, calls nothing."""

    def __init__(self, method):
        self.method = method

    def __call__(self, *arguments):
        return self.method(*arguments)

    def __reduce__(self):
        # A function of the standard library that takes anything and returns None.
        return functools.partial, (sys.audit, "gradflow_capture.hook_of_a_copy")


class Forward:
    """Stands in for a module's forward; of a copy, is the forward that its class has."""

    def __init__(self, module, method):
        self.module = module
        self.method = method

    def __call__(self, *arguments, **named):
        return self.method(*arguments, **named)

    def __reduce__(self):
        return functools.partial, (type(self.module).forward, self.module)


def has_own_forward(module):
    """Whether somebody replaced the forward of this one module."""
    forward = module.__dict__.get("forward")
    is_its_class = isinstance(forward, functools.partial) and forward.func is type(module).forward  # of a copy
    return forward is not None and not is_its_class
