"""Undo a reply's content coding piece by piece, with a cap and a check of its end. Pure.

httpx takes a truncated gzip body for a complete one and inflates a small bomb without limit;
so the bytes are taken raw and decoded here (rows F-N12, F-N13, F-N14).
"""

from __future__ import annotations

import zlib

from app.errors import FaultKind, fail

_INFLATED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_HEADER = 32 + zlib.MAX_WBITS  # zlib finds out whether it is gzip or zlib


class ContentDecoder:
    """Decodes one body. `cap` bounds the bytes taken in and, apart from them, those given out."""

    def __init__(self, content_encoding: str, cap: int) -> None:
        """Raises `AppError(NOT_UNDERSTOOD)` for a coding that was never asked for."""
        coding = content_encoding.strip().lower()
        if coding not in _INFLATED and coding not in ("", "identity"):
            raise fail(FaultKind.NOT_UNDERSTOOD, "a content encoding that was not asked for")
        self._inflater = zlib.decompressobj(_EITHER_HEADER) if coding in _INFLATED else None
        self._cap = cap
        self._taken = 0
        self._given = 0

    def feed(self, raw: bytes) -> bytes:
        """The decoded bytes of the next piece.

        Raises `AppError`: TOO_LARGE beyond the cap, INTERRUPTED for a damaged coding.
        """
        self._taken += len(raw)
        if self._taken > self._cap:
            raise fail(FaultKind.TOO_LARGE, f"a body of more than {self._cap} bytes")
        if self._inflater is None:
            return raw
        if self._inflater.eof:
            raise fail(FaultKind.INTERRUPTED, "data after the end of a compressed body")
        room = self._cap - self._given
        try:
            decoded = self._inflater.decompress(raw, room + 1)
        except zlib.error:
            raise fail(FaultKind.INTERRUPTED, "a damaged compressed body") from None
        if len(decoded) > room:
            raise fail(FaultKind.TOO_LARGE, f"a body of more than {self._cap} bytes, inflated")
        if self._inflater.unused_data:
            raise fail(FaultKind.INTERRUPTED, "data after the end of a compressed body")
        self._given += len(decoded)
        return decoded

    def finish(self) -> None:
        """The body is over. Raises `AppError(INTERRUPTED)` if its end marker is missing."""
        if self._inflater is not None and not self._inflater.eof:
            raise fail(FaultKind.INTERRUPTED, "a compressed body without its end")
