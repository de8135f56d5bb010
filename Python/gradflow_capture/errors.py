class CaptureError(Exception):
    """A capture that cannot be made, with what to do about it."""
