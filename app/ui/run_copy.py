"""Copies the characters of one parsed paragraph: emphasis, code, judged links, images as words.

A link is judged by all of its text, however many marks it is in pieces of; an image is never
loaded, its description stands there and leads to its address (T-51, T-53).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextFormat

from app.chat.links import Link, read_link
from app.chat.shown_text import left_to_right, revealed, without_controls
from app.ui.answer_style import AnswerStyle, Run
from app.values import dataclass
from app.wording import labels as words

_IMAGE = "\ufffc"


class Links(Protocol):
    """What is written to: the formats in force, and the links offered so far by address."""

    style: AnswerStyle
    links: dict[str, Link]


@dataclass(frozen=True, slots=True)
class _Fragment:
    text: str
    given: QTextCharFormat
    address: str


def copy_runs(block: QTextBlock, cursor: QTextCursor, setting: Run, page: Links) -> None:
    """Insert the characters of `block` at `cursor`, set as `setting` and their own marks say."""
    is_leftwards = block.textDirection() == Qt.LayoutDirection.RightToLeft
    for address, group in groupby(_fragments(block), lambda one: one.address):
        fragments = list(group)
        shown = "".join(one.text for one in fragments)
        link = read_link(address, shown) if address else None
        if link is not None and (link.address not in page.links or link.names_other_host):
            page.links[link.address] = link
        for one in fragments:
            run = setting.marked(one.given)
            # Hidden characters can only deceive in code (T-54); prose may need them.
            text = revealed(one.text) if run.is_code else one.text
            if run.is_code and is_leftwards:
                text = left_to_right(text)
            style = page.style.link(run, link.address) if link else page.style.run(run)
            cursor.insertText(text, style)


def _fragments(block: QTextBlock) -> Iterator[_Fragment]:
    image, alt = "", ""
    run = block.begin()
    while not run.atEnd():
        fragment = run.fragment()
        given = fragment.charFormat()
        name = given.toImageFormat().name() if given.isImageFormat() else ""
        if image and name != image:
            yield _described(alt, image)
            alt = ""
        if name:
            # One image with marks in its text comes as several, one after the other.
            alt += given.stringProperty(QTextFormat.Property.ImageAltText)
        else:
            text = without_controls(fragment.text().replace(_IMAGE, ""))
            yield _Fragment(text, given, given.anchorHref())
        image = name
        run += 1
    if image:
        yield _described(alt, image)


def _described(alt: str, address: str) -> _Fragment:
    """The words for an image, leading to the image itself."""
    return _Fragment(words.image_placeholder(without_controls(alt)), QTextCharFormat(), address)
