"""Brings a window before the eyes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def bring_up(window: QWidget) -> None:
    """Shown, above the others, with the keyboard."""
    window.show()
    window.raise_()
    window.activateWindow()
