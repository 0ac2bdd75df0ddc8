"""Faults of one answer in the chat, and faults of this program, in words. Pure."""

from __future__ import annotations

from typing import Literal, assert_never

from app.errors import Fault, FaultKind
from app.wording.amounts import megabytes
from app.wording.fault_words import FaultWords, look_at_details, said, try_again
from app.wording.language import tr, tr_n

Refused = Literal[
    FaultKind.CONTEXT_FULL,
    FaultKind.MESSAGE_TOO_LONG,
    FaultKind.PROMPT_REFUSED,
    FaultKind.MODEL_NOT_AVAILABLE,
]
Attached = Literal[
    FaultKind.MODEL_TAKES_NO_IMAGES,
    FaultKind.ATTACHMENT_TOO_LARGE,
    FaultKind.ATTACHMENT_NOT_READABLE,
    FaultKind.TOO_MANY_ATTACHMENTS,
]
Ended = Literal[FaultKind.ANSWER_CUT, FaultKind.ANSWER_ENDED_EARLY, FaultKind.ANSWER_STALLED]
Own = Literal[FaultKind.CONFIGURATION, FaultKind.DEMO_MISSING, FaultKind.INTERNAL]


def refused(kind: Refused, fault: Fault) -> FaultWords:
    """The question was not taken."""
    match kind:
        case FaultKind.CONTEXT_FULL:
            return FaultWords(
                tr("The conversation is full"),
                tr("It has grown beyond what the model can take in."),
                tr("Start a new chat."),
            )
        case FaultKind.MESSAGE_TOO_LONG:
            return FaultWords(
                tr("The message is too long"),
                tr("The service does not take in a message of this size. Your text is kept."),
                tr("Shorten it and send it again."),
            )
        case FaultKind.PROMPT_REFUSED:
            return FaultWords(
                tr("The service will not answer this"),
                said(fault, tr("It refused the question under its rules.")),
                tr("Put it differently, or choose another model."),
            )
        case FaultKind.MODEL_NOT_AVAILABLE:
            return FaultWords(
                tr("This model is not available"),
                said(fault, tr("The account cannot use the model, or it has been retired.")),
                tr("Choose another model in the settings."),
            )
        case _:
            assert_never(kind)


def attached(kind: Attached) -> FaultWords:
    """A file cannot go with the question."""
    from app.chat import attachments  # noqa: PLC0415 - with the first file, not at the start

    match kind:
        case FaultKind.MODEL_TAKES_NO_IMAGES:
            return FaultWords(
                tr("This model takes no pictures"),
                tr("Nothing was sent. Your text is kept."),
                tr("Remove the picture, or choose another model."),
            )
        case FaultKind.ATTACHMENT_TOO_LARGE:
            return FaultWords(
                tr("The file is too large"),
                tr(
                    "A text file may have up to {text} MB, a picture up to {picture} MB, all "
                    "files of a question up to {together} MB."
                ).format(
                    text=megabytes(attachments.TEXT_BYTES),
                    picture=megabytes(attachments.IMAGE_BYTES),
                    together=megabytes(attachments.ALL_BYTES),
                ),
                tr("Attach a smaller one, or only the part that matters."),
            )
        case FaultKind.ATTACHMENT_NOT_READABLE:
            return FaultWords(
                tr("This file cannot be attached"),
                tr("It is neither plain text nor a picture (PNG, JPEG, GIF, WebP)."),
                tr("Attach its text or a picture of it instead."),
            )
        case FaultKind.TOO_MANY_ATTACHMENTS:
            return FaultWords(
                tr("Too many files"),
                _most_files(attachments.MOST_ATTACHMENTS),
                tr("Remove one, or send the others with the next question."),
            )
        case _:
            assert_never(kind)


def _most_files(count: int) -> str:
    return tr_n(
        "A question takes at most {count} file.", "A question takes at most {count} files.", count
    ).format(count=count)


def ended(kind: Ended) -> FaultWords:
    """The answer began and did not come to its end."""
    match kind:
        case FaultKind.ANSWER_CUT:
            return FaultWords(
                tr("Answer cut short"),
                tr("The service ended the answer before it was complete."),
                tr("Ask for the rest."),
            )
        case FaultKind.ANSWER_ENDED_EARLY:
            return FaultWords(
                tr("Answer interrupted"),
                tr("The connection ended before the answer was complete. What came is kept."),
                try_again(),
            )
        case FaultKind.ANSWER_STALLED:
            return FaultWords(
                tr("Answer stalled"),
                tr("Nothing has come for minutes, so the wait has ended. What came is kept."),
                try_again(),
            )
        case _:
            assert_never(kind)


def own(kind: Own) -> FaultWords:
    """The cause lies on this computer."""
    match kind:
        case FaultKind.CONFIGURATION:
            return FaultWords(
                tr("Something is set up wrongly"),
                tr("A setting or an environment variable has a value that cannot be used."),
                tr("The details name it."),
            )
        case FaultKind.DEMO_MISSING:
            return FaultWords(
                tr("The demo is not installed"),
                tr("It needs packages that this installation was made without."),
                tr("Install “tidegauge[demo]”, or start without “--demo”."),
            )
        case FaultKind.INTERNAL:
            return FaultWords(
                tr("Something went wrong in Tidegauge"),
                tr("It goes on as well as it can."),
                look_at_details(),
            )
        case _:
            assert_never(kind)
