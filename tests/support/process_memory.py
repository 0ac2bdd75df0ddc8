"""How often a secret stands in the memory of a running process (Linux)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

_PIECE = 16 << 20
_LARGEST_MAPPING = 1 << 30  # address space that is only reserved


def copies(pid: int, secrets: Mapping[str, str]) -> dict[str, int]:
    """The number of copies of each secret, as UTF-8 and as Qt keeps text, by its name."""
    found = dict.fromkeys(secrets, 0)
    forms = {name: (text.encode(), text.encode("utf-16-le")) for name, text in secrets.items()}
    longest = max(len(form) for both in forms.values() for form in both)
    for piece in _writable(pid, longest):
        for name, both in forms.items():
            found[name] += sum(piece.count(form) for form in both)
    return found


def _writable(pid: int, overlap: int) -> Iterator[bytes]:
    """What the process could have written, in pieces that share `overlap` bytes at most."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights = line.split()[:2]
            first, end = (int(number, 16) for number in place.split("-"))
            if "w" not in rights or end - first > _LARGEST_MAPPING:
                continue
            kept = b""
            for start in range(first, end, _PIECE):
                try:
                    memory.seek(start)
                    piece = kept + memory.read(min(_PIECE, end - start))
                except OSError:  # a mapping of a device, or one that is gone
                    break
                yield piece
                kept = piece[-overlap + 1 :]
