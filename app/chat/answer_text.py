"""The text of an answer, pieced together from its parts. Pure; deltas cost what they are long.

A response holds output items, an item holds content parts; both are numbered and may arrive
interleaved. What grows at the end is told as `TextDelta`; whatever changes the middle is told
as `TextReplaced` with everything, and only when the service has stated it finally.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.chat.events import StreamEvent, TextDelta, TextReplaced
from app.chat.frames import Frame, presentable, text_of, whole_number_of

_ITEM_SEPARATOR = "\n\n"
_Place = tuple[int, int]  # (output_index, content_index)


@dataclass(slots=True)
class _Part:
    pieces: list[str] = field(default_factory=list)
    held: str = ""  # the first half of a surrogate pair whose second is in the next delta
    is_final: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class AnswerText:
    """Rows F-C19…F-C22. Applying the events in order gives the text as it is to be shown."""

    def __init__(self) -> None:
        self._parts: dict[_Place, _Part] = {}
        self._last: _Place | None = None
        self._item_index: dict[str, int] = {}
        self._is_behind = False  # text arrived that was not told yet
        self.corrections = 0

    @property
    def is_empty(self) -> bool:
        return not self._parts

    def add(self, frame: Frame, delta: str) -> list[StreamEvent]:
        """A delta; it counts for nothing once its part is settled."""
        place = self._place(frame)
        part = self._parts.get(place)
        if not delta or (part is not None and part.is_final):
            return []
        if part is not None:
            delta, part.held = part.held + delta, ""
        held = delta[-1] if "\ud800" <= delta[-1] <= "\udbff" else ""
        text = presentable(delta[:-1] if held else delta)
        events = self._grow(place, text)
        self._parts[place].held = held
        return events

    def settle(self, frame: Frame, text: str) -> list[StreamEvent]:
        """A part as the service states it finally (F-C20); said twice, the later one holds."""
        place, text = self._place(frame), presentable(text)
        part = self._parts.get(place)
        shown = part.text if part else ""
        if not text:
            return []  # nothing stated: what the deltas gave stays
        if text.startswith(shown):
            events = self._grow(place, text[len(shown) :]) if text != shown else []
        else:
            self._parts[place].pieces = [text]
            self._is_behind = True
            self.corrections += 1
            events = []
        self._parts[place].held = ""
        self._parts[place].is_final = True
        return [*events, *self._caught_up()]

    def flush(self) -> list[StreamEvent]:
        """No more is coming: tell what was held back."""
        for part in self._parts.values():
            if part.held:
                part.pieces.append("\ufffd")
                part.held = ""
                self._is_behind = True
        return self._caught_up()

    def _grow(self, place: _Place, text: str) -> list[StreamEvent]:
        self._parts.setdefault(place, _Part()).pieces.append(text)
        if not text:
            return []
        last = self._last or place
        if place < last:
            self._is_behind = True
        else:
            self._last = place
        if self._is_behind:
            return []
        return [TextDelta(_ITEM_SEPARATOR + text if place[0] > last[0] else text)]

    def _caught_up(self) -> list[StreamEvent]:
        if not self._is_behind:
            return []
        self._is_behind = False
        items: dict[int, str] = {}
        for place in sorted(self._parts):
            items[place[0]] = items.get(place[0], "") + self._parts[place].text
        return [TextReplaced(_ITEM_SEPARATOR.join(filter(None, items.values())))]

    def _place(self, frame: Frame) -> _Place:
        """Where a frame's text belongs; without numbers, where the last one did."""
        last_item, last_content = self._last or (0, 0)
        item = self._item(text_of(frame, "item_id"), whole_number_of(frame, "output_index"))
        content = whole_number_of(frame, "content_index")
        if content is None:
            content = last_content if item == last_item else 0
        return item, content

    def _item(self, item_id: str, output_index: int | None) -> int:
        """The number of an item. The id decides: servers have given two items one number."""
        last_item = self._last[0] if self._last else 0
        if not item_id:
            return last_item if output_index is None else output_index
        if item_id not in self._item_index:
            taken = self._item_index.values()
            item = output_index
            if item is None:
                item = last_item + 1 if taken else last_item
            self._item_index[item_id] = item if item not in taken else max(taken) + 1
        return self._item_index[item_id]
