"""What the keyring has not done yet: who is concerned, why, and what helps (F-T22, T-43)."""

from __future__ import annotations

import pytest

from app.auth.accounts import newly_known
from app.auth.tokens import Account
from app.errors import FaultKind
from app.wording import keyring_backlog as words

ANN = newly_known(Account("acct-4711", "user-1", "ann@example.com", "plus"))
BO = newly_known(Account("acct-0816", "user-2", "bo@example.com", "pro"))
K = FaultKind


@pytest.mark.parametrize(
    ("why", "hint"),
    [
        (K.KEYRING_LOCKED, "unlock it first"),
        (K.KEYRING_MISSING, "start one first, such as GNOME Keyring or KWallet"),
        (K.KEYRING_FAILED, "restart your keyring first"),
    ],
)
def test_the_question_before_the_end_says_who_is_lost_and_what_helps(
    why: FaultKind, hint: str
) -> None:
    text = words.quit_text(((ANN.key, why),), (ANN, BO))
    assert "this sign-in" in text
    assert "ann@example.com · Plus." in text
    assert "bo@" not in text
    assert hint in text
    assert ("unlock" in text) is (why is K.KEYRING_LOCKED)


def test_the_question_names_all_of_them_and_each_hint_once() -> None:
    unsaved = ((ANN.key, K.KEYRING_LOCKED), (BO.key, K.KEYRING_LOCKED))
    assert words.quit_title(unsaved) == "Quit and lose these sign-ins?"
    assert words.quit_title(unsaved[:1]) == "Quit and lose the sign-in?"
    text = words.quit_text(unsaved, (ANN, BO))
    assert "these sign-ins" in text
    assert "ann@example.com · Plus, bo@example.com · Pro 20x." in text
    assert text.count("locked") == 1


def test_the_only_account_needs_no_name() -> None:
    unsaved = ((ANN.key, K.KEYRING_MISSING),)
    assert words.unsaved_notes(unsaved, (ANN,)) == [
        "Signed in for this run only: there is no keyring."
    ]
    assert words.unsaved_notes((), (ANN,)) == []


def test_of_several_it_is_said_which_and_why() -> None:
    unsaved = ((ANN.key, K.KEYRING_LOCKED), (BO.key, K.KEYRING_FAILED))
    assert words.unsaved_notes(unsaved, (ANN, BO)) == [
        "ann@example.com · Plus · Signed in for this run only: the keyring is locked.",
        "bo@example.com · Pro 20x · Signed in for this run only: "
        "the keyring did not take the sign-in.",
    ]


def test_what_is_left_of_removed_accounts_is_told() -> None:
    assert words.unremoved_note((ANN, BO)).endswith(
        "ann@example.com · Plus, bo@example.com · Pro 20x."
    )


def test_what_the_last_run_lost_is_counted() -> None:
    """F-T22"""
    assert words.lost_banner(0) is None
    one, two = words.lost_banner(1), words.lost_banner(2)
    assert one is not None
    assert two is not None
    assert (one.title, two.title) == ("A sign-in was lost", "2 sign-ins were lost")
    assert one.text.startswith("It ended with the last run")
    assert two.text.startswith("They ended with the last run")
    assert one.key == two.key == words.LOST_KEY
