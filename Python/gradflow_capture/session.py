"""`with capture(model, folder):` which updates are captured, and what is said of them at the end."""

import shlex
import sys
import time
import weakref

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

from . import eager
from .discovery import kinds, named_modules, torch_class, why_not_captured
from .errors import CaptureError
from .folder import CaptureFolder
from .update import Clock, Update

_captured_models = weakref.WeakSet()
NOTHING_RAN = "no update was captured: call the model and loss.backward() inside the with-block"


class Capture:
    """Captures the recurrent modules of a model while the block runs.

        with capture(model, "run1"):
            loss = criterion(model(x), y)
            loss.backward()

    model      any torch.nn.Module that has an nn.RNN, nn.LSTM, nn.GRU or one of their cells in it
    folder     where to write; a new or an empty folder
    every      None: one update is captured, which ends at optimizer.step() or with the block.
               A number: of a training, updates 0, every, 2·every, … are captured
    overwrite  replaces an earlier capture in that folder
    quiet      prints nothing

    An update is all that happens between two calls of optimizer.step() of an optimizer that holds one of the model's
    parameters. Where no optimizer of torch.optim makes the updates, call `step()` of the capture after each. `updates` and
    `captured` count those that have ended, and those that were written.
    """

    def __init__(self, model, folder, *, every=None, overwrite=False, quiet=False):
        if not isinstance(model, torch.nn.Module):
            raise CaptureError(f"capture takes a torch.nn.Module, and this is a {type(model).__name__}")
        if every is not None and (isinstance(every, bool) or not isinstance(every, int) or every < 1):
            raise CaptureError(f"every={every!r}: give a whole number of updates from 1, or leave it out")
        self.model = model
        self.every = every
        self.overwrite = overwrite
        self.quiet = quiet
        check_can_be_captured(model)
        name = type(named_modules(model)[0][1]).__name__
        self.folder = CaptureFolder(folder, model=name, framework=f"torch {torch.__version__}", every=every)
        self.updates = 0  # that have ended
        self.captured = 0
        self._clock = Clock()
        self._update = None
        self._optimizers = weakref.WeakKeyDictionary()
        self._handle = None
        self._unusable = None
        self._summary = None
        self._problems = {}

    def __enter__(self):
        if self.model in _captured_models:
            raise CaptureError("the model is being captured already: end that block first")
        self._parameters = {id(parameter) for parameter in self.model.parameters()}
        with self._clock:
            self.folder.open(self.overwrite)
        self._started = time.perf_counter()
        _captured_models.add(self.model)
        try:
            self._handle = register_optimizer_step_post_hook(self._optimizer_stepped)
            self._begin_update()
        except BaseException:
            self._stop()
            self.folder.discard_if_empty()
            raise
        return self

    def step(self):
        """Ends an update that no optimizer of torch.optim makes."""
        if self._update is not None:
            self._end_update()
        self.updates += 1
        if self.every is not None and self.updates % self.every == 0:
            self._begin_update()

    def __exit__(self, kind, raised, traceback):
        try:
            if kind is None and self._update is not None and self._has_begun():
                self._end_update()
                self.updates += 1
        finally:
            self._stop()
            if kind is not None or self.captured == 0:
                self.folder.discard_if_empty()
        if kind is not None:
            if self.captured:
                self._say(f"{kind.__name__} ended the block: {self.folder.path} keeps {count(self.captured, 'update')}")
            return False
        total = time.perf_counter() - self._started
        if self.captured == 0:
            raise CaptureError(self._unusable or NOTHING_RAN)
        try:
            self.folder.finish(total, self._clock.seconds)
        except OSError as error:
            raise CaptureError(f"{self.folder.path}: cannot finish the capture ({error.strerror or error})") from error
        self._report(total)
        return False

    # Updates

    def _optimizer_stepped(self, optimizer, *_):
        holds = self._optimizers.get(optimizer)
        if holds is None:
            holds = self._optimizers[optimizer] = any(
                id(parameter) in self._parameters for group in optimizer.param_groups for parameter in group["params"]
            )
        if holds:
            self.step()

    def _begin_update(self):
        with self._clock:
            self._update = Update(self.model, self.updates, self._clock)
            self._update.begin()

    def _has_begun(self):
        """At the end of a training the next update may have been prepared, and nothing happened in it."""
        return self.every is None or self._update.backward_calls > 0

    def _end_update(self):
        update, self._update = self._update, None
        with self._clock:
            update.end()
            written = update.collect()
            modules = written.description["modules"]
            good = [module for module in modules if module["problem"] is None]
            if not good:
                self._unusable = why_unusable(modules)
                if self.every is not None:
                    self._say(f"warning: update {update.number} is left out: {self._unusable}")
                return
            try:
                self.folder.write(written)
            except OSError as error:  # a full disk ends no training
                self._unusable = f"{self.folder.path}: cannot write update {update.number} ({error.strerror or error})"
                self._say(f"warning: {self._unusable}")
                return
            self.captured += 1
            if self._summary is None:
                self._summary = summarise(good, written.description)
            for module in modules:
                if module["problem"] is not None:
                    self._problems.setdefault((module["name"], module["problem"]), update.number)
            for entry in written.description["not_captured"]:
                self._problems.setdefault((entry["name"], f"{entry['class']} {entry['reason']}"), update.number)
            for note in written.description["notes"]:
                self._problems.setdefault((None, note), update.number)

    def _stop(self):
        if self._handle is not None:
            self._handle.remove()
            self._handle = None
        if self._update is not None:
            self._update.end()
            self._update = None
        _captured_models.discard(self.model)

    # What is said

    def _report(self, total):
        self._say(f"{self.folder.path}: {self._summary}")
        for (name, problem), update in self._problems.items():
            where = f" (update {update})" if self.every is not None else ""
            self._say(f"note: {problem}{where}" if name is None else f"{name or 'the model itself'}: {problem}{where}")
        share = 100 * self._clock.seconds / total if total > 0 else 0.0
        self._say(
            f"captured {self.captured} of {count(self.updates, 'update')} in {self._clock.seconds:.2g} s of "
            f"{total:.3g} s ({share:.1f} %)"
        )
        self._say(f"next: gradflow diagnose {shlex.quote(self.folder.path)}")

    def _say(self, text):
        if not self.quiet:
            print(f"gradflow-capture: {text}", file=sys.stderr, flush=True)


