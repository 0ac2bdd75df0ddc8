"""What is said once another version lies in the place of the one that runs."""

from __future__ import annotations

from app.wording import replacement as words


def test_the_banner_says_what_happened_what_it_means_and_what_to_do() -> None:
    banner = words.replacement_banner()

    assert (banner.key, banner.title) == (words.BANNER_KEY, "Tidegauge was updated")
    assert "earlier version, still running" in banner.text
    assert "may fail" in banner.text
    assert "Restart it" in banner.text
    assert banner.dismiss == "Restart"
    assert not banner.is_critical
