"""What the panel says in each state, read as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gallery.states import (
    ACCOUNT,
    FRESH,
    NOW,
    PANEL_STATES,
    ZONE,
    failed,
    signed_in,
    snapshot,
    window,
)

from app.alerts.banners import Banner
from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.errors import Fault, FaultKind
from app.settings import Note, NoteKind, Settings
from app.state import AppState, SessionState, SessionStatus, Trouble
from app.ui.panel_content import Action, PanelContent, panel_content
from app.ui.panel_rows import Row
from app.updates.status import Updates
from app.usage.limits import MAIN_LIMIT, RateLimit
from app.usage.pace import Level
from app.wording import labels
from app.wording import updates as update_words
from app.wording.hints import panel_hint
from app.wording.settings_notes import note_words
from app.wording.trouble import BANNER_KEY


def _content(name: str) -> PanelContent:
    return panel_content(PANEL_STATES[name], NOW, ZONE)


def test_two_windows_of_the_plan_are_gauges_and_the_rest_are_bars() -> None:
    content = _content("warning")
    assert [gauge.name for gauge in content.gauges] == ["5-hour", "Weekly"]
    assert [bar.name for bar in content.bars] == ["Code review", "Spark"]
    assert (content.account, content.plan) == ("ann@example.com", "Plus")
    assert content.rows == (Row("Credits", "150.00", "about 30 to 150 local messages"),)
    assert content.footer == "Updated 12 s ago"


def test_a_gauge_says_percent_countdown_clock_time_and_pace() -> None:
    gauge = _content("warning").gauges[0]
    assert (gauge.number, gauge.word, gauge.filled) == ("78", "used", 78)
    assert (gauge.countdown, gauge.clock) == ("resets in 1 h 19 m", "today 15:00")
    assert gauge.pace == "runs out 14:43,\n17\u00a0m before the reset"
    assert (gauge.level, gauge.pace_level) == (Level.CLOSE, Level.CLOSE)
    assert "78 %" in gauge.spoken
    calm = _content("fresh").gauges[1]
    assert (calm.pace, calm.pace_level) == ("32 % in reserve", Level.UNKNOWN)


def test_a_bar_says_percent_and_reset_in_one_line() -> None:
    review, spark = _content("warning").bars
    assert (review.text, review.level) == ("4 % · resets in 20 h 19 m", Level.CALM)
    assert (spark.text, spark.level) == ("96 % · resets in 41 m", Level.OVER)


def test_remaining_turns_number_arc_and_tick_around() -> None:
    used, left = _content("fresh").gauges[0], _content("remaining").gauges[0]
    assert (left.number, left.word, left.filled) == ("69", "left", 69)
    assert used.even is not None
    assert left.even == pytest.approx(100 - used.even)


def test_an_exhausted_window_says_so_instead_of_its_pace() -> None:
    gauge = _content("exhausted").gauges[0]
    assert (gauge.level, gauge.pace) == (Level.EXHAUSTED, "limit reached")


def test_stale_numbers_say_their_age_and_promise_nothing() -> None:
    content = _content("stale")
    assert content.is_stale
    assert content.footer == "Out of date, updated 52 min ago"
    assert all(gauge.is_dim and not gauge.pace for gauge in content.gauges)
    assert all(gauge.even is None for gauge in content.gauges)
    assert all(bar.is_dim for bar in content.bars)


def test_unknown_percent_is_a_dash_and_a_passed_reset_is_due() -> None:
    unknown, tiny = _content("unknown").gauges
    assert (unknown.number, unknown.filled, unknown.countdown) == ("–", None, "reset time unknown")
    assert (tiny.number, tiny.countdown) == ("<1", "reset due")


def test_a_reply_without_limits_says_so() -> None:
    content = _content("no-limits")
    assert not content.gauges
    assert [row.value for row in content.rows] == ["unlimited"]
    assert content.notes == ("The service reports no limits for this plan.",)


def test_a_fault_keeps_the_numbers_and_is_told_in_words() -> None:
    content = _content("error")
    assert len(content.gauges) == 2
    assert content.notice is not None
    assert content.notice.detail not in content.notice.title + content.notice.text
    assert content.notice.button is None
    assert panel_content(signed_in(None, poll=failed(Fault(FaultKind.OFFLINE))), NOW, ZONE).blank


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("starting", []),
        ("signed-out", [Action.SIGN_IN]),
        ("sign-in-failed", [Action.SIGN_IN]),
        ("signing-in", [Action.COPY_ADDRESS, Action.CANCEL_SIGN_IN]),
        ("keyring-locked", [Action.UNLOCK]),
        ("waiting", []),
        ("error-no-data", [Action.REFRESH]),
    ],
)
def test_without_numbers_there_is_a_sentence_and_what_can_be_done(
    name: str, actions: list[Action]
) -> None:
    blank = _content(name).blank
    assert blank is not None
    assert blank.title
    assert [button.action for button in blank.buttons] == actions
    assert sum(button.is_primary for button in blank.buttons) <= 1
    assert not _content(name).gauges


def test_a_new_sign_in_hides_the_old_numbers_until_it_ends() -> None:
    session = SessionState(SessionStatus.SIGNING_IN, ACCOUNT)
    content = panel_content(AppState(session=session, usage=FRESH), NOW, ZONE)
    assert content.blank is not None
    assert content.blank.address == ""
    assert [button.action for button in content.blank.buttons] == [Action.CANCEL_SIGN_IN]
    assert (content.gauges, content.notice) == ((), None)


def test_a_sign_in_that_goes_on_elsewhere_can_be_brought_up() -> None:
    progress = SignInProgress(Way.DEVICE, Stage.WAITING, "https://auth.example", "AB-CD")
    session = SessionState(SessionStatus.SIGNING_IN, progress=progress)
    blank = panel_content(AppState(session=session), NOW, ZONE).blank
    assert blank is not None
    assert [button.action for button in blank.buttons] == [Action.SIGN_IN, Action.CANCEL_SIGN_IN]
    checking = replace(progress, stage=Stage.CHECKING)
    blank = panel_content(AppState(session=replace(session, progress=checking)), NOW, ZONE).blank
    assert blank is not None
    assert [button.action for button in blank.buttons] == [Action.CANCEL_SIGN_IN]


def test_an_expired_session_offers_to_sign_in_with_and_without_numbers() -> None:
    content = _content("expired")
    assert content.notice is not None
    assert content.notice.button is not None
    assert content.notice.button.action is Action.SIGN_IN
    assert not content.can_chat
    without = replace(PANEL_STATES["expired"], usage=None)
    blank = panel_content(without, NOW, ZONE).blank
    assert blank is not None
    assert [button.action for button in blank.buttons] == [Action.SIGN_IN]


def test_restored_numbers_show_while_the_keyring_is_still_asked() -> None:
    content = panel_content(AppState(usage=FRESH), NOW, ZONE)
    assert (content.blank, len(content.gauges)) == (None, 2)
    assert (content.account, content.plan) == ("Tidegauge", "")


def test_without_a_tray_the_panel_says_why_it_is_a_window() -> None:
    """F-D01: beside the numbers, and below the sentence that stands in their place."""
    why = "This desktop shows no tray icons"
    numbers = panel_content(replace(PANEL_STATES["fresh"], has_tray=False), NOW, ZONE)
    assert numbers.notes[0].startswith(why)
    blank = panel_content(replace(PANEL_STATES["signed-out"], has_tray=False), NOW, ZONE).blank
    assert blank is not None
    assert blank.text.startswith("Sign in with your ChatGPT account")
    assert why in blank.text
    starting = panel_content(AppState(has_tray=False), NOW, ZONE).blank
    assert starting is not None
    assert starting.text.startswith(why)


def test_notes_tell_what_is_not_as_it_should_be() -> None:
    assert len(_content("not-saved").notes) == 2
    assert _content("fresh").notes == ()


def test_what_the_keyring_would_not_give_up_is_named() -> None:
    """T-43: the one picture of it, and nothing while there is no such account."""
    state = PANEL_STATES["fresh"]
    bo = KnownAccount("b" * 16, Account("acc-bo", email="bo@example.com", plan="plus"))
    left = replace(state, session=replace(state.session, unremoved=(bo,)))
    (note,) = panel_content(left, NOW, ZONE).notes
    assert note.startswith("The keyring still holds an ended sign-in")
    assert "bo@example.com" in note


def test_without_a_tray_the_window_says_why_it_is_there() -> None:  # F-D01
    sentence = labels.no_tray_text()
    assert sentence in _content("no-tray").notes
    blank = panel_content(AppState(has_tray=False), NOW, ZONE).blank
    assert blank is not None
    assert blank.text == sentence
    state = replace(PANEL_STATES["signed-out"], has_tray=False)
    blank = panel_content(state, NOW, ZONE).blank
    assert blank is not None
    assert blank.text == f"{labels.signed_out_text()}\n\n{sentence}"


@pytest.mark.parametrize("name", ["fresh", "signed-out"])
def test_what_is_wrong_with_the_settings_file_is_noted(name: str) -> None:  # F-D09, F-D21
    notes = (Note(NoteKind.VALUE_RESET, "clock"), Note(NoteKind.NOT_SAVED))
    state = replace(PANEL_STATES[name], notes=notes)
    told = panel_content(state, NOW, ZONE).notes
    assert [note_words(note) for note in notes] == list(told)


def test_refreshing_is_said_only_to_who_asked() -> None:
    state = PANEL_STATES["fresh"]
    assert panel_content(state, NOW, ZONE, is_refreshing=True).footer == "Refreshing…"


def test_the_account_without_numbers_brings_its_own_plan() -> None:
    session = SessionState(SessionStatus.SIGNED_IN, Account("acc-9", plan="pro"))
    content = panel_content(AppState(session=session), NOW, ZONE)
    assert content.plan == "Pro 20x"
    assert content.footer == ""


def test_a_third_window_of_the_plan_becomes_a_bar() -> None:
    windows = tuple(window(MAIN_LIMIT, 10, seconds, None) for seconds in (18_000, 86_400, 604_800))
    content = panel_content(signed_in(snapshot(RateLimit(MAIN_LIMIT, windows))), NOW, ZONE)
    assert len(content.gauges) == 2
    assert [bar.name for bar in content.bars] == ["Daily"]


def test_a_demo_says_that_it_is_one() -> None:
    state = PANEL_STATES["fresh"]
    assert labels.demo_note() not in panel_content(state, NOW, ZONE).notes
    demo = replace(state, is_demo=True)
    assert labels.demo_note() in panel_content(demo, NOW, ZONE).notes


def test_numbers_in_doubt_say_why_and_that_they_are_asked_for_again() -> None:
    content = _content("doubtful")
    assert content.notes == ("Less used than before without a reset; asking again.",)
    assert content.gauges[0].is_dim
    assert content.spoken.endswith(content.notes[0])
    unexplained = replace(PANEL_STATES["doubtful"], usage=replace(FRESH, is_doubtful=True))
    notes = panel_content(unexplained, NOW, ZONE).notes
    assert notes == ("This reading is not sure; asking again.",)


def test_who_told_the_numbers_is_said() -> None:
    """Peers, fact 10: source and age, not certainty."""
    assert _content("fresh").source == "from the service"
    content = _content("by-answer")
    assert (content.footer, content.source) == (
        "Updated 12 s ago by an answer",
        "from a chat answer",
    )


def test_why_the_service_refuses_is_said() -> None:
    assert "Its owner can add some." in _content("workspace").notes[0]


def test_a_workspace_with_nothing_but_a_cap_shows_it() -> None:
    content = _content("cap-only")
    assert not content.gauges
    assert [bar.name for bar in content.bars] == ["Spending cap"]
    assert not any("reports no limits" in note for note in content.notes)


def test_warnings_and_settings_reach_the_panel() -> None:
    content = _content("banners")
    assert [banner.key for banner in content.banners] == ["k1", "k2", "k3"]
    assert (content.shows, content.has_motion) == ("used", True)
    calm = replace(PANEL_STATES["remaining"], settings=Settings(motion="none"))
    assert not panel_content(calm, NOW, ZONE).has_motion
    assert _content("remaining").shows == "remaining"


def test_old_numbers_are_spoken_of_as_old() -> None:
    assert _content("stale").spoken.endswith("Out of date, updated 52 min ago")
    assert "Out of date" not in _content("fresh").spoken


def test_history_is_offered_to_whoever_has_an_account() -> None:
    assert _content("fresh").can_show_history
    assert _content("expired").can_show_history
    assert not _content("signed-out").can_show_history


def test_with_several_accounts_it_is_said_whose_numbers_these_are() -> None:
    content = _content("two-accounts")
    assert content.account == "ann@example.com · …cc-1"
    assert "One of 2 accounts" in content.account_detail
    assert (_content("fresh").account, _content("fresh").account_detail) == ("ann@example.com", "")


def test_a_borrowed_sign_in_is_said_to_be_one() -> None:
    assert _content("borrowed").notes == ("Codex CLI, read only",)


def test_trouble_stands_above_every_warning() -> None:
    """F-D23"""
    warning = Banner("k", "A warning")
    state = replace(PANEL_STATES["fresh"], banners=(warning,), trouble=Trouble.SAFE_MODE)

    assert [one.key for one in panel_content(state, NOW, ZONE).banners] == [BANNER_KEY, "k"]


def test_a_hint_stands_below_everything_while_there_is_something_to_explain() -> None:
    state = replace(PANEL_STATES["fresh"], shows_hints=True)

    assert panel_content(state, NOW, ZONE).notes[-1] == panel_hint()
    assert panel_hint() not in panel_content(replace(state, usage=None), NOW, ZONE).notes


def test_a_newer_version_is_a_quiet_line() -> None:
    def notes(updates: Updates) -> tuple[str, ...]:
        state = replace(PANEL_STATES["fresh"], updates=updates)
        return panel_content(state, NOW, ZONE).notes

    assert update_words.available("0.2.0") in notes(Updates("0.2.0"))
    assert notes(Updates()) == _content("fresh").notes
