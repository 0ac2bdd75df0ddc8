"""The demo: the whole product on the stand-in service, and nothing left of it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest
from support.person import until

from app.chat.conversation import TurnStatus
from app.command_line.exit_codes import ExitCode
from app.demo import demo_surroundings
from app.errors import Fault
from app.history.chart_axis import Span
from app.history.chart_cycle import cycle_chart
from app.history.view import PAST_CYCLES, HistoryWish
from app.intents import Intents
from app.program import open_program
from app.settings import Settings
from app.simulator.accounts import ANN
from app.state import AppState, SessionStatus, Store
from app.tasks import GuardedTasks
from app.usage.pace import Level, snapshot_level

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def temporary(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the demo makes its folder."""
    folder = private_home / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def is_served(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=30).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_it_lives_in_a_folder_and_on_a_port_of_its_own(temporary: Path) -> None:
    with demo_surroundings(Settings(language="zh_CN")) as demo:
        assert [demo.paths.config.parent] == list(temporary.iterdir())
        assert demo.endpoints.auth_url.startswith("http://127.0.0.1:")
        assert is_served(demo.endpoints.auth_url)
        assert demo.settings.language == "zh_CN"
        assert demo.settings.proxy == "none"
        url = demo.endpoints.auth_url
    assert list(temporary.iterdir()) == []
    assert not is_served(url)


def test_nothing_is_left_of_a_demo_that_crashed(temporary: Path) -> None:
    served: list[str] = []

    def crash() -> None:
        with demo_surroundings(Settings()) as demo:
            served.append(demo.endpoints.auth_url)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert list(temporary.iterdir()) == []
    assert not is_served(served[0])


@asynccontextmanager
async def running_demo() -> AsyncIterator[tuple[Intents, Store]]:
    """The demo from its first numbers on; no task of it may fail."""
    store, crashes = Store(AppState()), list[Fault]()
    with demo_surroundings(Settings()) as demo:
        async with open_program(demo) as program, asyncio.TaskGroup() as group:
            tasks = GuardedTasks(group, crashes.append)
            intents = Intents(program, store, tasks.spawn, _saved)
            intents.restore()
            await until(lambda: store.state.usage)
            yield intents, store
            tasks.cancel_all()
    assert crashes == []


async def test_everything_works_without_anybody_doing_anything(temporary: Path) -> None:
    """Sign-in, numbers near a limit, a window about to reset, a Markdown answer with code."""
    async with running_demo() as (intents, store):
        state = store.state
        assert state.session.status is SessionStatus.SIGNED_IN
        assert state.session.account is not None
        assert state.session.account.email == ANN.email
        assert state.usage is not None
        now = state.usage.fetched_at
        assert snapshot_level(state.usage, now, Settings().thresholds) is Level.OVER
        left = [window.resets_in(now) for window in state.usage.windows]
        assert any(one is not None and one.total_seconds() < 300 for one in left)
        intents.chat.ask("How do limits work?")
        await until(
            lambda: _last_status(store) is TurnStatus.COMPLETED,
            lambda: store.state.conversation,
            seconds=60,
        )
        assert "```" in store.state.conversation.turns[0].answer
        await until(lambda: store.state.usage is not state.usage)


async def test_there_are_weeks_of_history_to_look_at(temporary: Path) -> None:
    """A person who tries the demo sees charts; its first own reading goes on where they end."""
    async with running_demo() as (intents, store):
        intents.history.look(HistoryWish(span=Span.MONTH))
        await until(lambda: _is_read(store))
        view = store.state.history_view
        assert view is not None
        assert len(view.windows) == 5
        assert view.window_id == "codex/604800"
        assert view.series is not None
        assert len(view.series.points) > 200
        assert len(view.series.resets) >= 4
        first, last = view.series.points[0], view.series.points[-1]
        assert last.at - first.at > 28 * 86_400
        assert (last.used, last.follows_gap) == (3100, False)
        intents.history.look(HistoryWish("codex/18000", is_cycle=True))
        await until(lambda: _is_read(store) and _shown(store) == "codex/18000")
        view = store.state.history_view
        assert view is not None
        assert len(view.cycles) == PAST_CYCLES + 1
        chart = cycle_chart(view.cycles, view.read_at, UTC, view.gap_s)
        assert chart is not None
        assert chart.figures.highest == 86
        intents.history.look(None)
        assert store.state.history_view is None


def _is_read(store: Store) -> bool:
    view = store.state.history_view
    return view is not None and not view.is_loading


def _shown(store: Store) -> str:
    view = store.state.history_view
    return view.window_id if view else ""


def _last_status(store: Store) -> TurnStatus | None:
    turns = store.state.conversation.turns
    return turns[-1].status if turns else None


def _saved(_settings: Settings) -> asyncio.Future[bool]:
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    done.set_result(True)
    return done


@pytest.mark.parametrize("arguments", [["--demo", "status"], ["--demo"]])
def test_without_its_packages_it_says_what_to_install(
    temporary: Path, arguments: list[str]
) -> None:
    """As pip leaves it without the extra: one line, at the terminal and for the tray."""
    start = (
        "import sys; sys.modules['uvicorn'] = None; "
        f"from app.__main__ import main; sys.exit(main({arguments}))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temporary)}
    done = subprocess.run(
        [sys.executable, "-c", start],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (line,) = done.stderr.splitlines()
    assert done.returncode == ExitCode.WRONG_USAGE
    assert "tidegauge[demo]" in line
    assert done.stdout == ""
    assert list(temporary.iterdir()) == []
