"""No sentence a person reads stands outside app/wording, where nobody would translate it.

Read from the sources: what is handed to a widget or written to a terminal may be no literal with
letters in it, and no literal of several words stands anywhere in what shows something. What is
for programs (SQL, style sheets, names of tasks and fonts, log lines) has its own marks below.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
APP = CHECKOUT / "app"

# What shows words: the windows, and what talks to a terminal.
SHOWING = sorted(
    {
        *(APP / "ui").rglob("*.py"),
        *(APP / "sign_in_window").rglob("*.py"),
        *(APP / "command_line").rglob("*.py"),
        *(APP / "intents").rglob("*.py"),
        *(APP / "bootstrap").rglob("*.py"),
        APP / "cli.py",
        *APP.glob("*_command.py"),
        *APP.glob("*_commands.py"),
        APP / "instance" / "start.py",
        APP / "desktop" / "freedesktop_notifications.py",
    }
)

# Calls by whose arguments a person sees or hears a text.
SINKS = {
    *("setText", "setTitle", "setWindowTitle", "setToolTip", "setStatusTip", "setWhatsThis"),
    *("setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setPrefix"),
    *("setSuffix", "setSpecialValueText", "setLabelText", "setLabel", "setHeaderLabels"),
    *("addAction", "addMenu", "addItem", "insertItem", "setTabText", "drawText", "showMessage"),
    *("show_text", "show_more", "show_remark", "explain", "rename", "push_button", "TextLabel"),
    *("IconButton", "add_entry", "message", "line", "rewrite", "message_line", "print", "input"),
}

# Calls whose arguments are for programs: who runs, what is logged, what is asked of a system.
INWARD = {"spawn", "_spawn", "SingleTask", "fail", "note", "debug", "info", "warning", "error"}
INWARD |= {"exception", "execute", "ValueError", "RuntimeError", "BusError", "find_library"}

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WORDS = re.compile(r"[A-Za-z]{2,}[,.:;]? [A-Za-z]{2,}")
_STYLE = re.compile(r"[{};]|^\s*(px|#)|border|background")


def sentences_in(source: str, name: str = "x.py") -> Iterator[str]:
    """Each literal that a person would read."""
    tree = ast.parse(source, name)
    inward = set(_inward(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in SINKS:
            for text in _literals(node):
                if _LETTERS.search(text) and not _is_name(text):
                    yield text
        elif isinstance(node, ast.Constant) and node not in inward and _is_prose(node.value):
            yield str(node.value)


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and bool(_WORDS.search(value)) and not _STYLE.search(value)


def _inward(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, and all below a call that is for programs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr):
                yield first.value
        if isinstance(node, ast.Call) and _called(node) in INWARD:
            yield from ast.walk(node)


def _literals(call: ast.Call) -> Iterator[str]:
    """Literals among the arguments themselves, and inside of an f-string there."""
    for argument in (
        *call.args,
        *(keyword.value for keyword in call.keywords if keyword.arg == "text"),
    ):
        parts: list[ast.expr] = [argument]
        if isinstance(argument, ast.JoinedStr):
            parts = argument.values
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _called(call: ast.Call) -> str:
    target = call.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _is_name(text: str) -> bool:
    """A name for programs: of a picture, an object, a colour."""
    return text.islower() and text.replace("_", "").replace("-", "").isalpha()


# Literals of several words that nobody reads in a window or at a terminal as ours.
KNOWN = {
    "app/ui/theme.py": {  # families of fonts
        *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei UI"),
        *("PingFang SC", "WenQuanYi Micro Hei"),
    },
    "app/ui/tray.py": {"no host", "status notifier", "tray of the system"},  # in the diagnosis
    "app/ui/code_lexers.py": {"syntax colours"},  # the name of a thread
    "app/ui/event_loop.py": {"Event loop stopped before Future completed."},  # asyncio's
    "app/ui/qt_messages.py": {"The X11 connection broke", "The Wayland connection broke"},  # Qt's
    "app/intents/conversations.py": {"delete all"},  # the name of a task
    "app/intents/help.py": {"this one"},  # in the diagnosis
    "app/diagnose_command.py": {"not running"},  # in the diagnosis
    "app/ask_command.py": {": more than "},  # a fault's technical detail
    "app/sign_in_window/process.py": {"the sandbox does not work for root"},  # as above
    "app/desktop/freedesktop_notifications.py": {"no answer"},  # an error of the bus
}


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_what_a_person_reads_comes_from_the_wording(path: Path) -> None:
    name = path.relative_to(CHECKOUT).as_posix()

    assert set(sentences_in(path.read_text("utf-8"), name)) == KNOWN.get(name, set())


@pytest.mark.parametrize(
    "planted",
    [
        'button.setText("Retry")',
        'label.show_text(f"{n} Files")',
        'TextLabel("Hello")',
        'terminal.line("Done.")',
        'terminal.message(f"{path}: Not found")',
        'self.setAccessibleName("Chart")',
        'title = "Something went wrong"',
        'return f"{used} percent of the limit"',
        'push_button("Save")',
        'print("Done")',
    ],
)
def test_a_planted_sentence_is_found(planted: str) -> None:
    assert list(sentences_in(f"def f():\n    {planted}\n"))


@pytest.mark.parametrize(
    "fine",
    [
        "button.setText(plain(labels.retry()))",
        '_LOG.info("nothing to do here: %s", error)',
        'spawn(poll(), "poll the usage")',
        'IconButton("swap", "")',
        '"""What this is for."""',
        'label.show_text("")',
        'painter.drawText(place, "%")',
    ],
)
def test_what_is_for_programs_is_not(fine: str) -> None:
    assert not list(sentences_in(f"def f():\n    {fine}\n"))
