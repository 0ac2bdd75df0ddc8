"""Notices that the program was updated under itself. No timer: polls and wishes are the occasions,
and whatever of ours fails, which may be why."""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.state import Store

_LOG = logging.getLogger("tidegauge.replacement")


class ReplacementWatch:
    """`are_replaced` looks at our own files."""

    def __init__(self, store: Store, are_replaced: Callable[[], bool]) -> None:
        self._store = store
        self._are_replaced = are_replaced
        store.subscribe(lambda state: state.poll.next_at, lambda _state: self.look())
        store.subscribe(lambda state: state.trouble, lambda _state: self.look())

    def look(self) -> None:
        """An occasion. What was noticed holds until the program ends."""
        if not self._store.state.is_replaced and self._are_replaced():
            _LOG.warning("another version has taken the place of this one's files")
            self._store.update(is_replaced=True)