def check_can_be_captured(model):
    modules = named_modules(model)
    if any(torch_class(module) is not None for _, module in modules):
        if eager.is_compiled(model) and not eager.can_force_eager():
            raise CaptureError("a compiled model needs PyTorch 2.6: capture the model as it is before torch.compile")
        return
    for name, module in modules:
        reason = why_not_captured(module)
        if reason is not None:
            raise CaptureError(f"{name or 'the model itself'} ({type(module).__name__}) {reason}")
    raise CaptureError(
        f"the model has no recurrent module (it has {kinds(model)}): capture takes nn.RNN, nn.LSTM, nn.GRU and their "
        "cells; hand the arrays of any other to capture_arrays"
    )


def why_unusable(modules):
    causes = {module["problem"]: None for module in modules}
    if len(causes) == 1 and len(modules) > 1:
        return f"none of the {len(modules)} recurrent modules can be diagnosed; of each: {modules[0]['problem']}"
    return "; ".join(f"{module['name'] or 'the model itself'}: {module['problem']}" for module in modules)


def summarise(modules, description):
    sequences = [sequence for module in modules for sequence in module["sequences"]]
    steps = sum(sequence["steps"] for sequence in sequences)
    loss = description["loss"]
    return ", ".join(
        [count(len(modules), "module"), count(len(sequences), "sequence"), count(steps, "step")]
        + ([] if loss is None else [f"loss {loss:.6g}"])
    )


def count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
