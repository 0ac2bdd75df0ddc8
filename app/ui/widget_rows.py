"""Rows of widgets whose number changes: made when there are too few, hidden when too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def as_many(widgets: list[W], wanted: int, made: Callable[[], W]) -> list[W]:
    """`widgets` with so many of them visible; what is missing is made, what is over is hidden."""
    while len(widgets) < wanted:
        widgets.append(made())
    for index, widget in enumerate(widgets):
        widget.setVisible(index < wanted)
    return widgets
