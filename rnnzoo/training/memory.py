"""Memory that a training process keeps."""

import ctypes

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # of glibc's malloc.h


def keep_freed_memory() -> None:
    """Has the C library keep what is freed, for what is asked for next.

    Every step of training asks for the same large buffers. By default glibc gives them
    back to the system each time and gets them anew, cleared page by page, which took a
    sixth of a training's time. Does nothing where the C library is another one.
    """
    try:
        tune = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    tune(_MMAP_MAX, 0)
    tune(_TRIM_THRESHOLD, 2**31 - 1)
