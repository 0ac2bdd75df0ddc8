"""Every sentence of the sign-in window is there, and names what it must."""

from __future__ import annotations

from dataclasses import fields

import pytest

from app.embedded_window import Obstacle
from app.wording import sign_in_window


def test_no_sentence_is_missing() -> None:
    words = sign_in_window.window_words()

    assert all(getattr(words, one.name) for one in fields(words))
    assert "{address}" in words.blocked
    assert "{host}" in words.not_loaded
    assert words.title.startswith("Tidegauge")  # T-24


@pytest.mark.parametrize("reason", list(Obstacle))
def test_every_obstacle_is_explained(reason: Obstacle) -> None:
    assert bool(sign_in_window.obstacle(reason)) == (reason is not Obstacle.NONE)
