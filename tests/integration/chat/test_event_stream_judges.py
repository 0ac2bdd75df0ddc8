"""Our decoder of event streams beside httpx-sse, the openai SDK and npm's eventsource-parser.

Figure 15: `TIDEGAUGE_MUTATIONS` says how many streams are damaged, `TIDEGAUGE_SEED` which ones.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from support.event_stream_judges import (
    QUIRKS,
    ROWS,
    TABLE,
    Decoder,
    Quirks,
    all_decoders,
    decoded,
    table_lines,
)

MUTATIONS = int(os.environ.get("TIDEGAUGE_MUTATIONS", "4000"))
SEED = int(os.environ.get("TIDEGAUGE_SEED", "15"))
PARTS = 4
REPLIES = Path(__file__).parents[2] / "support" / "replies"
LARGEST = 400  # bytes of a stream before it is damaged
INSERTS = (
    b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b":", b" ", b"data", b"data:", b"event:", b"id:",
    b"id:\0", b"retry:", b"retry:1", b"\0", b"\xef\xbb\xbf", b"\xef\xbb", b"\xff", b"\xe2\x82",
    b"\xf0\x9f\x98", b"\xc0\xaf", b"\xed\xa0\x80", "€".encode(), "\u2028".encode(),
    b"\x0b", b"\x0c",
    b"\x85", b"\x1c", b"[DONE]", b"{",
)  # fmt: skip


@pytest.fixture(scope="module")
def decoders() -> Iterator[dict[str, Decoder]]:
    with all_decoders() as decoders:
        yield decoders


def test_the_table_is_what_the_decoders_do(decoders: dict[str, Decoder]) -> None:
    """F-C07, F-C08, F-C12, F-C14: and the versions it names are those that were asked."""
    text = TABLE.read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("|")] == table_lines(decoders)
    for package, pattern in (("httpx-sse", r"httpx-sse ([\d.]+\d)"), ("openai", r"SDK ([\d.]+\d)")):
        (named,) = re.findall(pattern, text)
        assert named == version(package)


@pytest.mark.parametrize("name", ROWS)
def test_each_decoder_differs_as_it_is_known_to(decoders: dict[str, Decoder], name: str) -> None:
    stream = ROWS[name]
    bytewise = [stream[i : i + 1] for i in range(len(stream))]
    for who, decode in decoders.items():
        assert decode([stream]) == decode(bytewise) == decoded(stream, QUIRKS[who]), who


def test_every_known_difference_is_needed(decoders: dict[str, Decoder]) -> None:
    for who, decode in decoders.items():
        for field in Quirks.__dataclass_fields__:
            if not getattr(QUIRKS[who], field):
                continue
            without = Quirks(**{f: getattr(QUIRKS[who], f) and f != field
                                for f in Quirks.__dataclass_fields__})  # fmt: skip
            assert any(decode([s]) != decoded(s, without) for s in ROWS.values()), (who, field)


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_streams(decoders: dict[str, Decoder], part: int) -> None:
    """Figure 15: no exception; whatever differs from another decoder is in the table.

    Ours is fed in random pieces: they must not matter (F-C11).
    """
    chance = random.Random(f"{SEED}-{part}")
    seeds = _seeds()
    unexplained = []
    for _ in range(MUTATIONS // PARTS):
        stream = _damaged(chance.choice(seeds), chance)
        pieces = _pieces(stream, chance)
        ours = decoders["Tidegauge"](pieces)
        if ours != decoded(stream, QUIRKS["Tidegauge"]):
            unexplained.append(("Tidegauge", stream))
        for who in ("httpx-sse", "openai", "eventsource-parser"):
            found = decoders[who](pieces)
            if found != ours and found != decoded(stream, QUIRKS[who]):
                unexplained.append((who, stream))
    assert unexplained == []


def _seeds() -> list[bytes]:
    """Cuttings of the recorded streams, and the rows of the table."""
    cuttings = []
    for path in sorted(REPLIES.glob("*.sse")):
        content = path.read_bytes()
        cuttings += [content[at : at + LARGEST] for at in range(0, len(content), LARGEST)]
    return [*cuttings, *ROWS.values()]


def _damaged(stream: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(stream)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(damaged) + 1)
        end = min(len(damaged), at + chance.randint(0, 12))
        match chance.randrange(5):
            case 0:
                damaged[at:at] = chance.choice(INSERTS)
            case 1:
                damaged[at:end] = chance.choice(INSERTS)
            case 2:
                del damaged[at:end]
            case 3:
                damaged[at:at] = damaged[at:end]
            case _:
                damaged[at:end] = chance.randbytes(end - at)
    return bytes(damaged)


def _pieces(stream: bytes, chance: random.Random) -> list[bytes]:
    edges = sorted(chance.randrange(len(stream) + 1) for _ in range(chance.randint(0, 5)))
    starts, ends = [0, *edges], [*edges, len(stream)]
    return [stream[a:b] for a, b in zip(starts, ends, strict=True) if a < b]
