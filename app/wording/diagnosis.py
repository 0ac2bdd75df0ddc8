"""The words around a diagnosis: its window, its command, and what a replay prints. Pure.

What a diagnosis itself holds is for whoever helps, and the same in every language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.alerts.replay import Judged
from app.wording.language import phrase, tr
from app.wording.limits import percent
from app.wording.untrusted import clean

_INDENT = "  "

title = phrase("Diagnosis")
open_diagnosis = phrase("Diagnosis…")
explanation = phrase(
    "How the program fares, for whoever helps you with it. It holds no token, no text you wrote "
    "and, unless you add it below, nothing that tells who you are."
)
with_identity = phrase("Add my e-mail address, plan and account number")
collecting = phrase("Collecting…")
copy = phrase("Copy")
save = phrase("Save…")
not_saved = phrase("The file could not be written. Choose another folder.")
text_name = phrase("Text of the diagnosis")
help_diagnose = phrase("print how the program fares, for whoever helps with it")
help_with_identity = phrase("add e-mail address, plan and account number")
help_replay = phrase("put the readings of a saved diagnosis through the rules of today")
help_out = phrase("write to FILE instead")
no_readings = phrase(
    "There are no readings in it. The program's own window, opened from the settings, has the "
    "last ones it judged."
)


def saved_as(name: str) -> str:
    """Where it was written to."""
    return tr("Saved as {name}").format(name=clean(name, limit=60))


def not_a_diagnosis(path: str) -> str:
    """A file given to replay holds something else."""
    return tr("{path} holds no diagnosis.").format(path=clean(path, limit=200))


def replay_lines(judged: Sequence[Judged]) -> list[str]:
    """Each reading with the level of every window, and below it what was due."""
    lines: list[str] = []
    for one in judged:
        lines.append(_iso(one.at))
        lines += [
            _INDENT
            + tr("{window}: {percent}, level {level}").format(
                window=clean(window, limit=90), percent=percent(used), level=level.value
            )
            for window, used, level in one.levels
        ]
        lines += [
            _INDENT
            + tr("due: {kind} {window} {percent}")
            .format(
                kind=alert.kind.value,
                window=clean(alert.window_id, limit=90),
                percent=alert.percent or "",
            )
            .rstrip()
            for alert in one.due
        ]
        if one.silence is not None:
            lines.append(_INDENT + tr("nothing due: {reason}").format(reason=one.silence.value))
    return lines


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
