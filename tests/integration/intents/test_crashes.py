"""F-D23: what nobody caught is logged without secrets and told; three in ten seconds: safe mode."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading

import pytest
from support.person import PersonAt, until

from app.diagnosis.readings import look_from_json
from app.intents.crashes import WITHIN_S, CrashIntents, place_of
from app.state import AppState, Store, Trouble
from app.tasks import GuardedTasks
from app.trail import Trail
from app.wording.trouble import BANNER_KEY

pytestmark = pytest.mark.expected_log(
    "failed unexpectedly", "no exception at all", "safe mode: 3 crashes within 10 s"
)
_FIELDS = ("limits", "credits", "resets_expire_at", "served_at", "doubts", "memory")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entered() -> list[str]:
    return []


@pytest.fixture
def crashes(clock: Clock, entered: list[str]) -> CrashIntents:
    return CrashIntents(Store(), Trail(), on_safe_mode=lambda: entered.append("now"), now=clock)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def trouble(crashes: CrashIntents) -> Trouble:
    return crashes._store.state.trouble


def test_one_crash_is_told_and_can_be_put_away(crashes: CrashIntents) -> None:
    crashes.note("a slot", raised(ZeroDivisionError()))
    assert trouble(crashes) is Trouble.CRASHED
    crashes.dismiss()
    assert trouble(crashes) is Trouble.NONE


def test_three_within_ten_seconds_and_no_fewer_are_safe_mode(
    crashes: CrashIntents, clock: Clock, entered: list[str]
) -> None:
    for at in (0.0, 6.0, WITHIN_S + 1.0):
        clock.now = at
        crashes.note("a slot", raised(ZeroDivisionError()))
        assert trouble(crashes) is Trouble.CRASHED
    clock.now += 4.0
    crashes.note_task("poll usage: KeyError")
    assert trouble(crashes) is Trouble.SAFE_MODE
    crashes.note("a slot", raised(ZeroDivisionError()))
    assert entered == ["now"]
    crashes.dismiss()
    crashes.note("a slot", raised(ZeroDivisionError()))
    assert trouble(crashes) is Trouble.CRASHED


def test_a_place_is_logged_in_full_once(
    crashes: CrashIntents, caplog: pytest.LogCaptureFixture
) -> None:
    """A window that fails at each repaint does not fill the log."""
    error = raised(ZeroDivisionError())
    for _again in range(3):
        crashes.note("a slot", error)

    logged = [r for r in caplog.records if "a slot failed" in r.getMessage()]
    assert [record.exc_info is not None for record in logged] == [True, False, False]
    assert [step.what for step in crashes._trail.steps] == ["crash"] * 3
    assert crashes._trail.steps[0].outcome == "ZeroDivisionError"
    assert crashes._trail.steps[0].why == place_of(error)


def test_the_place_is_ours_if_any_frame_is() -> None:
    with pytest.raises(ValueError, match="no time") as caught:
        look_from_json({"fetched_at": "x"} | {name: [] for name in _FIELDS})
    assert place_of(caught.value).startswith("app/diagnosis/readings.py ")
    assert place_of(raised(KeyError())).startswith("test_crashes.py ")
    assert place_of(ValueError()) == ""


async def test_slots_callbacks_threads_and_finalizers_are_heard(
    crashes: CrashIntents, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    loop = asyncio.get_running_loop()
    before = sys.excepthook
    with crashes.heard(loop):
        error = raised(ValueError("in a slot"))
        sys.excepthook(type(error), error, error.__traceback__)
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        loop.call_exception_handler({"message": "no exception at all"})
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        Fails()
        gc.collect()
    assert sys.excepthook is before
    told = "\n".join(caplog.messages)
    for words in (
        *("a slot failed", "a callback failed", "a thread failed", "a finalizer failed"),
        "no exception at all",
    ):
        assert words in told
    assert trouble(crashes) is Trouble.CRASHED  # two: neither thread nor finalizer is a window


class Fails:
    def __del__(self) -> None:
        raise ValueError("in a finalizer")


def test_an_interrupt_is_no_crash(crashes: CrashIntents, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[object] = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *given: passed.append(given))
    crashes._on_slot(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert passed
    assert trouble(crashes) is Trouble.NONE


async def test_a_listener_that_fails_each_time_stops_nobody(crashes: CrashIntents) -> None:
    """Polling goes on although a window cannot show it."""
    store, shown = crashes._store, []
    store.on_crash = lambda error: crashes.note("a listener", error)

    def fails(_state: AppState) -> None:
        raise ZeroDivisionError

    store.subscribe(lambda state: state, fails)
    store.subscribe(lambda state: state.zone, lambda state: shown.append(state.zone))
    for zone in ("CET", "UTC", "JST"):
        store.update(zone=zone)
    assert shown == ["CET", "UTC", "JST"]
    assert store.state.is_safe_mode


async def test_in_safe_mode_polls_go_on_and_questions_rest(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.open_turn)
        for _crash in range(3):
            person.intents.crashes.note_task("some task: KeyError")
        assert person.state.is_safe_mode
        await until(lambda: person.state.conversation.open_turn is None)
        turns = len(person.state.conversation.turns)
        person.intents.chat.ask("And now?")
        person.simulator.set_used("codex", 99)
        await person.poll()
        assert person.state.usage is not None
        assert person.state.usage.main_windows[0].used_percent == 99
        assert len(person.state.conversation.turns) == turns
        person.intents.warnings.dismiss(BANNER_KEY)
        assert person.state.trouble is Trouble.NONE
        person.intents.chat.ask("And now?")
        await until(lambda: len(person.state.conversation.turns) > turns)


async def test_a_task_that_fails_is_counted() -> None:
    crashes = CrashIntents(Store(), Trail())

    async def fails() -> None:
        raise KeyError

    async with asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, lambda fault: crashes.note_task(fault.detail))
        for number in range(3):
            tasks.spawn(fails(), f"task {number}")
    assert crashes._store.state.is_safe_mode
    assert [step.why for step in crashes._trail.steps] == ["task 0", "task 1", "task 2"]
