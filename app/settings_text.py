"""The settings file as a person keeps it: a change leaves comments, order and other lines. Pure.

Settings stand above the first table, each on a line of its own. What comes out is read again; if
it does not say what it should, for somebody wrote a setting in a way that is not looked for here,
the file is written anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import tomli_w

from app.settings import DECLARATIONS, Settings, accepts, from_mapping, to_mapping

_VALUE = (
    r'(?:"""(?:[^\\]|\\.)*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'"
    r"|[\[{][^\n]*?[\]}]"
    r"""|[^\s"'#\[{][^\n#]*?)"""
)
_REST = r"(?P<rest>[ \t]*(?:#[^\r\n]*)?)(?P<end>\r?\n|\Z)"


def changed_text(text: str, settings: Settings, unknown: Mapping[str, Any], most: int) -> str:
    """`text` made to say `settings` and the `unknown` keys, in at most `most` bytes if it can be.

    `text` is what the file holds now, in whatever state.
    """
    try:
        edited = _edited(text, settings)
        if len(edited.encode()) <= most and _says(edited, settings, unknown):
            return edited
    except (ValueError, RecursionError):
        pass  # it is not TOML, or became none
    return tomli_w.dumps({**unknown, **to_mapping(settings)})


def _edited(text: str, settings: Settings) -> str:
    """Raises `ValueError` or `RecursionError` for what is not TOML."""
    values = tomllib.loads(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    end = table.start() if table else len(text)
    head = text[:end]
    for declaration in DECLARATIONS:
        key, value = declaration.key, getattr(settings, declaration.key)
        said = values.get(key)
        if accepts(declaration, said) and said == value:
            continue
        line = "" if value == declaration.default else tomli_w.dumps({key: value}).rstrip("\n")
        if key in values:
            head = _with_line(head, key, line)
        elif line:
            head = _with_line_more(head, line, newline)
    return head + text[end:]


def _with_line(head: str, key: str, line: str) -> str:
    """`line` in the place of the one that sets `key`, whose comment stays; "" takes both away."""
    name = rf"^[ \t]*(?:{key}|\"{key}\"|'{key}')[ \t]*=[ \t]*"
    return re.sub(
        name + _VALUE + _REST,
        lambda found: line and line + found["rest"] + found["end"],
        head,
        count=1,
        flags=re.MULTILINE | re.DOTALL,
    )


def _with_line_more(head: str, line: str, newline: str) -> str:
    """After the last line that says something; what follows it may belong to a table."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", head)
    says = [number for number, one in enumerate(lines, 1) if not re.match(r"\s*(#|\Z)", one)]
    at = says[-1] if says else len(lines)
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += newline
    return "".join((*lines[:at], line, newline, *lines[at:]))


def _says(text: str, settings: Settings, unknown: Mapping[str, Any]) -> bool:
    values = tomllib.loads(text)
    found, refused = from_mapping(values)
    known = {declaration.key for declaration in DECLARATIONS}
    others = {key: value for key, value in values.items() if key not in known}
    return (found, refused, others) == (settings, (), dict(unknown))
