"""Memory management of a training process."""

import ctypes

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # of glibc's malloc.h


def keep_freed_memory() -> None:
    """Tells glibc to keep freed memory for the next allocation.

    Every training step allocates the same large buffers. By default glibc returns them
    to the system each time and gets them again, cleared page by page, which took a
    sixth of the training time. Does nothing with another C library.
    """
    try:
        tune = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    tune(_MMAP_MAX, 0)
    tune(_TRIM_THRESHOLD, 2**31 - 1)
