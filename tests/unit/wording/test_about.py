"""The words of the about window."""

from __future__ import annotations

from app.wording import about


def test_a_line_of_the_list() -> None:
    assert about.component_line("httpx", "0.28", "BSD") == "httpx 0.28 – BSD"
    assert about.component_line("polib", "1.2", "") == "polib 1.2 – licence not told"
    assert about.version("1.2.3") == "Version 1.2.3"
