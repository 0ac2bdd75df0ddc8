"""One answer on its way to the screen: what is to be written next, in portions. Pure."""

from __future__ import annotations

from app.chat.answer_bounds import USUAL, AnswerBounds
from app.chat.markdown_blocks import BlockReader
from app.chat.markdown_pieces import Piece, Prose, Tail

MAX_SHOWN_CHARS = 2_000_000  # copying gives all of it
_READ_CHARS = 3_000
_PORTION_PIECES = 64
_PORTION_CHARS = 400  # of prose; a table of so many takes ten milliseconds to write


class AnswerFeed:
    """Given the whole answer again and again as it grows; `portion` hands over what is new."""

    def __init__(self, bounds: AnswerBounds = USUAL) -> None:
        self.answer = ""
        self.is_complete = False
        self.restart(bounds)

    def restart(self, bounds: AnswerBounds) -> None:
        """Hand everything over once more, within `bounds`."""
        self._reader = BlockReader(bounds)
        self._queue: list[Piece] = []
        self._fed = 0
        self.is_finished = False  # everything has been read

    def give(self, answer: str, *, is_complete: bool) -> bool:
        """The answer as it is now; False if it does not go on from what it was."""
        goes_on = answer.startswith(self.answer)
        self.answer = answer
        self.is_complete = is_complete
        return goes_on

    @property
    def is_shortened(self) -> bool:
        """True if the answer is too long to be shown whole."""
        return len(self.answer) > MAX_SHOWN_CHARS

    @property
    def is_simplified(self) -> bool:
        """True if something was handed over as plain text for what it would cost."""
        return self._reader.is_simplified

    @property
    def has_more(self) -> bool:
        """True if `portion` would change what is shown."""
        is_behind = self._fed < self._shown_length or bool(self._queue)
        return is_behind or (self.is_complete and not self.is_finished)

    def portion(self) -> tuple[list[Piece], Tail | None]:
        """Final pieces, as many as are cheap to write together, and what is open after them.

        The tail is None while more pieces wait: it would be written in vain.
        """
        self._read_on()
        count = chars = 0
        for piece in self._queue[:_PORTION_PIECES]:
            count += 1
            chars += len(piece.markdown) if isinstance(piece, Prose) else 0
            if chars >= _PORTION_CHARS:
                break
        pieces, self._queue = self._queue[:count], self._queue[count:]
        has_caught_up = not self._queue and self._fed == self._shown_length
        return pieces, self._reader.tail if has_caught_up else None

    @property
    def _shown_length(self) -> int:
        return min(len(self.answer), MAX_SHOWN_CHARS)

    def _read_on(self) -> None:
        if self._queue:
            return
        text = self.answer[self._fed : min(self._fed + _READ_CHARS, self._shown_length)]
        if text:
            self._queue = self._reader.feed(text)
            self._fed += len(text)
        if self.is_complete and self._fed == self._shown_length and not self.is_finished:
            self._queue += self._reader.finish()
            self.is_finished = True
