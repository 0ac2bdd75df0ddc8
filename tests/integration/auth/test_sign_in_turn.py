"""One sign-in at a time: who has the turn, who may take it, and that it is never left behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.auth import sign_in_turn as turn_module
from app.auth.file_lock import held
from app.auth.sign_in_turn import sign_in_turn
from app.errors import AppError, FaultKind

ROOT = Path(__file__).parents[3]
_HOLDER = """\
import asyncio, sys
from pathlib import Path
from app.auth.sign_in_turn import sign_in_turn

async def no():
    return False

async def main():
    async with sign_in_turn(Path(sys.argv[1]), no):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


class Asked:
    """Says `answer` to whoever asks, and counts."""

    def __init__(self, *, answer: bool) -> None:
        self.answer = answer
        self.times = 0

    async def __call__(self) -> bool:
        self.times += 1
        return self.answer


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def linked_elsewhere(path: Path) -> Path:
    path.parent.mkdir(mode=0o700)
    path.symlink_to(path.with_name("elsewhere"))
    return path.with_name("elsewhere")


def holding_process(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )


@pytest.fixture
def path(private_home: Path) -> Path:
    return private_home / "locks" / "sign-in.lock"


async def kind_in_turn(path: Path, asked: Asked) -> FaultKind | None:
    try:
        async with sign_in_turn(path, asked):
            return None
    except AppError as error:
        return error.fault.kind


async def test_a_free_turn_is_taken_without_a_question(path: Path) -> None:
    asked = Asked(answer=False)
    assert [await kind_in_turn(path, asked) for _ in range(2)] == [None, None]
    assert asked.times == 0
    assert content(path) == b""  # never removed: two processes must not lock two files


async def test_a_taken_turn_is_asked_for_and_may_be_refused(path: Path) -> None:
    """F-L09"""
    asked = Asked(answer=False)
    async with sign_in_turn(path, asked):
        assert await kind_in_turn(path, asked) is FaultKind.SIGN_IN_ELSEWHERE
        await asyncio.sleep(0)
    assert asked.times == 1
    assert content(path) == b""


async def test_the_newest_takes_over_and_the_one_before_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-L09"""
    monkeypatch.setattr(turn_module, "LOOK_EVERY_S", 0.02)
    has_turn = asyncio.Event()
    told: list[FaultKind] = []

    async def first() -> None:
        try:
            async with sign_in_turn(path, Asked(answer=False)):
                has_turn.set()
                await asyncio.Event().wait()
        except AppError as error:
            told.append(error.fault.kind)

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(first())
        await has_turn.wait()
        async with sign_in_turn(path, Asked(answer=True)):
            assert told == [FaultKind.SIGN_IN_ELSEWHERE]
            assert content(path) == b""  # the wish was heard; it ends nobody else


async def test_one_that_does_not_give_way_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_module, "_GIVING_WAY_S", 0.05)
    async with held(path, 0.0):
        assert await kind_in_turn(path, Asked(answer=True)) is FaultKind.SIGN_IN_ELSEWHERE


async def test_a_holder_that_dies_leaves_the_turn_free(path: Path) -> None:
    """F-T05, F-L09: freed by the kernel, without a question."""
    with holding_process(path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert await kind_in_turn(path, Asked(answer=False)) is FaultKind.SIGN_IN_ELSEWHERE
        holder.kill()
        holder.wait()
        assert await kind_in_turn(path, Asked(answer=False)) is None


async def test_a_time_out_inside_is_its_own(path: Path) -> None:
    with pytest.raises(TimeoutError):
        async with sign_in_turn(path, Asked(answer=False)):
            raise TimeoutError


async def test_what_is_no_file_of_ours_stops_nobody(path: Path) -> None:
    """F-D09, T-40: a link is not followed, and signing in goes on without a turn."""
    elsewhere = linked_elsewhere(path)
    assert await kind_in_turn(path, Asked(answer=False)) is None
    assert content(elsewhere) is None
