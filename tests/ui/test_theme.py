"""Palettes, fonts and the live switch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessibilityHints, QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from support.style_sheets import NO_SHEET

from app.ui import labels, theme
from app.ui.colours import ALL, DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Colours
from app.ui.style_sheet import palette_for
from app.ui.theme import Theme
from app.wording import language

ROLE = QPalette.ColorRole


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    palette, font, sheet = QPalette(qapp.palette()), qapp.font(), qapp.styleSheet()
    yield qapp
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.setStyleSheet(sheet)


@pytest.mark.parametrize("colours", ALL, ids=["light", "dark", "high-light", "high-dark"])
def test_the_palette_tells_which_theme_it_is(colours: Colours) -> None:
    palette = palette_for(colours)
    assert theme.colours_of(palette) is colours
    assert palette.color(ROLE.WindowText) == QColor(colours.ink)
    assert palette.color(QPalette.ColorGroup.Disabled, ROLE.Text) == QColor(colours.faint)


@pytest.mark.parametrize(
    ("setting", "hint", "system", "expected"),
    [
        ("light", Qt.ColorScheme.Dark, DARK, LIGHT),
        ("dark", Qt.ColorScheme.Light, LIGHT, DARK),
        ("system", Qt.ColorScheme.Dark, LIGHT, DARK),
        ("system", Qt.ColorScheme.Light, DARK, LIGHT),
        ("system", Qt.ColorScheme.Unknown, DARK, DARK),
        ("system", Qt.ColorScheme.Unknown, LIGHT, LIGHT),
    ],
)
def test_the_setting_wins_then_the_hint_then_the_palette(
    setting: str, hint: Qt.ColorScheme, system: Colours, expected: Colours
) -> None:
    assert theme.is_dark(setting, hint, palette_for(system)) is expected.is_dark


def test_a_switch_reaches_open_windows_at_once(application: QApplication, qtbot: QtBot) -> None:
    look = Theme(application, "light")
    label = labels.TextLabel("text", colour="close")
    qtbot.addWidget(label)
    label.show()
    with qtbot.waitSignal(look.changed):
        look.follow("dark")
    qtbot.waitUntil(lambda: label.palette().color(ROLE.WindowText) == QColor(DARK.close))
    assert look.colours is DARK
    assert theme.current() is DARK


def test_a_switch_redraws_icons_and_reaches_fonts(
    application: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Theme(application, "light")
    button, label = labels.IconButton("chat", "Chat"), labels.TextLabel("text", pixels=13)
    for widget in (button, label):
        qtbot.addWidget(widget)
        widget.show()
    before = button.icon().cacheKey()
    monkeypatch.setattr(language, "locale", lambda: "zh_CN")
    look.follow("dark")
    qtbot.waitUntil(lambda: button.icon().cacheKey() != before)
    assert "Noto Sans CJK SC" in label.font().families()
    assert label.font().pixelSize() == 13


def test_style_and_sheet_wait_for_the_first_window(application: QApplication) -> None:
    application.setStyleSheet(NO_SHEET)
    look = Theme(application, "dark", dressed=False)
    assert look.colours is DARK
    look.follow("light")
    assert look.colours is LIGHT
    assert application.styleSheet() == NO_SHEET
    look.dress()
    assert LIGHT.card in application.styleSheet()
    assert theme.current() is LIGHT


@pytest.mark.parametrize(
    ("setting", "wants_contrast", "expected"),
    [
        ("system", False, LIGHT),
        ("system", True, HIGH_LIGHT),
        ("normal", True, LIGHT),
        ("high", False, HIGH_LIGHT),
    ],
)
def test_contrast_is_the_users_word_or_the_desktops_wish(
    application: QApplication, setting: str, wants_contrast: bool, expected: Colours
) -> None:
    look = Theme(application, "light", setting)
    look.note_desktop(Qt.ColorScheme.Unknown, wants_contrast=wants_contrast)
    assert look.colours is expected
    assert theme.current() is expected


def test_qt_may_know_of_the_wish_for_contrast(
    application: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, macOS, GNOME."""
    look = Theme(application, "dark")
    high = Qt.ContrastPreference.HighContrast
    monkeypatch.setattr(QAccessibilityHints, "contrastPreference", lambda _self: high)
    hints = application.styleHints().accessibility()
    with qtbot.waitSignal(look.changed):
        hints.contrastPreferenceChanged.emit(high)
    assert look.colours is HIGH_DARK


def test_the_desktops_scheme_counts_before_qts_hint(
    application: QApplication, qtbot: QtBot
) -> None:
    look = Theme(application)
    with qtbot.waitSignal(look.system_changed):
        look.note_desktop(Qt.ColorScheme.Dark, wants_contrast=False)
    assert (look.colours, look.is_system_dark) == (DARK, True)
    with qtbot.assertNotEmitted(look.system_changed):
        look.note_desktop(Qt.ColorScheme.Dark, wants_contrast=False)
    look.follow("light", "high")
    assert (look.colours, look.is_system_dark) == (HIGH_LIGHT, True)


