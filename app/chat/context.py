"""Which earlier turns are sent again: whole turns, as many as the model's window holds. Pure.

The service stores nothing, so every question carries the conversation before it. Nothing here
counts tokens exactly: no tokenizer is at hand and each model has its own, so the estimate errs
on the large side and the service keeps the last word (`context_length_exceeded`).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.chat.attachments import Attachment
from app.chat.conversation import Turn
from app.values import dataclass

FALLBACK_WINDOW = 128_000  # tokens, while the service does not say
# The rest of the window is for the answer and its reasoning, and for the estimate's error.
_PART_FOR_INPUT = 0.75
FILE_BYTES = 24 << 20  # of one request: gateways refuse larger ones before any model sees them
_IMAGE_TOKENS = 1_600
_MESSAGE_TOKENS = 8  # what surrounds a message
_ASCII_PER_TOKEN = 3  # about 4 in English prose, about 3 in code


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The turns to send again, oldest first, and how many earlier ones that have an answer
    stay behind."""

    turns: tuple[Turn, ...]
    left_out: int = 0


def fit(
    turns: Sequence[Turn],
    window_tokens: int | None,
    question: str = "",
    attachments: Sequence[Attachment] = (),
    instructions: str = "",
) -> Trimmed:
    """The newest `turns` that fit beside the question, in tokens and in the bytes of their files;
    never one without its successor.

    Turns without an answer are not sent and not counted. The question itself always goes: if it
    alone is too long, the service says so. `window_tokens` None: not told.
    """
    room = int((window_tokens or FALLBACK_WINDOW) * _PART_FOR_INPUT)
    room -= tokens_of(question) + tokens_of(instructions) + _tokens_of_files(attachments)
    file_room = FILE_BYTES - _bytes_of_files(attachments)
    answered = [turn for turn in turns if turn.answer]
    kept = 0
    for turn in reversed(answered):
        room -= tokens_of_turn(turn)
        file_room -= _bytes_of_files(turn.attachments)
        if room < 0 or (turn.attachments and file_room < 0):
            break
        kept += 1
    return Trimmed(tuple(answered[len(answered) - kept :]), len(answered) - kept)


def tokens_of_turn(turn: Turn) -> int:
    """About how many tokens a turn costs when it is sent again."""
    return tokens_of(turn.question) + tokens_of(turn.answer) + _tokens_of_files(turn.attachments)


def tokens_of(text: str) -> int:
    """About how many tokens one message of `text` is: a third of its ASCII characters, and one
    for each other one (a Chinese character is one, other scripts are less)."""
    if text.isascii():
        return _MESSAGE_TOKENS + len(text) // _ASCII_PER_TOKEN
    plain = len(text.encode("ascii", "ignore"))
    return _MESSAGE_TOKENS + plain // _ASCII_PER_TOKEN + len(text) - plain


def _bytes_of_files(attachments: Sequence[Attachment]) -> int:
    return sum(one.size for one in attachments)


def _tokens_of_files(attachments: Sequence[Attachment]) -> int:
    return sum(
        _IMAGE_TOKENS if one.text is None else tokens_of(one.name) + tokens_of(one.text)
        for one in attachments
    )
