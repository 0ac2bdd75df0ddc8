"""Figures 4 and 5: a real polling process is killed, and its disk fails, at every place.

In the suite a few places are tried. `TIDEGAUGE_KILLS=1000` runs so many random kills and every
single call (see tests/README.md).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from support.open_history import content_of, fill, put, rows_in
from support.signed_in import tokens_from
from support.usage_series import readings

from app.auth.stored_tokens import to_json
from app.history.opening import open_history
from app.history.runs import record_of
from app.history.schema import SCHEMA
from app.private_database.database_file import Names
from app.simulator.server import Simulator
from app.simulator.state import INSTANT

KILLS = int(os.environ.get("TIDEGAUGE_KILLS", "0"))
_PROCESS = Path(__file__).parents[2] / "support" / "polling_process.py"
_WRITES = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,openat,fchmod"
_ACKNOWLEDGED = re.compile(r"history kept at (\d+): (.+)")
_LONG_S = 30.0
EARLIER = "f" * 16  # an account whose history was there before

if sys.platform != "linux":
    collect_ignore = [__file__]


@contextmanager
def busy_service() -> Iterator[Simulator]:
    """A service whose 5-hour window is used a little more all the time, for a few seconds."""
    over = threading.Event()

    def use(simulator: Simulator) -> None:
        for used in range(1, 100):
            simulator.set_used("codex", used)
            if over.wait(0.04):
                return

    with Simulator("demo", any_port=True, pace=INSTANT) as simulator:
        thread = threading.Thread(target=use, args=(simulator,))
        thread.start()
        try:
            yield simulator
        finally:
            over.set()
            thread.join()


@dataclass
class Life:
    """One run of the process. `acknowledged`: (moment, window, use) of every reading."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> list[tuple[int, str, int]]:
        found = []
        for line in self.lines:
            if match := _ACKNOWLEDGED.fullmatch(line.strip()):
                pairs = (pair.rpartition("=") for pair in match[2].split())
                found += [(int(match[1]), name, int(used)) for name, _, used in pairs]
        return found

    def wait_for(self, text: str, times: int = 1) -> None:
        """Read on until so many more lines have `text` in them, or the process has ended."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            times -= text in line
            if times <= 0:
                return

    def end(self, *, kill: bool = False) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if kill:
            self.process.kill()
        self.process.stdin.close()
        self.lines += self.process.stdout
        return self.process.wait(_LONG_S)


@contextmanager
def life(simulator: Simulator, home: Path, prefix: Sequence[str] = ()) -> Iterator[Life]:
    process = subprocess.Popen(
        [*prefix, sys.executable, str(_PROCESS), str(home), simulator.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdin is not None
        process.stdin.write(to_json(tokens_from(simulator, datetime.now(UTC))) + "\n")
        process.stdin.flush()
        try:
            yield Life(process)
        finally:
            process.kill()


@dataclass
class Outcome:
    acknowledged: int = 0
    lost: int = 0
    broken: int = 0
    unacknowledged: int = 0  # at worst, in one kill
    start_s: float = 0.0  # at worst

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.acknowledged + other.acknowledged,
            self.lost + other.lost,
            self.broken + other.broken,
            max(self.unacknowledged, other.unacknowledged),
            max(self.start_s, other.start_s),
        )


def outcome(path: Path, acknowledged: list[tuple[int, str, int]], before: int = 0) -> Outcome:
    """What the next start finds. `before` runs were there from the beginning."""
    started = time.perf_counter()
    opened = open_history(path, SCHEMA, datetime.now(UTC))
    opened.connection.close()
    start_s = time.perf_counter() - started
    everything = rows_in(
        path,
        "SELECT name, used, first_at, last_at, account FROM runs "
        "JOIN windows ON windows.id = window",
    )
    runs = [run[:4] for run in everything if run[4] != EARLIER]
    there = len(everything) - len(runs)
    lost = [
        one
        for one in acknowledged
        if not any(
            name == one[1] and used == one[2] and first_at <= one[0] <= last_at
            for name, used, first_at, last_at in runs
        )
    ]
    told = {(at, name, used) for at, name, used in acknowledged}
    unacknowledged = {
        (last_at, used)
        for name, used, first_at, last_at in runs
        if name == "codex/18000"
        and not any(name == n and used == u and first_at <= at <= last_at for at, n, u in told)
    }
    is_whole = rows_in(path, "PRAGMA integrity_check") == [("ok",)] and not opened.set_aside
    return Outcome(
        len(acknowledged),
        len(lost) + max(0, before - there),
        int(not is_whole),
        len(unacknowledged),
        start_s,
    )


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history that was there before: 2,001 runs of another account."""
    path = tmp_path_factory.mktemp("earlier") / "history.db"
    fill(path, filter(None, (record_of(EARLIER, one) for one in readings(2000))))
    return content_of(path)


