"""The states of the chat that the picture gallery shows, and of the choice of its model."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from gallery import answers
from gallery.states import EXHAUSTED, FRESH, NOW, WARNING, main_limit, signed_in, snapshot
from PIL import Image

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.cost import Movement
from app.chat.desk import Desk, Refusal, Refused
from app.chat.events import TokenUsage
from app.chat.models import Effort, ModelChoice
from app.errors import Fault, FaultKind
from app.settings import Settings
from app.state import AppState, SessionState, SessionStatus, Trouble
from app.usage.limits import (
    UsageSnapshot,
)

ANSWER = """Use a loop that refuses to overwrite:

```sh
for f in *.jpeg; do
  mv --no-clobber -- "$f" "${f%.jpeg}.jpg"
done
```

`--no-clobber` keeps an existing file, and `--` guards names that begin with a dash."""

QUESTION = "How do I rename *.jpeg to *.jpg here without overwriting anything?"


def _picture() -> bytes:
    """A small picture, as somebody may attach one."""
    drawn = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    drawn.save(content := BytesIO(), "PNG")
    return content.getvalue()


def _turn(**fields: object) -> Turn:
    asked = NOW - timedelta(seconds=6)
    turn = Turn("t1", QUESTION, asked_at=asked, first_text_at=asked + timedelta(seconds=3))
    return replace(turn, **fields)  # type: ignore[arg-type]


def _chat(usage: UsageSnapshot, *turns: Turn) -> AppState:
    return signed_in(usage, conversation=Conversation("c1", turns))


_DONE = _turn(answer=ANSWER, status=TurnStatus.COMPLETED, model="gpt-5.5")
CHAT_STATES: dict[str, AppState] = {
    "empty": signed_in(FRESH),
    "signed-out": AppState(session=SessionState(SessionStatus.SIGNED_OUT)),
    "safe-mode": signed_in(FRESH, trouble=Trouble.SAFE_MODE),
    "waiting": _chat(WARNING, _turn(first_text_at=None)),
    "streaming": _chat(WARNING, _turn(answer=ANSWER[:-20], status=TurnStatus.STREAMING)),
    "fresh": _chat(FRESH, _DONE),
    "warning": _chat(WARNING, _DONE),
    "exhausted": _chat(
        EXHAUSTED,
        _turn(
            first_text_at=None,
            status=TurnStatus.FAILED,
            fault=Fault(FaultKind.LIMIT_REACHED, resets_at=NOW + timedelta(hours=2, minutes=24)),
        ),
    ),
    "error": _chat(
        FRESH,
        _turn(
            answer=ANSWER[: ANSWER.index("`--no")],
            status=TurnStatus.FAILED,
            fault=Fault(FaultKind.ANSWER_ENDED_EARLY, "stream ended without response.completed"),
        ),
    ),
    "stopped": _chat(FRESH, _turn(answer=ANSWER[:150], status=TurnStatus.STOPPED)),
    "stale": replace(
        _chat(FRESH, _DONE), usage=replace(FRESH, fetched_at=NOW - timedelta(minutes=52))
    ),
}

_SOL = ModelChoice(
    "sol",
    "GPT-6.1-Sol",
    "For problems that need long thought.",
    (Effort("low", "Answers fast"), Effort("medium", "A good middle"), Effort("high", "Thorough")),
)
_LUNA = ModelChoice("luna", "GPT-6-Luna", "Small, quick, and easy on the limits.")
_NOTES = Attachment("release-notes.md", "text/plain", text="# 1.4\n" * 300)
_SHOT = Attachment("screenshot of the panel.png", "image/png", data=_picture())
_EDITED = _chat(FRESH, replace(_DONE, turn_id="t0", question="And in Python?"), _DONE)
CHAT_STATES |= {
    "editing": replace(_EDITED, desk=Desk().put("And in Python, please?", "t0")),
    "files": replace(
        _chat(WARNING, _DONE), desk=replace(Desk(), attachments=(_NOTES, _SHOT, _NOTES))
    ),
    "files-refused": replace(
        signed_in(FRESH),
        desk=replace(
            Desk().put("What is wrong here?"),
            attachments=(_SHOT,),
            refused=(
                Refused("holiday.mp4", Refusal.NOT_TEXT),
                Refused("access.log", Refusal.TOO_LARGE, 512 << 10),
            ),
        ),
    ),
    "cost": replace(
        _chat(FRESH, replace(_DONE, usage=TokenUsage(1312, 1024, 396, 264), attachments=(_SHOT,))),
        desk=replace(
            Desk(),
            moved={_DONE.turn_id: tuple(Movement(w.window_id, 1, 3) for w in FRESH.main_windows)},
        ),
    ),
    "left-out": _chat(FRESH, replace(_DONE, left_out=7)),
    "other-model": _chat(FRESH, replace(_DONE, replaced_model="gpt-5.1-codex-max")),
    "nearly-used-up": _chat(snapshot(main_limit(94, 72)), _DONE),
    "on-top": replace(
        signed_in(FRESH), settings=Settings(chat_on_top=True, chat_send_key="shift_enter")
    ),
    "question-kept": replace(CHAT_STATES["exhausted"], desk=Desk().put(QUESTION, _DONE.turn_id)),
    "chosen-model": replace(
        _chat(FRESH, _DONE),
        settings=Settings(chat_model="sol", chat_effort="high"),
        desk=replace(Desk(), models=(_SOL, _LUNA)),
    ),
}
CHAT_STATES |= {
    "everything": _chat(FRESH, replace(_DONE, answer=answers.EVERYTHING, reasoning="Two ways.")),
    "right-to-left": _chat(FRESH, replace(_DONE, answer=answers.RIGHT_TO_LEFT)),
    "too-much": _chat(FRESH, replace(_DONE, answer=answers.TOO_MUCH)),
    "files-sent": _chat(FRESH, replace(_DONE, attachments=(_SHOT, _NOTES))),
}
MODEL_STATES: dict[str, tuple[tuple[ModelChoice, ...] | None, Settings]] = {
    "models": ((_SOL, _LUNA), Settings(chat_model="sol", chat_effort="high")),
    "models-service": ((_SOL, _LUNA), Settings()),
    "models-reading": (None, Settings()),
    "models-none": ((), Settings(chat_model="gpt-private")),
}
