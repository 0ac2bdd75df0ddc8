"""What widgets are dressed in: the palette and the style sheet made of one set of colours.

Imported with the first window only: the icon in the tray needs neither.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.ui.colours import Colours


def palette_for(colours: Colours) -> QPalette:
    """A complete Fusion palette from the tokens."""
    role = QPalette.ColorRole
    roles = {
        role.Window: colours.background,
        role.WindowText: colours.ink,
        role.Base: colours.card,
        role.AlternateBase: colours.background,
        role.Text: colours.ink,
        role.PlaceholderText: colours.faint,
        role.Button: colours.card,
        role.ButtonText: colours.ink,
        role.BrightText: colours.over,
        role.ToolTipBase: colours.card,
        role.ToolTipText: colours.ink,
        role.Highlight: colours.calm,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.calm,
        role.Link: colours.calm,
        role.LinkVisited: colours.calm,
        role.Light: colours.card,
        role.Midlight: colours.line,
        role.Mid: colours.line,
        role.Dark: colours.secondary,
        role.Shadow: "#000000",
    }
    palette = QPalette()
    for one, colour in roles.items():
        palette.setColor(one, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, one, QColor(colours.faint))
    return palette


def stylesheet(colours: Colours, text_px: int, card_radius: int, button_radius: int) -> str:
    """What the palette cannot say: buttons, fields, focus, scroll bars."""
    return "".join(
        (
            _buttons(colours, text_px, button_radius),
            _fields(colours, text_px, button_radius),
            _surfaces(colours, text_px, card_radius, button_radius),
        )
    )


def _buttons(colours: Colours, text_px: int, button_radius: int) -> str:
    # Where contrast is high, pale words are too dark to tell a button that cannot be pressed.
    off = colours.shade if colours.is_high else colours.card
    return f"""
    QPushButton {{ background: {colours.card}; color: {colours.ink}; padding: 5px 14px;
        font-size: {text_px}px; font-weight: 500; min-height: 16px;
        border: 1px solid {colours.line}; border-radius: {button_radius}px; }}
    QPushButton:hover {{ background: {colours.shade}; }}
    QPushButton:disabled {{ background: {off}; color: {colours.faint}; }}
    QPushButton:focus {{ border: 2px solid {colours.calm}; padding: 4px 13px; }}
    QPushButton[kind="primary"] {{ background: {colours.calm}; color: {colours.on_accent};
        border: 1px solid {colours.calm}; font-weight: 600; }}
    QPushButton[kind="primary"]:hover {{ background: {colours.accent_hover}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {colours.ink}; }}
    QPushButton[kind="primary"]:disabled {{ background: {colours.shade}; color: {colours.secondary};
        border-color: {colours.edge("shade")}; }}
    QPushButton[kind="quiet"] {{ background: transparent; color: {colours.calm};
        border: 2px solid transparent; padding: 2px 4px; margin-left: -6px; }}
    QPushButton[kind="quiet"]:hover {{ background: {colours.shade}; }}
    QPushButton[kind="quiet"]:focus {{ border-color: {colours.calm}; padding: 2px 4px; }}
    QPushButton[kind="segment"] {{ background: transparent; padding: 4px 10px;
        border: 1px solid transparent; }}
    QPushButton[kind="segment"]:hover {{ background: {colours.shade}; }}
    QPushButton[kind="segment"]:checked {{ background: {colours.bubble};
        border: 1px solid {colours.calm}; }}
    QPushButton[kind="segment"]:focus {{ border: 2px solid {colours.calm}; padding: 3px 9px; }}
    QPushButton[kind="badge"] {{ background: {colours.card}; color: {colours.secondary};
        border: 1px solid {colours.line}; border-radius: 10px; padding: 1px 9px;
        font-size: {round(text_px * 11 / 12)}px; min-height: {text_px + 4}px; }}
    QPushButton[kind="badge"]:hover {{ background: {colours.shade}; }}
    QPushButton[kind="badge"]:focus {{ border: 2px solid {colours.calm}; padding: 0 8px; }}
    QToolButton[kind="icon"] {{ border: 2px solid transparent; border-radius: {button_radius}px;
        background: transparent; padding: 3px; }}
    QToolButton[kind="icon"]:hover {{ background: {colours.shade}; }}
    QToolButton[kind="icon"]:checked {{ background: {colours.bubble};
        border-color: {colours.edge("bubble")}; }}
    QToolButton[kind="icon"]:focus {{ border-color: {colours.calm}; }}
    """


def _fields(colours: Colours, text_px: int, button_radius: int) -> str:
    return f"""
    QPlainTextEdit#reading, QPlainTextEdit#field {{ background: {colours.card}; padding: 4px;
        border: 1px solid {colours.line}; border-radius: {button_radius}px; }}
    QPlainTextEdit#reading:focus, QPlainTextEdit#field:focus {{
        border: 2px solid {colours.calm}; padding: 3px; }}
    QLineEdit, QComboBox, QSpinBox {{ background: {colours.card}; color: {colours.ink};
        placeholder-text-color: {colours.faint}; padding: 1px 8px; min-height: {text_px + 14}px;
        border: 1px solid {colours.line}; border-radius: {button_radius}px; }}
    QLineEdit:focus, QComboBox:focus, QSpinBox:focus {{ border: 2px solid {colours.calm};
        padding: 0 7px; }}
    QComboBox, QSpinBox {{ padding: 1px 10px; }}
    QComboBox:focus, QSpinBox:focus {{ padding: 0 9px; }}
    QSpinBox {{ min-height: {text_px + 11}px; }}
    QComboBox:hover {{ background: {colours.shade}; }}
    QComboBox:disabled, QSpinBox:disabled {{ color: {colours.faint}; }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBoxPrivateContainer {{ background: {colours.background}; border: none; }}
    QComboBox QAbstractItemView {{ background: {colours.background}; color: {colours.ink};
        border: 1px solid {colours.line}; padding: 4px; outline: none; }}
    QComboBox QAbstractItemView::item {{ padding: 0 6px; min-height: {text_px + 14}px;
        border: 1px solid transparent; border-radius: {button_radius - 2}px; }}
    QComboBox QAbstractItemView::item:selected {{ background: {colours.bubble};
        color: {colours.ink}; border-color: {colours.edge("bubble")}; }}
    QComboBox::drop-down, QSpinBox::up-button, QSpinBox::down-button {{ border: none;
        background: transparent; width: 20px; }}
    """


def _surfaces(colours: Colours, text_px: int, card_radius: int, button_radius: int) -> str:
    """Cards, rules, badges, tool tips, menus, scroll bars."""
    return f"""
    QFrame#chip {{ background: {colours.background}; border: 1px solid {colours.line};
        border-radius: {button_radius}px; }}
    QFrame#card {{ background: {colours.card}; border-radius: {card_radius}px;
        border: 1px solid {colours.edge("card")}; }}
    QLabel#badge {{ background: {colours.card}; border: 1px solid {colours.line};
        border-radius: 9px; padding: 0 7px;
        min-height: {text_px + 4}px; max-height: {text_px + 4}px; }}
    QFrame#rule {{ background: {colours.line}; border: none; }}
    QListWidget#sections {{ background: transparent; border: none; outline: none; }}
    QListWidget#sections::item {{ color: {colours.ink}; padding: 0 8px;
        border: 1px solid transparent; border-radius: {button_radius - 1}px; }}
    QListWidget#sections::item:hover {{ background: {colours.shade}; }}
    QListWidget#sections::item:selected {{ background: {colours.bubble}; color: {colours.ink};
        border-color: {colours.edge("bubble")}; }}
    QListWidget#sections::item:focus {{ border: 2px solid {colours.calm}; padding: 0 7px; }}
    QToolTip {{ background: {colours.card}; color: {colours.ink}; border: 1px solid {colours.line};
        padding: 4px 6px; }}
    QMenu {{ background: {colours.background}; border: 1px solid {colours.line}; padding: 4px; }}
    QMenu::item {{ color: {colours.ink}; padding: 5px 20px 5px 24px;
        border: 1px solid transparent; border-radius: {button_radius - 2}px; }}
    QMenu::item:selected {{ background: {colours.bubble}; border-color: {colours.edge("bubble")}; }}
    QMenu::item:disabled {{ color: {colours.faint}; }}
    QMenu::indicator {{ width: 8px; height: 8px; border-radius: 4px; margin: 0 4px; }}
    QMenu::indicator:checked {{ background: {colours.calm}; }}
    QMenu::separator {{ background: {colours.line}; height: 1px; margin: 4px 8px; }}
    QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {colours.faint}; border-radius: 3px;
        min-height: 24px; margin: 1px; }}
    QScrollBar::handle:vertical:hover {{ background: {colours.secondary}; border-radius: 4px;
        margin: 0; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
