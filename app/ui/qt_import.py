"""Imports Qt, and takes away the `import` that reads the source of whatever comes after.

For the sake of `from __feature__ import …`, which nobody here uses, PySide6 replaces
`builtins.__import__` and documents that the one before stays in `builtins.__orig_import__`.
Its own searches the source of every module imported later for a word, and `linecache` keeps
all of it: 11 MB, and a good part of the start.
"""

from __future__ import annotations

import builtins
import importlib
import linecache


def import_qt() -> None:
    """To be called before the rest of Qt, and of the program, is imported."""
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    linecache.clearcache()
