"""The desktop turns dark, or asks for contrast, while windows are open: no old colour stays."""

from __future__ import annotations

import pytest
from gallery.render import PARTS
from gallery.windows import settle, show, windows
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from support.pictures import differing_pixels

from app.ui.theme import Theme

_WINDOWS = tuple(part for part in PARTS if part not in ("icons", "menus"))
_ALIKE = "start-"  # the settings, but for the words of one row
_MOST = 0.001  # of a picture: where a text cursor stands


def _picture(window: QWidget) -> QImage:
    settle()
    return window.grab().toImage()


def _end(*windows: QWidget) -> None:
    for one in windows:
        one.hide()
        one.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("part", _WINDOWS)
@pytest.mark.parametrize(
    ("desktop", "wants_contrast"),
    [(Qt.ColorScheme.Dark, False), (Qt.ColorScheme.Light, True)],
    ids=["dark", "contrast"],
)
def test_open_windows_look_like_new_ones(
    part: str, desktop: Qt.ColorScheme, wants_contrast: bool, look: Theme
) -> None:
    bad = {}
    shown, fresh = (windows(part, "en", "light") for _ in range(2))
    while True:
        look.follow("system")
        look.note_desktop(Qt.ColorScheme.Light, wants_contrast=False)
        name, switched = next(shown, ("", None))
        if switched is None:
            break
        if name.startswith(_ALIKE):
            _end(switched, next(fresh)[1])
            continue
        show(switched)
        settle()
        look.note_desktop(desktop, wants_contrast=wants_contrast)
        picture = _picture(switched)
        switched.hide()
        _name, new = next(fresh)
        show(new)
        expected = _picture(new)
        if picture.size() != expected.size():
            bad[name] = 1.0
        else:
            share = differing_pixels(picture, expected) / (picture.width() * picture.height())
            if share > _MOST:
                bad[name] = round(share, 4)
        _end(switched, new)
    assert not bad
