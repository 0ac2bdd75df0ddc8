"""Imports PyJWT without the `cryptography` package.

PyJWT wants it only to check signatures, and it would cost 4 to 9 MB for good. Nothing here
checks signatures (see `tokens`), so the first reading of claims is prepared by this import.
"""

from __future__ import annotations

import sys

_PACKAGE = "cryptography"


def import_light_jwt() -> None:
    """Make `import jwt` cheap from now on; changes nothing where either is loaded already."""
    if _PACKAGE in sys.modules:
        return
    sys.modules[_PACKAGE] = None  # type: ignore[assignment]
    try:
        import jwt  # noqa: F401, PLC0415 - this import is the point
    finally:
        del sys.modules[_PACKAGE]
