"""Which colour a level has in gauges, bars and charts."""

from __future__ import annotations

from app.usage.pace import Level

_LEVELS = {
    Level.UNKNOWN: "faint",
    Level.CALM: "calm",
    Level.CLOSE: "close",
    Level.OVER: "over",
    Level.EXHAUSTED: "over",
}


def level_colour(level: Level) -> str:
    """The colour token of a level."""
    return _LEVELS[level]