def lives_killed_at_random(home: Path, earlier: bytes, count: int, seed: int) -> Outcome:
    chance, total = Random(seed), Outcome()
    for number in range(count):
        place = home / f"{seed}-{number}"
        path = place / "state" / "history.db"
        before = number % 2 * 2001
        if before:
            put(path, earlier)
        with busy_service() as simulator, life(simulator, place) as running:
            if chance.random() < 0.9:
                running.wait_for("history kept", chance.randint(1, 8))
            time.sleep(chance.random() * 0.06)  # the kill may come anywhere in a cycle
            running.end(kill=True)
        if path.parent.exists():
            total += outcome(path, running.acknowledged, before)
        shutil.rmtree(place, ignore_errors=True)
    return total


def test_killed_at_random(
    short_folder: Path, earlier: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figure 4, F-D07: 0 acknowledged readings lost, 0 files broken, at most one reading that was
    not acknowledged, the next start within a second (printed)."""
    workers = 3 if KILLS else 1
    count = (KILLS or 6) // workers
    with ThreadPoolExecutor(workers) as pool:
        total = sum(
            pool.map(
                lambda seed: lives_killed_at_random(short_folder, earlier, count, seed),
                range(workers),
            ),
            Outcome(),
        )
    with capsys.disabled():
        print(f"\n{count * workers} random kills: {total}")
    assert total.acknowledged
    assert (total.lost, total.broken) == (0, 0)
    assert total.unacknowledged <= 1


# --- at every call -------------------------------------------------------------------------------


def traced(path: Path, *inject: str, log: str = "/dev/null") -> list[str]:
    """strace of the calls that change the history's files and their folder."""
    names = Names(path)
    journal = f"{names.new}-journal"
    files = (path, names.journal, names.new, journal, path.parent)
    watched = [word for file in files for word in ("-P", str(file))]
    return ["strace", "-f", "-qq", "-o", log, *watched, "-e", f"trace={_WRITES}", *inject]


Place = tuple[str, int]  # the n-th call of its kind


def calls_of_three_polls(home: Path) -> list[Place]:
    """Every such call, from the making of the file to the end of the third poll."""
    path, log = home / "state" / "history.db", home.with_suffix(".strace")
    with (
        busy_service() as simulator,
        life(simulator, home, traced(path, log=str(log))) as running,
    ):
        running.wait_for("history kept", 3)
        running.end()
    assert running.acknowledged
    kinds = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    seen: Counter[str] = Counter()
    calls = []
    for kind in kinds:
        seen[kind] += 1
        calls.append((kind, seen[kind]))
    return calls


@contextmanager
def life_with(folder: Path, place: Place, what: str) -> Iterator[tuple[Life, Path]]:
    """A process to which `what` happens at one of its calls, and where its history is."""
    home = folder / "-".join(map(str, place))
    path = home / "state" / "history.db"
    inject = ("-e", f"inject={place[0]}:{what}:when={place[1]}")
    with busy_service() as simulator, life(simulator, home, traced(path, *inject)) as running:
        yield running, path


def places(calls: list[Place], few: int) -> list[Place]:
    """Every call in full, else a few of them all along."""
    return calls if KILLS else calls[:: max(1, len(calls) // few)]


def test_killed_at_each_call(short_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Figure 4: at each write, fsync, truncate, rename, unlink and open of three polls, the first
    start among them."""
    calls = calls_of_three_polls(short_folder / "whole")

    def killed(place: Place) -> Outcome:
        with life_with(short_folder, place, "signal=KILL") as (running, path):
            running.wait_for("history kept", 40)
            running.end()
        return outcome(path, running.acknowledged)

    tried = places(calls, 8)
    with ThreadPoolExecutor(2) as pool:
        total = sum(pool.map(killed, tried), Outcome())
    with capsys.disabled():
        print(f"\nkilled at {len(tried)} of {len(calls)} calls: {total}")
    assert (total.lost, total.broken) == (0, 0)
    assert total.unacknowledged <= 1


@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS"])
def test_a_disk_that_fails_at_each_call(
    short_folder: Path, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figure 5, F-D08, F-D09: polling goes on, what was kept stays, and keeping resumes."""
    calls = calls_of_three_polls(short_folder / "whole")

    def failed(place: Place) -> Outcome:
        with life_with(short_folder, place, f"error={error}") as (running, path):
            running.wait_for("history kept", 6)
            code = running.end()
        assert code == 0, running.lines
        assert "Traceback" not in "".join(running.lines)
        assert running.acknowledged
        return outcome(path, running.acknowledged)

    tried = places(calls, 4)
    with ThreadPoolExecutor(2) as pool:
        total = sum(pool.map(failed, tried), Outcome())
    with capsys.disabled():
        print(f"\n{error} at {len(tried)} of {len(calls)} calls: {total}")
    assert (total.lost, total.broken) == (0, 0)


def test_a_disk_that_is_full_for_good(short_folder: Path) -> None:
    """F-D08: polling goes on in memory and says so; the end comes in time all the same."""
    home = short_folder / "home"
    path = home / "state" / "history.db"
    with busy_service() as simulator:
        inject = ("-e", "inject=pwrite64:error=ENOSPC:when=30+")
        with life(simulator, home, traced(path, *inject)) as running:
            running.wait_for("status full", 3)
            polls = len(simulator.requests_to("/backend-api/wham/usage"))
            assert simulator.wait_until(
                lambda: len(simulator.requests_to("/backend-api/wham/usage")) > polls + 5, 20
            )
            assert running.end() == 0

    assert "Traceback" not in "".join(running.lines)
    total = outcome(path, running.acknowledged)
    assert (total.lost, total.broken) == (0, 0)


def test_a_small_disk_that_is_full_for_a_while(
    short_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figure 5, F-D08: a disk of 200 kB; what waited is kept as soon as there is room again."""
    home = short_folder / "home"
    state = home / "state"
    state.mkdir(mode=0o700, parents=True)
    mount = f'mount -t tmpfs -o size=200k,mode=700 none {state} && exec "$@"'
    inside = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh")
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        with capsys.disabled():
            print("\nno small disk tried: this system lets nobody mount one")
        return
    with busy_service() as simulator, life(simulator, home, inside) as running:
        running.wait_for("history kept")
        seen_inside = Path(f"/proc/{running.process.pid}/root{state}")
        filler = seen_inside / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(512))
        running.wait_for("status full")
        filler.unlink()
        running.wait_for("status keeping")
        running.wait_for("history kept", 3)
        kept = put(short_folder / "copy" / "history.db", content_of(seen_inside / "history.db"))
        assert running.end() == 0

    assert rows_in(kept, "PRAGMA integrity_check") == [("ok",)]
    assert outcome(kept, running.acknowledged[:-40]).lost == 0
