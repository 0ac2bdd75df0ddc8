"""Desktop entries as the specification has them: written with exact quoting, read with care. Pure.

Source: Desktop Entry Specification 1.5, "Values" and "The Exec key".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.errors import FaultKind, fail

_GROUP = "[Desktop Entry]"
_RESERVED = set(" \t\"'\\><~|&;$*?#()`")
_ESCAPED_IN_QUOTES = '"`$\\'
_VALUE_ESCAPES = MappingProxyType({"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"})
# GLib and systemd look for the first word of Exec before they read its `%%` as one.
_ENV = "/usr/bin/env"


def entry(command: Sequence[str], *, name: str, icon: str, comments: Mapping[str, str]) -> str:
    """The text of an autostart entry for `command`; `comments` by locale, "" is the default.

    Raises `AppError(CONFIGURATION)` for a program whose path no entry can name (T-47).
    """
    program = command[0]
    if not all(word.isprintable() for word in command) or "=" in program:
        raise fail(FaultKind.CONFIGURATION, f"no desktop entry can start {program!a}")
    words = [_ENV, *command] if "%" in program else command
    lines = [
        _GROUP,
        "Type=Application",
        f"Name={_value(name)}",
        *(
            f"Comment{f'[{locale}]' if locale else ''}={_value(text)}"
            for locale, text in comments.items()
        ),
        f"Exec={_value(' '.join(_argument(word) for word in words))}",
        f"TryExec={_value(program)}",
        f"Icon={_value(icon)}",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
        "X-KDE-autostart-after=panel",
    ]
    return "\n".join(lines) + "\n"


def hidden_entry(name: str) -> str:
    """An entry that switches one of the whole system off for this user."""
    return f"{_GROUP}\nType=Application\nName={_value(name)}\nHidden=true\n"


def read_entry(text: str) -> dict[str, str]:
    """The keys of the main group with their values unescaped; the first of two counts."""
    values: dict[str, str] = {}
    is_main = False
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("["):
            is_main = stripped == _GROUP
        elif is_main and "=" in stripped and not stripped.startswith("#"):
            key, _, value = stripped.partition("=")
            values.setdefault(key.strip(), _unescaped(value.strip()))
    return values


def program_of(exec_value: str) -> str:
    """The program an Exec value starts, by itself or through `env`; "" if it is none."""
    words = _words(exec_value)
    if words and words[0].rpartition("/")[2] == "env":
        words = [word for word in words[1:] if "=" not in word] or words
    return words[0] if words else ""


def is_shown_in(values: Mapping[str, str], desktops: str) -> bool:
    """Whether an entry counts on a desktop; `desktops` is its `XDG_CURRENT_DESKTOP`."""
    names = set(desktops.split(":"))
    only, never = (
        set(values.get(key, "").split(";")) - {""} for key in ("OnlyShowIn", "NotShowIn")
    )
    return not (only and not only & names) and not never & names


def _argument(word: str) -> str:
    doubled = word.replace("%", "%%")
    if word and not _RESERVED.intersection(word):
        return doubled
    escaped = "".join(f"\\{c}" if c in _ESCAPED_IN_QUOTES else c for c in doubled)
    return f'"{escaped}"'


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _unescaped(value: str) -> str:
    out: list[str] = []
    letters = iter(value)
    for letter in letters:
        if letter != "\\":
            out.append(letter)
            continue
        escaped = next(letters, "")
        out.append(_VALUE_ESCAPES.get(escaped, f"\\{escaped}"))
    return "".join(out)


def _words(exec_value: str) -> list[str]:
    """The words of an Exec value, quotes removed, `%%` as one; field codes are left out."""
    words: list[str] = []
    word: list[str] = []
    is_open = in_quotes = False
    letters = iter(exec_value)
    for letter in letters:
        if in_quotes and letter == "\\":
            word.append(next(letters, ""))
        elif letter == '"':
            in_quotes, is_open = not in_quotes, True
        elif letter in " \t" and not in_quotes:
            if is_open:
                words.append("".join(word))
            word, is_open = [], False
        else:
            word.append(letter)
            is_open = True
    if is_open:
        words.append("".join(word))
    codes = {f"%{code}" for code in "fFuUick"}
    return [word.replace("%%", "%") for word in words if word not in codes]
