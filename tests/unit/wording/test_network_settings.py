"""What became of a proxy, its password and a file of certificates, in words."""

from __future__ import annotations

import pytest

from app.errors import FaultKind
from app.settings import CaProblem, Remark, RemarkKind
from app.wording.network_settings import (
    ca_problem,
    password_left,
    password_not_kept,
    remark_words,
)

TROUBLES = (
    FaultKind.KEYRING_LOCKED,
    FaultKind.KEYRING_MISSING,
    FaultKind.KEYRING_FAILED,
    FaultKind.KEYRING_CHANGED,
)


@pytest.mark.parametrize("problem", CaProblem)
def test_each_file_that_is_not_taken_is_told_why(problem: CaProblem) -> None:
    told = remark_words(Remark("ca_file", RemarkKind.FILE_REFUSED, problem))
    assert told == ca_problem(problem)
    assert told.startswith("Not taken: ")
    assert len({ca_problem(one) for one in CaProblem}) == len(CaProblem)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_says_what_holds_and_for_how_long(trouble: FaultKind) -> None:
    held = remark_words(Remark("proxy", RemarkKind.PASSWORD_HELD, trouble))
    assert "until you quit" in held
    assert "nothing has changed" in password_not_kept(trouble)


def test_locked_and_missing_keyrings_are_told_apart() -> None:
    locked, missing, failed = (
        remark_words(Remark("proxy", RemarkKind.PASSWORD_HELD, one)) for one in TROUBLES[:3]
    )
    assert "locked" in locked
    assert "no keyring" in missing
    assert "did not take" in failed
    assert len({password_not_kept(one) for one in TROUBLES[:3]}) == 3


def test_the_other_outcomes() -> None:
    assert "socks5://proxy.example:1080" in remark_words(
        Remark("proxy", RemarkKind.ADDRESS_REFUSED)
    )
    assert "in your keyring" in remark_words(Remark("proxy", RemarkKind.PASSWORD_KEPT))
    assert "may still be" in remark_words(Remark("proxy", RemarkKind.PASSWORD_LEFT))
    assert "may still be" in password_left()
