"""What is logged before there is a log: kept, and handed over once there is one.

Without any handler the library would print warnings to the error stream, as they are.
"""

from __future__ import annotations

import logging

_MOST = 100


class EarlyLog(logging.Handler):
    """Takes warnings from `begin` on; `hand_over` gives them to the handlers there are by then."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._records: list[logging.LogRecord] = []

    def begin(self) -> None:
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._records) < _MOST:
            self._records.append(record)

    def hand_over(self) -> None:
        logging.getLogger().removeHandler(self)
        for record in self._records:
            logging.getLogger(record.name).handle(record)
        self._records.clear()
