"""Warnings from a reading to the screen and back, with a desktop that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.person import settled, until

from app import catalogues
from app.alerts.memory_file import MemoryFile
from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.desktop.notification import Notification, Outcome
from app.intents.alerts import AlertIntents
from app.settings import Settings
from app.state import SessionState, SessionStatus, Store
from app.tasks import GuardedTasks, Work
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SIGNED_IN = SessionState(SessionStatus.SIGNED_IN, Account("acc"), "a" * 16)
FIVE = "5-hour limit"


class Desktop:
    """Shows what it is given, or not."""

    def __init__(self) -> None:
        self.outcome = Outcome.SHOWN
        self.shown: list[Notification] = []
        self.closed: list[str] = []
        self.said_anew: list[Notification] = []
        self.insisted = False

    async def show(self, notification: Notification, *, insists: bool = False) -> Outcome:
        await asyncio.sleep(0)
        self.shown.append(notification)
        self.insisted = insists
        return self.outcome

    async def say_anew(self, notification: Notification) -> None:
        await asyncio.sleep(0)
        self.said_anew.append(notification)

    async def close(self, topic: str) -> None:
        await asyncio.sleep(0)
        self.closed.append(topic)


class Morning:
    """A program without windows and polls: readings are given by hand."""

    def __init__(self, tasks: GuardedTasks, path: Path) -> None:
        self.now = NOON
        self.path = path
        self.tasks = tasks
        self.settings = Settings(warn_runs_out=False)
        self.store = Store()
        self.store.update(settings=self.settings)
        self.desktop = Desktop()
        self.opened: list[str] = []
        self.waits: list[float] = []
        self.has_slept = asyncio.Event()
        self._begun: set[asyncio.Task[None]] = set()
        self._asleep: set[asyncio.Task[None] | None] = set()
        self.resets_at = NOON + timedelta(hours=3)
        self.alerts = self.start()

    def start(self) -> AlertIntents:
        alerts = AlertIntents(
            self.store,
            self._spawn,
            self.desktop,
            MemoryFile(self.path),
            open_panel=self.opened.append,
            now=lambda: self.now,
            wall=lambda: self.now,
            zone=lambda: UTC,
            sleep=self._sleep,
        )
        alerts.begin()
        return alerts

    def _spawn(self, work: Work, name: str) -> asyncio.Task[None]:
        task = self.tasks.spawn(work, name)
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return task

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        task = asyncio.current_task()
        self._asleep.add(task)
        await self.has_slept.wait()
        self._asleep.discard(task)

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.desktop.shown]

    @property
    def banners(self) -> list[str]:
        return [one.title for one in self.store.state.banners]

    async def settle(self) -> None:
        """Until everything that was begun has ended, but for what waits on purpose."""
        await settled()
        await until(lambda: self._begun <= self._asleep, lambda: self._begun - self._asleep)
        await settled()

    async def reads(self, session: float, *, twice: bool = True, reached: bool = False) -> None:
        for _reading in range(2 if twice else 1):
            self.now += timedelta(seconds=60)
            window = RateLimitWindow("codex", session, 18_000, self.resets_at)
            limit = RateLimit("codex", (window,), limit_reached=reached or None, as_of=self.now)
            usage = UsageSnapshot(self.now, limits=(limit,), served_at=self.now)
            self.store.update(session=self.store.state.session, usage=usage)
            await self.settle()


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Morning]:
    async with asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, lambda fault: pytest.fail(str(fault)))
        morning = Morning(tasks, tmp_path / "alerts.json")
        morning.store.update(session=SIGNED_IN)
        await morning.settle()
        yield morning
        tasks.cancel_all()


async def test_a_warning_is_shown_once_and_remembered(morning: Morning) -> None:
    await morning.reads(78)
    assert morning.titles == [f"{FIVE}: 78 % used"]
    assert [label for _action, label in morning.desktop.shown[0].actions] == [
        "Open",
        "Snooze until reset",
    ]
    await morning.reads(80)
    morning.alerts = morning.start()  # as after a restart
    await morning.settle()
    await morning.reads(82)
    assert morning.titles == [f"{FIVE}: 78 % used"]
    assert MemoryFile(morning.path).load(NOON).given_at


async def test_the_buttons(morning: Morning) -> None:
    await morning.reads(78)
    topic = morning.desktop.shown[0].topic
    morning.alerts.act(topic, "default", "")
    morning.alerts.act(topic, "open", "token")
    morning.alerts.act(topic, "nonsense", "")
    await morning.settle()
    assert morning.opened == ["", "token"]
    assert morning.desktop.closed == [topic]
    await morning.reads(91)
    morning.alerts.act(topic, "snooze", "")
    await morning.settle()
    await morning.reads(100, reached=True)
    assert morning.titles == [f"{FIVE}: 78 % used", f"{FIVE}: 91 % used"]
    assert morning.desktop.closed == [topic, topic]


async def test_what_is_over_is_taken_away(morning: Morning) -> None:
    await morning.reads(78)
    morning.now = morning.resets_at + timedelta(minutes=1)
    morning.resets_at = morning.now + timedelta(hours=5)
    await morning.reads(1)
    assert morning.desktop.closed == [morning.desktop.shown[0].topic]


async def test_another_account_takes_the_warnings_of_the_first_away(morning: Morning) -> None:
    await morning.reads(78)
    other = replace(SIGNED_IN, account=Account("other"), account_key="b" * 16)
    morning.store.update(session=other, usage=None)
    await morning.settle()
    assert morning.desktop.closed == [morning.desktop.shown[0].topic]
    await morning.reads(78)
    assert len(morning.titles) == 2
    morning.alerts.forget("b" * 16)
    await morning.settle()
    assert set(MemoryFile(morning.path).load(NOON).accounts) == {"a" * 16}


async def test_numbers_of_somebody_else_are_not_acted_upon(morning: Morning) -> None:
    for _reading in range(2):
        morning.now += timedelta(seconds=60)
        window = RateLimitWindow("codex", 95, 18_000, morning.resets_at)
        limit = RateLimit("codex", (window,), as_of=morning.now)
        usage = UsageSnapshot(morning.now, limits=(limit,), account_id="other")
        morning.store.update(usage=usage)
        await morning.settle()
    assert not morning.titles


async def test_without_a_desktop_the_panel_tells(morning: Morning) -> None:
    """F-D03: given once it was seen, tried as a notification again after a while."""
    morning.desktop.outcome = Outcome.FAILED
    await morning.reads(78)
    await morning.reads(79)
    assert morning.banners == [f"{FIVE}: 78 % used"]
    assert len(morning.desktop.shown) == 1  # not at every poll
    assert "(in" not in morning.store.state.banners[0].text
    assert not MemoryFile(morning.path).load(NOON).given_at
    morning.now += timedelta(minutes=11)
    await morning.reads(80)
    assert len(morning.desktop.shown) == 2
    morning.desktop.outcome = Outcome.SHOWN
    morning.now += timedelta(minutes=11)
    await morning.reads(81)
    assert morning.banners == []
    assert MemoryFile(morning.path).load(NOON).given_at


async def test_a_name_on_show_goes_when_it_is_to_be_hidden(morning: Morning) -> None:
    """T-41: banners are told anew, notifications that stand are taken back."""
    ann = Account("acc", email="ann@example.org")
    known = (KnownAccount("a" * 16, ann), KnownAccount("b" * 16, Account("b")))
    morning.store.update(session=replace(SIGNED_IN, account=ann, accounts=known))
    await morning.reads(78)
    morning.desktop.outcome = Outcome.FAILED
    await morning.reads(91)
    assert "ann@example.org" in morning.store.state.banners[0].text
    morning.store.update(settings=replace(morning.settings, hide_identity=True))
    await morning.settle()
    assert morning.store.state.banners[0].text.endswith("\nAccount 1")
    assert morning.desktop.closed == [morning.desktop.shown[0].topic]
    morning.store.update(settings=morning.settings)
    await morning.settle()
    assert morning.store.state.banners[0].text.endswith("\nann@example.org")


async def test_what_stands_is_told_in_the_new_language(morning: Morning) -> None:
    await morning.reads(78)
    morning.desktop.outcome = Outcome.FAILED
    await morning.reads(91)
    catalogues.activate("zh_CN", {})
    try:
        morning.store.update(settings=replace(morning.settings, language="zh_CN"))
        await morning.settle()
    finally:
        catalogues.activate("en", {})
    (notification,) = morning.desktop.said_anew
    assert notification.topic == morning.desktop.shown[0].topic
    assert notification.title == "5 小时限额：已用 78 %"
    assert [label for _action, label in notification.actions] == ["打开", "重置前不再提醒"]
    assert morning.banners == ["5 小时限额：已用 91 %"]
    assert len(morning.desktop.shown) == 2  # nothing is shown for it that was not


async def test_a_banner_that_was_seen_counts(morning: Morning) -> None:
    morning.desktop.outcome = Outcome.FAILED
    await morning.reads(78)
    morning.alerts.note_seen()
    morning.alerts.note_seen()
    await morning.settle()
    assert len(MemoryFile(morning.path).load(NOON).given_at) == 1
    assert morning.banners
    key = morning.store.state.banners[0].key
    morning.alerts.dismiss(key)
    morning.alerts.dismiss(key)
    assert morning.banners == []
    await morning.reads(91)
    assert morning.banners == [f"{FIVE}: 91 % used"]
    morning.alerts.snooze(morning.store.state.banners[0].key)
    await morning.reads(100, reached=True)
    assert morning.banners == []


async def test_a_banner_goes_with_its_reason(morning: Morning) -> None:
    morning.desktop.outcome = Outcome.FAILED
    await morning.reads(78)
    assert morning.banners
    morning.now = morning.resets_at + timedelta(minutes=1)
    morning.resets_at = morning.now + timedelta(hours=5)
    await morning.reads(1)
    assert morning.banners == []


async def test_quiet_hours_hold_back_and_the_digest_comes_after_them(morning: Morning) -> None:
    settings = replace(morning.settings, quiet_hours=True, quiet_from_hour=11, quiet_to_hour=13)
    morning.store.update(settings=settings)
    await morning.reads(78)
    await morning.reads(93)
    assert not morning.titles
    morning.now = NOON + timedelta(hours=1)
    await morning.reads(94)
    assert morning.titles == [f"{FIVE}: 94 % used"]  # one, of what still matters


async def test_do_not_disturb_is_offered_again(morning: Morning) -> None:
    morning.desktop.outcome = Outcome.HELD
    await morning.reads(78)
    assert morning.banners == []
    morning.desktop.outcome = Outcome.SHOWN
    await morning.reads(80)
    assert len(morning.titles) == 2


async def test_an_ended_session_asks_for_a_sign_in_after_the_quiet_hours(
    morning: Morning,
) -> None:
    """No poll comes then: one moment is waited for."""
    settings = replace(morning.settings, quiet_hours=True, quiet_from_hour=11, quiet_to_hour=13)
    morning.store.update(settings=settings)
    morning.store.update(session=replace(SIGNED_IN, status=SessionStatus.EXPIRED))
    await until(lambda: morning.waits)
    assert morning.waits == [3600]
    morning.now = NOON + timedelta(hours=1)
    morning.has_slept.set()
    await until(lambda: morning.titles)
    assert morning.titles == ["Sign in again"]
    morning.store.update(session=replace(SIGNED_IN, status=SessionStatus.SIGNING_IN))
    await morning.settle()
    assert morning.desktop.closed == []
    morning.store.update(session=SIGNED_IN)
    await until(lambda: morning.desktop.closed)


async def test_the_test_button(morning: Morning) -> None:
    morning.alerts.send_test()
    await until(lambda: morning.titles)
    assert morning.titles == ["A warning looks like this"]
    assert morning.desktop.insisted
    morning.desktop.outcome = Outcome.FAILED
    await morning.settle()
    morning.alerts.send_test()
    await until(lambda: morning.banners)
    assert morning.opened == [""]
    morning.alerts.dismiss(morning.store.state.banners[0].key)
    assert not MemoryFile(morning.path).load(NOON).given_at


async def test_several_at_once_are_one_summary(morning: Morning) -> None:
    """F-M03."""
    await morning.reads(78)
    for _reading in range(2):
        morning.now += timedelta(seconds=60)
        windows = (
            RateLimitWindow("codex", 92, 18_000, morning.resets_at),
            RateLimitWindow("codex", 80, 604_800, NOON + timedelta(days=3)),
        )
        usage = UsageSnapshot(
            morning.now,
            limits=(RateLimit("codex", windows, as_of=morning.now),),
            served_at=morning.now,
        )
        if _reading:
            morning.store.update(usage=usage)
            await morning.settle()
        else:
            morning.desktop.outcome = Outcome.HELD
            morning.store.update(usage=usage)
            await morning.settle()
            morning.desktop.outcome = Outcome.SHOWN
    assert morning.titles[-1] == "2 warnings"
    assert morning.desktop.closed == [morning.desktop.shown[0].topic]


async def test_whose_limit_it_is_is_told_where_that_is_a_question(morning: Morning) -> None:
    """Peers fact 33; and the demo never looks like an account."""
    known = tuple(KnownAccount(key * 16, Account(key)) for key in "ab")
    ann = Account("acc", email="ann@example.org")
    morning.store.update(session=replace(SIGNED_IN, account=ann, accounts=known))
    await morning.reads(78)
    assert morning.desktop.shown[-1].body.endswith("\nann@example.org")
    morning.store.update(is_demo=True)
    await morning.reads(91)
    assert morning.desktop.shown[-1].body.endswith("not from an account.")
