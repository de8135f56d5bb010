"""Captures what recurrent modules read and autograd's gradients of it, for `gradflow diagnose`.

    from gradflow_capture import capture

    with capture(model, "run1"):
        loss = criterion(model(x), y)
        loss.backward()

`capture` needs PyTorch, which is imported when it is first asked for. `capture_arrays` needs NumPy alone.
"""

from .arrays import capture_arrays
from .errors import CaptureError
from .flax import flax_gru, flax_lstm, flax_rnn
from .version import __version__

__all__ = ["CaptureError", "__version__", "capture", "capture_arrays", "flax_gru", "flax_lstm", "flax_rnn"]


def __getattr__(name):
    if name != "capture":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "gradflow_capture.capture needs PyTorch (pip install torch); capture_arrays works without it"
        ) from error
    from .session import Capture

    return Capture
