"""Finds the files of `resources/`: inside the package (wheel, bundle), else next to it (checkout)."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parent / "resources"
_CHECKOUT = Path(__file__).parent.parent / "resources"


def resource_path(name: str) -> Path:
    """The path of `name`, relative to `resources/`, with forward slashes."""
    root = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return root / name


def read_bytes(name: str) -> bytes:
    """The content of one resource. Raises `FileNotFoundError` if it is not shipped."""
    return resource_path(name).read_bytes()
