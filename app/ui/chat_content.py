"""What the chat window says around the transcript, as a value. Pure, no Qt.

The window compares two of these and touches only what differs; stream events, which come a
hundred times a second, change none of it.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum

from app.chat.conversation import Conversation, Turn, TurnStatus
from app.errors import Fault, FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui.gauge_reading import BarReading, Reader
from app.usage.pace import Level, is_stale, level_of, most_used_window
from app.values import dataclass
from app.wording import chat as words
from app.wording import composing, labels, limits, trouble
from app.wording.fault_words import FaultWords
from app.wording.faults import describe
from app.wording.setting_choices import choice_label
from app.wording.untrusted import clean

_TITLE_CHARS = 60


class Remedy(StrEnum):
    """What the button beside the sentence does; empty: there is no button."""

    NONE = ""
    SIGN_IN = "sign_in"
    UNLOCK = "unlock"
    LEAVE_SAFE_MODE = "leave_safe_mode"


@dataclass(frozen=True, slots=True)
class Gate:
    """Why nothing can be asked now, and what helps."""

    sentence: str
    button: str = ""
    remedy: Remedy = Remedy.NONE


@dataclass(frozen=True, slots=True)
class ChatContent:
    """`gauge` stands beside the words while little or nothing is left; then `limit` is empty.

    `editing` says what sending will replace, `left_out` which questions no longer go along.
    """

    title: str
    model: str
    is_answering: bool
    is_empty: bool
    gate: Gate | None = None
    cost: str = ""
    cost_tooltip: str = ""
    limit: str = ""
    limit_colour: str = "faint"  # a token of the theme
    limit_tooltip: str = ""
    gauge: BarReading | None = None
    editing: str = ""
    left_out: str = ""


def chat_content(state: AppState, now: datetime, zone: tzinfo) -> ChatContent:
    """What surrounds the transcript. `now` is our clock's, aware."""
    conversation = state.conversation
    gauge = _gauge(state, now, zone)
    cost, cost_tooltip = _cost(state)
    limit, colour, tooltip = ("", "faint", "") if gauge else _limit(state, now, zone)
    return ChatContent(
        title=_title(conversation),
        model=labels.model_and_effort(_model(state), _effort(state)),
        is_answering=conversation.open_turn is not None,
        is_empty=not conversation.turns,
        gate=_safe_mode_gate() if state.is_safe_mode else _gate(state.session),
        cost=cost,
        cost_tooltip=cost_tooltip,
        limit=limit,
        limit_colour=colour,
        limit_tooltip=tooltip,
        gauge=gauge,
        editing=_editing(state),
        left_out=composing.left_out(conversation.left_out) if conversation.left_out else "",
    )


def turn_words(turn: Turn, state: AppState, now: datetime, zone: tzinfo) -> FaultWords | None:
    """How a turn ended that did not go well, None for all others."""
    if turn.status not in (TurnStatus.FAILED, TurnStatus.CUT):
        return None
    fault = turn.fault or Fault(
        FaultKind.ANSWER_CUT if turn.status is TurnStatus.CUT else FaultKind.INTERNAL
    )
    return describe(fault, now, zone, state.settings.clock)


def can_continue(turn: Turn) -> bool:
    """Whether there is an answer that was stopped, cut or broken off, and might go on (F-C13)."""
    unfinished = (TurnStatus.STOPPED, TurnStatus.CUT, TurnStatus.FAILED)
    return bool(turn.answer) and turn.status in unfinished


def _title(conversation: Conversation) -> str:
    if not conversation.turns:
        return labels.chat_title()
    title = conversation.title or conversation.turns[0].question
    return clean(title, limit=_TITLE_CHARS) or labels.chat_title()


def _model(state: AppState) -> str:
    """The chosen model, by the name the service gives it once that is known."""
    slug = state.settings.chat_model
    known = state.desk.models if state.desk is not None else None
    return next((one.name for one in known or () if one.slug == slug), slug)


def _effort(state: AppState) -> str:
    effort = state.settings.chat_effort
    return choice_label("chat_effort", effort) if effort else ""


