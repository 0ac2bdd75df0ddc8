"""What is said of a program that failed and goes on."""

from __future__ import annotations

from app.state import Trouble
from app.wording.trouble import BANNER_KEY, trouble_banner


def test_all_is_well_says_nothing() -> None:
    assert trouble_banner(Trouble.NONE) is None


def test_a_crash_says_that_it_goes_on() -> None:
    banner = trouble_banner(Trouble.CRASHED)

    assert banner is not None
    assert (banner.key, banner.dismiss, banner.is_critical) == (BANNER_KEY, "", False)
    assert "goes on" in banner.text


def test_safe_mode_says_what_rests_and_how_to_leave_it() -> None:
    """F-D23"""
    banner = trouble_banner(Trouble.SAFE_MODE)

    assert banner is not None
    assert banner.dismiss == "Leave safe mode"
    assert "questions and warnings rest" in banner.text
    assert banner.is_critical
