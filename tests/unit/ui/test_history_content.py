"""What the history window says in each state, read as text."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from gallery.history_states import ACCOUNT_KEY, SESSION, WEEKLY, history_states, shown, view
from gallery.states import NOW, ZONE

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.history.chart import UseChart
from app.history.chart_axis import Span
from app.history.chart_cycle import CycleChart
from app.history.curves import Series
from app.history.status import HistoryStatus
from app.history.view import HistoryView, Saving
from app.private_database.status import Condition
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus
from app.ui.history_content import HistoryContent, history_content, readout_words
from app.ui.panel_content import Action

STATES = dict(history_states())


def content(name: str) -> HistoryContent:
    return history_content(STATES[name], NOW, ZONE)


def test_every_window_on_file_can_be_chosen_by_name() -> None:
    made = content("week")
    names = [name for _id, name in made.choices]
    assert names[:2] == ["5-hour", "Weekly"]
    assert "Code review" in names
    assert made.chosen == WEEKLY


def test_the_chart_and_its_words() -> None:
    made = content("week")
    assert isinstance(made.chart, UseChart)
    assert " ".join(made.ticks) == "Mon 16 Tue 17 Wed 18 Thu 19 Fri 20 Sat 21 Sun 22"
    assert made.caption.startswith("Weekly limit, last 7 days: between 0 % and ")
    assert "now 31 %" in made.caption
    assert made.thresholds == (75.0, 90.0)
    assert made.blank is None
    assert made.can_save


def test_the_burn_down_and_its_words() -> None:
    made = content("session-cycle")
    assert isinstance(made.chart, CycleChart)
    assert made.caption.startswith("5-hour limit, this cycle: 14 % left; ")
    assert "runs out" in made.caption


def test_what_the_cursor_reads() -> None:
    made = content("week")
    assert made.chart is not None
    last = made.chart.stops[-1]
    told = readout_words(made, last, ZONE, "24h")
    assert told.startswith("Sun 22 Nov 13:")
    assert "31 % used" in told
    cycle = content("cycle")
    assert "% left" in readout_words(cycle, cycle.now, ZONE, "24h")
    assert readout_words(content("empty"), 0, ZONE, "24h") == ""


def test_the_chart_follows_the_time_until_it_is_read_anew() -> None:
    later = replace(STATES["day"].history_view or view(), read_at=round(NOW.timestamp()) + 3600)
    made = history_content(shown(later), NOW, ZONE)
    assert made.now == round(NOW.timestamp()) + 3600
    assert made.chart is not None
    assert made.chart.axis.until == made.now


def test_without_numbers_the_time_is_our_own() -> None:
    made = history_content(replace(STATES["week"], usage=None), NOW, ZONE)
    assert made.now == round(NOW.timestamp())


def test_the_axis_is_in_the_zone_of_the_moment() -> None:
    """F-M06: the same readings after a journey."""
    here = history_content(STATES["day"], NOW, ZONE).ticks
    there = history_content(STATES["day"], NOW, ZoneInfo("America/New_York")).ticks
    assert here != there
    assert "Sun 22" in here


@pytest.mark.parametrize(
    ("name", "title", "action"),
    [
        ("signed-out", "Not signed in", Action.SIGN_IN),
        ("loading", "Reading the history…", None),
        ("empty", "Nothing recorded yet", None),
        ("off-empty", "The history is switched off", Action.SETTINGS),
        ("newer", "The history is from a newer version", None),
        ("no-cycle", "No cycle is running", None),
    ],
)
def test_what_stands_in_place_of_a_chart(name: str, title: str, action: Action | None) -> None:
    made = content(name)
    assert made.chart is None
    assert made.blank is not None
    assert made.blank.title == title
    assert [button.action for button in made.blank.buttons] == ([action] if action else [])


def test_an_empty_history_says_when_it_will_not_be() -> None:
    blank = content("empty").blank
    assert blank is not None
    assert blank.text == "The first reading is expected at 13:43."


def test_with_several_accounts_it_says_whose_it_is() -> None:
    session = STATES["week"].session
    assert content("week").account == ""
    assert session.account is not None
    other = Account("acc-2", "user-2", "bo@example.com", "pro")
    known = (KnownAccount("k1", session.account), KnownAccount("k2", other))
    made = history_content(shown(view(), session=replace(session, accounts=known)), NOW, ZONE)
    assert made.account == "ann@example.com"


def test_before_the_keyring_answered_nothing_is_asked_for() -> None:
    blank = history_content(AppState(), NOW, ZONE).blank
    assert blank is not None
    assert blank.title == "Starting…"
    assert blank.buttons == ()


def test_readings_of_another_account_are_never_shown() -> None:
    """Peers, fact 21."""
    state = STATES["week"]
    other = replace(state, session=replace(state.session, account_key="ff" * 8))
    made = history_content(other, NOW, ZONE)
    assert made.chart is None
    assert made.choices == ()
    assert made.blank is not None
    assert made.blank.title == "Reading the history…"
    unread = history_content(replace(state, history_view=None), NOW, ZONE)
    assert unread.blank == made.blank


@pytest.mark.parametrize(
    ("name", "title", "has_button"),
    [
        ("off", "The history is switched off", True),
        ("read-only", "The history can only be read", False),
        ("salvaged", "The history file was damaged", False),
    ],
)
def test_what_is_wrong_stands_above_the_chart(name: str, title: str, has_button: bool) -> None:
    """F-D09, F-D16, F-D17."""
    made = content(name)
    assert made.chart is not None
    assert made.notice is not None
    assert made.notice.title == title
    assert (made.notice.button is not None) is has_button


@pytest.mark.parametrize(
    ("saving", "footer", "can_save"),
    [
        (Saving.NONE, "", True),
        (Saving.UNDER_WAY, "Saving…", False),
        (Saving.DONE, "Saved as history.csv", True),
        (Saving.FAILED, "The file could not be written. Choose another place.", True),
    ],
)
def test_how_an_export_goes(saving: Saving, footer: str, can_save: bool) -> None:
    made = history_content(shown(view(saving=saving, saved_to="history.csv")), NOW, ZONE)
    assert (made.footer, made.can_save) == (footer, can_save)


def test_a_chart_that_was_not_read_yet_is_not_drawn() -> None:
    made = history_content(shown(replace(view(), series=None)), NOW, ZONE)
    assert made.chart is None


def test_a_window_without_readings_is_a_gap() -> None:
    made = history_content(shown(view(SESSION, Span.DAY, series=Series(SESSION, 0, 1))), NOW, ZONE)
    assert made.chart is not None
    assert made.caption == "5-hour limit, last 24 hours: no readings."


def test_the_clock_is_that_of_the_settings() -> None:
    twelve = history_content(
        shown(view(SESSION, Span.DAY), settings=Settings(clock="12h")), NOW, ZONE
    )
    assert "4:00 pm" in twelve.ticks


def test_while_it_is_read_for_the_first_time() -> None:
    state = AppState(
        session=SessionState(SessionStatus.SIGNED_IN, account_key=ACCOUNT_KEY),
        poll=PollState(),
        history=HistoryStatus(Condition.WAITING),
        history_view=HistoryView(account_key=ACCOUNT_KEY),
    )
    blank = history_content(state, NOW, ZONE).blank
    assert blank is not None
    assert blank.title == "Reading the history…"