def test_nothing_is_said_when_the_theme_stays(application: QApplication, qtbot: QtBot) -> None:
    look = Theme(application, "dark")
    with qtbot.assertNotEmitted(look.changed):
        look.follow("dark")


def test_the_desktop_may_be_light_behind_dark_windows(
    application: QApplication, qtbot: QtBot
) -> None:
    look = Theme(application, "dark")
    assert look.colours.is_dark
    assert not look.is_system_dark
    with qtbot.waitSignal(look.system_changed):
        application.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert look.colours is DARK


def test_chinese_brings_chinese_glyph_forms(
    application: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Theme(application, "light")
    before = application.font().families()
    monkeypatch.setattr(language, "locale", lambda: "zh_CN")
    look.follow("light")
    assert application.font().families()[len(before)] == "Noto Sans CJK SC"
    monkeypatch.setattr(language, "locale", lambda: "en")
    look.follow("light")
    assert application.font().families() == before


def test_numbers_that_change_have_figures_of_one_width(qapp: QApplication) -> None:
    assert qapp is not None
    font = theme.text_font(30, tabular=True)
    assert font.featureTags()
    assert font.pixelSize() == 30
    assert not theme.text_font(12).featureTags()


# --- labels -------------------------------------------------------------------------------------


def test_a_label_never_takes_text_for_markup(qtbot: QtBot) -> None:  # T-55
    label = labels.TextLabel("<img src='file:///etc/passwd'> & <b>bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == "<img src='file:///etc/passwd'> & <b>bold</b>"
    assert label.accessibleName() == label.text()


def test_a_cut_label_keeps_the_whole_text_at_hand(qtbot: QtBot) -> None:
    label = labels.TextLabel("a very long name of a very long limit", elide=True)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.whole_text in label.toolTip()
    label.resize(600, 20)
    assert (label.text(), label.toolTip()) == (label.whole_text, "")


def test_the_name_of_a_file_is_cut_in_its_middle(qtbot: QtBot) -> None:
    label = labels.TextLabel("release-notes-of-spring.md", elide=True, keeps_end=True)
    qtbot.addWidget(label)
    label.resize(label.sizeHint().width() // 2, 20)
    label.show()
    begin, _, end = label.text().partition("…")
    assert begin
    assert "release-notes-of-spring.md".startswith(begin)
    assert end.endswith(".md")


def test_an_unchanged_text_is_not_set_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    label = labels.TextLabel("same")
    qtbot.addWidget(label)
    calls: list[str] = []
    monkeypatch.setattr(QLabel, "setText", lambda _self, text: calls.append(text))
    label.show_text("same")
    label.show_text("other")
    assert calls == ["other"]


def test_buttons_show_ampersands_and_icons_have_names(qtbot: QtBot) -> None:  # T-55
    button = labels.push_button("R&D", primary=True)
    icon = labels.IconButton("refresh", "Refresh <now>")
    for widget in (button, icon):
        qtbot.addWidget(widget)
    assert button.text() == "R&&D"
    assert button.property("kind") == "primary"
    assert icon.accessibleName() == "Refresh <now>"
    assert icon.toolTip() == "<qt>Refresh &lt;now&gt;</qt>"
    assert not icon.icon().isNull()
    before = icon.icon().cacheKey()
    icon.setEnabled(False)
    assert icon.icon().cacheKey() != before


@pytest.mark.parametrize(
    ("points", "factor", "scale"),
    [
        (theme.USUAL_POINTS, 1.0, 1.0),
        (theme.USUAL_POINTS * 1.3, 1.0, 1.3),
        (theme.USUAL_POINTS - 2, 1.25, 1.25),
        (theme.USUAL_POINTS * 1.2, 1.25, 1.5),
        (8.0, 0.5, 1.0),
        (60.0, 3.0, 2.0),
    ],
)
def test_letters_are_as_large_as_the_desktop_has_them(
    points: float, factor: float, scale: float
) -> None:
    assert theme.scale_of(points, factor) == scale


def test_other_letters_wait_until_no_window_is_open(
    application: QApplication, look: Theme, qtbot: QtBot
) -> None:
    """What an open window shows next would not fit it."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    usual = theme.text_scale()
    look.note_letters(theme.USUAL_POINTS, 1.5)
    assert theme.text_scale() == usual
    window.hide()
    with qtbot.waitSignal(look.letters_changed):
        look.dress()
    assert theme.text_scale() == 1.5
    assert theme.text_font().pixelSize() == 18
    assert "18px" in application.styleSheet()
    with qtbot.assertNotEmitted(look.letters_changed):
        look.note_letters(theme.USUAL_POINTS, 1.5)
        look.dress()


def test_letters_are_taken_at_once_while_nothing_is_open(look: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(look.letters_changed):
        look.note_letters(theme.USUAL_POINTS * 1.2, 1.0)
    assert theme.text_scale() == 1.2
