"""What is said of deleting everything."""

from __future__ import annotations

import pytest

from app.auth.accounts import newly_known
from app.auth.tokens import Account
from app.erasure.outcome import Leftover, Outcome, Part
from app.wording import erasure as words

ANN = newly_known(Account("acct-4711", "user-1", "ann@example.com", "plus"))
BO = newly_known(Account("acct-1", "user-2", "bo@example.com", "pro"))


def test_the_question_says_what_goes_what_stays_and_that_the_program_ends() -> None:
    text = words.question_text((ANN, BO), is_window=True)
    assert "ann@example.com · Plus, bo@example.com" in text
    for word in ("keyring", "history", "conversations", "logs", "settings", "starts", "Codex CLI"):
        assert word in text
    assert text.endswith("then quits.")
    at_a_terminal = words.question_text((), is_window=False)
    assert "every sign-in;" in at_a_terminal
    assert "quits" not in at_a_terminal


@pytest.mark.parametrize("part", Part)
def test_every_leftover_has_words_and_a_way_to_go_on(part: Part) -> None:
    outcome = Outcome((Leftover(part, ("/a (why)",)),))
    text = words.outcome_text(outcome)
    assert words.outcome_title(outcome) == words.unfinished_title()
    assert text.endswith(words.how_to_go_on())
    assert ("/a (why)" in text) == (part is not Part.KEYRING_LOCKED)


def test_a_keyring_that_tells_no_reason() -> None:
    text = words.outcome_text(Outcome((Leftover(Part.KEYRING_FAILED),)))
    assert "(no reason told)" in text


def test_done_says_so_and_what_was_kept_or_left() -> None:
    assert words.outcome_title(Outcome()) == words.done_title()
    assert words.outcome_text(Outcome()) == words.done_text()
    assert words.outcome_text(Outcome(), keeps_settings=True) == words.settings_kept()
    told = words.outcome_text(Outcome(foreign=("/x/mine",), untold=2))
    assert "2 sign-ins" in told
    assert "/x/mine" in told
    assert "1 sign-in " in words.outcome_text(Outcome(untold=1))


def test_a_long_list_is_cut() -> None:
    names = tuple(f"/x/{number}" for number in range(9))
    told = words.outcome_text(Outcome(foreign=names))
    assert "/x/5, 3 more" in told
    assert "/x/6" not in told
