"""Words around the field for the next question: sending, editing, files, models. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.chat.desk import Refusal
from app.state import Shortcut, ShortcutStatus
from app.wording.amounts import short, size, tenths
from app.wording.joining import listed
from app.wording.language import phrase, tr, tr_n
from app.wording.untrusted import clean

_NAME_CHARS = 60
_EXACT = 0.2  # percent

# what an answer cost
moved_meanwhile = phrase(
    "How far the limits moved while this answer came. Whole percents are all the service tells, "
    "and other programs may use the same limits."
)

# asking once more, or further
edit_question = phrase("Edit and send again")
continue_answer = phrase("Continue")
continuation = phrase("Continue exactly where your last answer stopped.")
resend = phrase("Send again")
cancel_editing = phrase("Leave the question as it was")
editing_last = phrase("You are editing your question. Sending it replaces its answer.")

# the field
shift_enter_sends = phrase("Shift+Enter sends · Enter new line")
attach_files = phrase("Attach files…")
drop_here = phrase("Drop text files or pictures here")
files_title = phrase("Attach text files or pictures")
files_name = phrase("Attached files")
pasted_picture = phrase("Pasted picture")
hide_refusals = phrase("Hide this message")

# from anywhere
shortcut_purpose = phrase("Open the Tidegauge chat")

# the window
keep_on_top = phrase("Keep on top of other windows")
show_conversations = phrase("Earlier conversations")
choose_model = phrase("Choose model and effort")

# the choice of a model
service_chooses = phrase("Let the service choose")
service_chooses_text = phrase("The first one it lists, at its own effort.")
model_heading = phrase("Model")
effort_heading = phrase("Reasoning effort")
reading_models = phrase("Asking the service for its models…")
no_models = phrase("The list of models could not be read.")
own_effort = phrase("The model's own effort")


def shortcut_words(shortcut: Shortcut) -> str:
    """Below the setting: what became of the wish for a global shortcut."""
    match shortcut.status:
        case ShortcutStatus.ASKING:
            return tr("The desktop is asking which keys to use.")
        case ShortcutStatus.BOUND if shortcut.keys:
            return tr("In force: {keys}").format(keys=clean(shortcut.keys))
        case ShortcutStatus.BOUND:
            return tr("In force, with the keys the desktop knows.")
        case ShortcutStatus.REFUSED:
            return tr("It was not granted. Switch it off and on to be asked again.")
        case ShortcutStatus.MISSING:
            return tr("This desktop offers none: set a key in its keyboard settings instead.")
        case _:
            return ""


def chosen(name: str) -> str:
    """A row of a list, as a screen reader says the one that is in force."""
    return tr("{name}, chosen").format(name=name)


def editing_earlier(following: int) -> str:
    """Above the field while a question is edited after which `following` others were asked."""
    return tr_n(
        "You are editing an earlier question. Sending it replaces its answer and removes the "
        "{n} question after it.",
        "You are editing an earlier question. Sending it replaces its answer and removes the "
        "{n} questions after it.",
        following,
    ).format(n=following)


def left_out(count: int) -> str:
    """The conversation has outgrown the model: what is no longer sent along."""
    return tr_n(
        "The first {n} question was not sent along: the conversation is longer than the model "
        "takes.",
        "The first {n} questions were not sent along: the conversation is longer than the model "
        "takes.",
        count,
    ).format(n=count)


def window_moved(window: str, low: float, high: float) -> str:
    """How far a window moved while an answer came, in percent: "5-hour +1–3 %"."""
    if low == 0:
        return tr("{window} less than {high} %").format(window=window, high=short(high))
    if high - low < _EXACT:
        middle = tenths((low + high) / 2)
        return tr("{window} +{percent} %").format(window=window, percent=middle)
    return tr("{window} +{low}–{high} %").format(window=window, low=short(low), high=short(high))


def file_name(name: str) -> str:
    """An attached file's name in one plain line."""
    return clean(name, _NAME_CHARS)


def files_of_question(names: Sequence[str]) -> str:
    """Below a question: the files that went with it."""
    return tr("With {files}").format(files=listed(map(file_name, names)))


def remove_file(name: str) -> str:
    """The button on a file's chip."""
    return tr("Remove {name}").format(name=clean(name, _NAME_CHARS))


def refusal(name: str, why: Refusal, most: int) -> str:
    """Why a file does not go with the question; `most` is the limit that `why` speaks of."""
    shown = clean(name, _NAME_CHARS)
    match why:
        case Refusal.FOLDER:
            return tr("“{name}” is a folder. Attach the files in it.").format(name=shown)
        case Refusal.NOT_OPENED:
            return tr("“{name}” could not be opened. Check that you may read it.").format(
                name=shown
            )
        case Refusal.TOO_LARGE:
            return tr("“{name}” is too large. {size} is the most.").format(
                name=shown, size=size(most)
            )
        case Refusal.TOO_LARGE_TOGETHER:
            return tr("“{name}” is too much: {size} is the most for all files together.").format(
                name=shown, size=size(most)
            )
        case Refusal.NOT_TEXT:
            return tr("“{name}” is neither text nor a picture (PNG, JPEG, GIF, WebP).").format(
                name=shown
            )
        case _:  # too many
            return tr_n(
                "“{name}” is one too many: a question takes {n} file.",
                "“{name}” is one too many: a question takes {n} files.",
                most,
            ).format(name=shown, n=most)
