"""Why the system refused a file, in the language in force. Pure.

The system's own sentence follows the locale of the process, which Python leaves at C.
"""

from __future__ import annotations

import errno

from app.wording.language import phrase

_REASONS = {
    errno.EACCES: phrase("Permission denied"),
    errno.EPERM: phrase("Operation not permitted"),
    errno.ENOENT: phrase("No such file or directory"),
    errno.EISDIR: phrase("Is a directory"),
    errno.ENOTDIR: phrase("Not a directory"),
    errno.ENOSPC: phrase("No space left on device"),
    errno.EROFS: phrase("Read-only file system"),
    errno.ENAMETOOLONG: phrase("File name too long"),
    errno.EIO: phrase("Input/output error"),
}


def reason_words(error: OSError) -> str:
    """The reason in words; one that is not on the list in the system's own, or as its kind."""
    known = _REASONS.get(error.errno or 0)
    return known() if known is not None else error.strerror or type(error).__name__
