"""The folder of a capture: numpy arrays and JSON, written so that only whole updates are ever in it."""

import datetime
import hashlib
import json
import os
import re
import shutil

import numpy

from .errors import CaptureError
from .version import __version__

FORMAT = "gradflow-capture"
VERSION = 1
WRITER = f"gradflow-capture {__version__}"
UPDATE_FOLDER = re.compile(r"update-\d{7,}(\.partial)?")


class CaptureFolder:
    """Writes updates one by one. `capture.json` is replaced after each, so that it lists whole updates only."""

    def __init__(self, path, *, model, framework, every=None):
        self.path = os.fspath(path)
        self.description = {
            "format": FORMAT,
            "version": VERSION,
            "writer": WRITER,
            "framework": framework,
            "model": model,
            "started": None,
            "every": every,
            "updates": [],
            "finished": False,
            "seconds": None,
        }
        self.made = False

    def open(self, overwrite=False):
        """Makes the folder, or raises CaptureError if nothing can be written there."""
        try:
            self.made = not os.path.isdir(self.path)
            os.makedirs(self.path, exist_ok=True)
            entries = sorted(os.listdir(self.path))
            if entries:
                self._clear(entries, overwrite)
            probe = os.path.join(self.path, "capture.json.partial")
            with open(probe, "w"):
                pass
            os.remove(probe)
        except OSError as error:
            raise CaptureError(f"{self.path}: cannot write a capture there ({error.strerror or error})") from error
        self.description["started"] = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def continue_earlier(self):
        """Goes on with the capture that the folder holds, if it holds one; returns whether it does."""
        path = os.path.join(self.path, "capture.json")
        if not os.path.exists(path):
            return False
        with open(path, encoding="utf-8") as file:
            earlier = json.load(file)
        if earlier.get("format") != FORMAT or earlier.get("version") != VERSION:
            raise CaptureError(f"{self.path}: its capture is not of version {VERSION} of the format; name another folder")
        self.description = earlier
        return True

    def _clear(self, entries, overwrite):
        foreign = [name for name in entries if not self._is_ours(name)]
        if foreign:
            raise CaptureError(
                f"{self.path} is not empty and not only a capture (it holds {foreign[0]}); name a new folder"
            )
        if not overwrite:
            raise CaptureError(
                f"{self.path} holds an earlier capture; name another folder, or replace it with overwrite=True"
            )
        # The list of updates goes first: a folder that was cleared in part is no capture.
        for name in sorted(entries, key=lambda name: not name.startswith("capture.json")):
            path = os.path.join(self.path, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    @staticmethod
    def _is_ours(name):
        return name in ("capture.json", "capture.json.partial") or UPDATE_FOLDER.fullmatch(name) is not None

    def write(self, update):
        """Writes an update: its description, whose "file" entries name arrays in `update.files`."""
        name = f"update-{update.number:07d}"
        partial = os.path.join(self.path, name + ".partial")
        if os.path.isdir(partial):
            shutil.rmtree(partial)
        os.mkdir(partial)
        try:
            for module in update.description["modules"]:
                for entry in [module, *module["sequences"]]:
                    path = os.path.join(partial, entry["file"])
                    numpy.savez(path, **update.files[entry["file"]])
                    entry["sha256"] = sha256_of_file(path)
            content = as_json(update.description)
            with open(os.path.join(partial, "update.json"), "wb") as file:
                file.write(content)
            os.rename(partial, os.path.join(self.path, name))
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        self.description["updates"].append(
            {"update": update.number, "folder": name, "sha256": hashlib.sha256(content).hexdigest()}
        )
        self._write_list()

    def finish(self, total=None, capturing=None):
        self.description["finished"] = True
        if total is not None:
            self.description["seconds"] = {"total": round(total, 6), "capturing": round(capturing, 6)}
        self._write_list()

    def discard_if_empty(self):
        """Leaves no empty folder behind that was not there before."""
        if self.made and os.path.isdir(self.path) and not os.listdir(self.path):
            os.rmdir(self.path)

    def _write_list(self):
        path = os.path.join(self.path, "capture.json")
        with open(path + ".partial", "wb") as file:
            file.write(as_json(self.description))
        os.replace(path + ".partial", path)


class UpdateFiles:
    """An update as it is written: a description and the arrays of every file that it names."""

    def __init__(self, number, description, files):
        self.number = number
        self.files = files
        self.description = {"format": FORMAT + "-update", "version": VERSION, "update": number, **description}


def as_json(description):
    return (json.dumps(description, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def sha256_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
