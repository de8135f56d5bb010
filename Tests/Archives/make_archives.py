"""Writes the archives beside this file, each with the same arrays, in the ways that NumPy has of writing one.

stored.npz      numpy.savez
deflated.npz    numpy.savez_compressed
streamed.npz    numpy.savez_compressed into a pipe: sizes follow the data
wide.npz        numpy.savez_compressed with the 64-bit sizes and places that it gives to archives beyond 2 GiB
"""

import os
import zipfile

import numpy as np

folder = os.path.dirname(os.path.abspath(__file__))
arrays = {
    "double": np.arange(12, dtype="<f8").reshape(3, 4) / 8,
    "single": np.asfortranarray(-np.arange(6, dtype="<f4").reshape(2, 3) / 4),
    "whole": np.arange(-3, 4, dtype="<i8") << 40,
    "zeros": np.zeros((16, 16), dtype="<f4"),
    "scalar": np.float64(0.1),
    "empty": np.zeros((0, 5), dtype="<i8"),
}


class Pipe:
    """A file without places, as a pipe is one."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        self.file.flush()

    def read(self, *_):
        raise OSError("not readable")


def path(name):
    return os.path.join(folder, name + ".npz")


np.savez(path("stored"), **arrays)
np.savez_compressed(path("deflated"), **arrays)
with open(path("streamed"), "wb") as file:
    np.savez_compressed(Pipe(file), **arrays)
zipfile.ZIP64_LIMIT = 0
np.savez_compressed(path("wide"), **arrays)