def _editing(state: AppState) -> str:
    """What sending will replace; nothing is said of a question that got no answer."""
    replaced = state.desk.draft.replaces if state.desk is not None else ""
    turns = state.conversation.turns
    for following, turn in enumerate(reversed(turns)):
        if replaced and turn.turn_id == replaced:
            if following:
                return composing.editing_earlier(following)
            return composing.editing_last() if turn.answer else ""
    return ""


def _cost(state: AppState) -> tuple[str, str]:
    """What the last answer took, and what the tooltip adds to it."""
    turn = next((one for one in reversed(state.conversation.turns) if one.usage), None)
    if turn is None or turn.usage is None:
        return "", ""
    usage = state.usage
    named = {w.window_id: limits.window_name(w, usage) for w in usage.main_windows} if usage else {}
    moved = [
        composing.window_moved(named[one.window_id], one.low, one.high)
        for one in (state.desk.moved.get(turn.turn_id, ()) if state.desk else ())
        if one.window_id in named
    ]
    lines = (labels.token_counts(turn.usage), " · ".join(moved))
    text = "\n".join(line for line in lines if line)
    return text, composing.moved_meanwhile() if moved else ""


def _safe_mode_gate() -> Gate:
    return Gate(trouble.no_questions(), trouble.leave_safe_mode(), Remedy.LEAVE_SAFE_MODE)


def _gate(session: SessionState) -> Gate | None:
    match session.status:
        case SessionStatus.SIGNED_IN if session.is_borrowed:
            return Gate(words.only_borrowed(), labels.sign_in(), Remedy.SIGN_IN)
        case SessionStatus.SIGNED_IN:
            return None
        case SessionStatus.STARTING:
            return Gate(words.starting_up())
        case SessionStatus.SIGNING_IN:
            return Gate(labels.waiting_for_browser())
        case SessionStatus.KEYRING_LOCKED:
            return Gate(labels.keyring_locked_text(), labels.unlock_keyring(), Remedy.UNLOCK)
        case SessionStatus.EXPIRED:
            return Gate(labels.expired_text(), labels.sign_in(), Remedy.SIGN_IN)
        case _:  # signed out
            return Gate(labels.chat_signed_out(), labels.sign_in(), Remedy.SIGN_IN)


def _gauge(state: AppState, now: datetime, zone: tzinfo) -> BarReading | None:
    """The fullest window as a gauge, from the point on where hardly anything is left of it."""
    usage = state.usage
    window = most_used_window(usage) if usage else None
    limit = usage.limit(window.limit_id) if usage and window else None
    if usage is None or window is None or limit is None:
        return None
    stale = is_stale(usage.fetched_at, now, state.settings.poll_idle_s)
    reading = Reader(usage, now, zone, state.settings, stale).bar(window, limit)
    if reading.level is not Level.EXHAUSTED:
        is_near = (window.used_percent or 0) >= state.settings.thresholds[1]
        return reading if is_near else None
    resets = limits.resets_at(window, usage.server_now(now), zone, state.settings.clock)
    reached = " · ".join(part for part in (limits.limit_reached(), resets) if part)
    return reading._replace(text=reached)


def _limit(state: AppState, now: datetime, zone: tzinfo) -> tuple[str, str, str]:
    """The fullest window in words, the colour of its level, and when it resets."""
    usage = state.usage
    window = most_used_window(usage) if usage else None
    if usage is None or window is None:
        return "", "faint", ""
    moment = usage.server_now(now)
    level = level_of(window, moment, state.settings.thresholds, limit=usage.limit(window.limit_id))
    name = limits.window_name(window, usage)
    shown = limits.percent(window.used_percent, state.settings.gauge_shows)
    resets = limits.resets_at(window, moment, zone, state.settings.clock)
    return labels.window_and_percent(name, shown), _COLOURS[level], resets


_COLOURS = {
    Level.UNKNOWN: "faint",
    Level.CALM: "faint",
    Level.CLOSE: "close",
    Level.OVER: "over",  # by its pace; nearly used up, it has the gauge
    Level.EXHAUSTED: "over",
}
