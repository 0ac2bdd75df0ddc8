"""What the running program says to a line, whatever carried it, and how long it listens (T-45)."""

from __future__ import annotations

from collections.abc import Callable

from app import VERSION
from app.instance.messages import Answer, Message, answer_line, read_line

DEADLINE_S = 1.0
MOST_CLIENTS = 8


class Mouth:
    """What is said to a line. `on_message` gets what is understood, once it was answered; `asks`
    tells whether the person is going to be asked before it is done."""

    def __init__(
        self,
        on_message: Callable[[Message], None],
        asks: Callable[[Message], bool] = lambda _message: False,
    ) -> None:
        self.on_message = on_message
        self._asks = asks

    def answer(self, line: bytes) -> tuple[Message, bytes] | None:
        """The message in `line` and the line to say to it; None for what nobody of ours wrote."""
        message = read_line(line)
        if message is None:
            return None
        return message, answer_line(Answer(VERSION, self._asks(message)))
