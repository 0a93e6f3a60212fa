"""The memory that photos and long lists take for a moment goes back to the system."""

import ctypes

MMAP_THRESHOLD = -3  # the name of M_MMAP_THRESHOLD in malloc.h
LARGE = 256 * 1024  # bytes


def give_back_large_blocks():
    """Let each large block go back to the system when it is freed; for the whole process.

    glibc does so only above a size that it raises with each such block, to 32 MB: after a photo of 12
    megapixels a web process kept 45 MB more for ever. Other C libraries have no such rule.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, LARGE)
