"""What an answer is cut into: the values between the reader of Markdown and its writer. Pure."""

from __future__ import annotations

from enum import Enum, auto

from app.values import dataclass


class TablePart(Enum):
    """Whether a piece of prose ends in a table that was cut for its length.

    `REST` begins with the heading rows of the table it goes on with; they are not shown again.
    """

    NONE = auto()
    FIRST = auto()
    REST = auto()


@dataclass(frozen=True, slots=True)
class Prose:
    """One or more whole Markdown blocks without fenced code."""

    markdown: str
    table: TablePart = TablePart.NONE


@dataclass(frozen=True, slots=True)
class CodeStart:
    """A fence opened; `language` is the first word of its info string."""

    language: str


@dataclass(frozen=True, slots=True)
class CodeText:
    """Code of the open fence; without `ends_line` the next piece goes on in the same line."""

    text: str
    ends_line: bool


@dataclass(frozen=True, slots=True)
class CodeEnd:
    """The fence closed, or the answer ended inside it."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """Markdown that is shown as written; `ends_line` as for `CodeText`."""

    text: str
    ends_line: bool


Piece = Prose | CodeStart | CodeText | CodeEnd | PlainText
Tail = Prose | CodeText | PlainText
