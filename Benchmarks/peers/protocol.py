"""What every peer shares: one thread, reading a case, timing, and the line protocol.

Import this module before any numerical library: the thread counts are set at import.

A peer runs as its documentation leads one to write it. With `--tuned` it is the fastest of the
ways we found: weight gradients as one product over all steps where that is faster, and an
allocator that keeps its memory, for as it comes it faults in fresh pages on every pass.

A peer hands `serve` a function `prepare(case)` that returns a function `run()`. Each call of
`run()` is one full pass (forward, backward, norms when instrumented) or a training of some
updates, finished when it returns and the same each time, and gives a dictionary of arrays keyed
by the names of the files to write.

A case is a directory: `case.json` has its sizes, every .npy file is an array. Weights have
PyTorch's names: `weight_hh_l0`.

On standard input, one JSON command per line; each is answered by one JSON line:

    {"load": DIR}      read the case and warm up     {"ready": true}
    {"results": DIR}   write one run as .npy files   {"written": [names]}
    {"time": SECONDS}  time repeated runs            {"microseconds": x, "runs": n}

A command that fails is answered by {"error": text}. A peer without its library prints
{"missing": name} instead of its first line and ends.
"""

import ctypes
import importlib
import json
import os
import statistics
import sys
import time
from pathlib import Path
from types import SimpleNamespace

THREAD_COUNTS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
# glibc's mallopt: keep freed memory, never map single blocks, one arena for all threads.
ALLOCATOR = {-1: 2**31 - 1, -4: 0, -8: 1}  # M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX
WARM_UP_RUNS = 3
LEAST_RUNS = 3

for variable in THREAD_COUNTS:
    os.environ[variable] = "1"

TUNED = "--tuned" in sys.argv

if TUNED and sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt"):
    for parameter, value in ALLOCATOR.items():
        ctypes.CDLL(None).mallopt(parameter, value)

# Answers own the real standard output; whatever a library prints goes to standard error.
_answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def answer(message):
    print(json.dumps(message), file=_answers, flush=True)


def library(name):
    """The named library; without it, the peer says so and ends."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):
        answer({"missing": name})
        sys.exit(0)


np = library("numpy")


def read_case(directory):
    """The case's sizes (cell, steps, batch, inputs, hidden, …) and, in `arrays`, its arrays."""
    directory = Path(directory)
    sizes = json.loads((directory / "case.json").read_text())
    arrays = {path.stem: np.load(path) for path in directory.glob("*.npy")}
    return SimpleNamespace(**sizes, arrays=arrays)


def write_results(results, directory):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for name, values in results.items():
        np.save(directory / f"{name}.npy", np.asarray(values, dtype=np.float32))
    return sorted(f"{name}.npy" for name in results)


def time_runs(run, seconds):
    """The duration in seconds of each run, for at least `seconds` and LEAST_RUNS runs."""
    durations = []
    start = before = time.perf_counter()
    while before - start < seconds or len(durations) < LEAST_RUNS:
        run()
        after = time.perf_counter()
        durations.append(after - before)
        before = after
    return durations


class Peer:
    """The commands, and the case they are about."""

    def __init__(self, prepare):
        self.prepare = prepare
        self.run = None

    def load(self, directory):
        self.run = None
        run = self.prepare(read_case(directory))
        for _ in range(WARM_UP_RUNS):
            run()
        self.run = run
        return {"ready": True}

    def results(self, directory):
        return {"written": write_results(self.loaded()(), directory)}

    def time(self, seconds):
        durations = time_runs(self.loaded(), seconds)
        return {"microseconds": statistics.median(durations) * 1e6, "runs": len(durations)}

    def loaded(self):
        if self.run is None:
            raise RuntimeError("no case is loaded")
        return self.run

    def obey(self, line):
        commands = {"load": self.load, "results": self.results, "time": self.time}
        ((name, argument),) = json.loads(line).items()
        return commands[name](argument)


def serve(name, version, prepare):
    """Answers commands until the end of standard input."""
    answer({"peer": name, "version": version, "tuned": TUNED})
    peer = Peer(prepare)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            message = peer.obey(line)
        except Exception as error:
            message = {"error": f"{type(error).__name__}: {error}"}
        answer(message)
