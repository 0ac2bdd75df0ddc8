"""Warnings: looks at every accepted reading, shows what is due, does what their buttons say.

No timer runs for it: what is due is due at a poll. Only what quiet hours or "do not disturb"
hold back waits for one moment.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from app.clocks import wall
from app.desktop.notification import DEFAULT, OPEN, SNOOZE, Notifier, Outcome
from app.intents.alert_notes import AlertNotes
from app.intents.panel_warnings import PanelWarnings
from app.intents.warning_memory import MemoryKeeper, WarningMemory
from app.local_zone import local_zone
from app.state import AppState, SessionState, SessionStatus, Store
from app.tasks import SingleTask, Spawn
from app.trail import Trail

if TYPE_CHECKING:  # loaded with the first reading
    from app.alerts.alert import Alert
    from app.alerts.memory import Memory

_HELD_S = 15 * 60.0  # "do not disturb" is looked at again
_RETRY = timedelta(minutes=10)  # a notification that failed is tried again at a poll
_REMEMBERED = 32


class AlertIntents:
    """`open_panel` gets the token by which Wayland lets a window come to the front, or "".

    `now` is the clock that ages are told by, `wall` the one on the wall (quiet hours).
    """

    def __init__(
        self,
        store: Store,
        spawn: Spawn,
        notifier: Notifier,
        keeper: MemoryKeeper,
        *,
        open_panel: Callable[[str], None],
        now: Callable[[], datetime] = wall,
        wall: Callable[[], datetime] = wall,
        zone: Callable[[], tzinfo] = lambda: local_zone(os.environ),
        trail: Trail | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._spawn = spawn
        self._notifier = notifier
        self._open_panel = open_panel
        self._now, self._wall, self._zone, self._sleep = now, wall, zone, sleep
        self._looking = SingleTask(spawn, "look for warnings")
        self._waiting = SingleTask(spawn, "wait with warnings")
        self._testing = SingleTask(spawn, "show a test warning")
        self._memory = WarningMemory(spawn, keeper)
        self._has_changed = False
        self._shown: dict[str, tuple[Alert, ...]] = {}  # as notifications, by topic
        self._panel = PanelWarnings(store)
        self._failed_at: datetime | None = None
        self.notes = AlertNotes(trail)

    @property
    def notifier(self) -> Notifier:
        """What shows notifications, for whoever else has one to show."""
        return self._notifier

    def begin(self) -> None:
        """Follow the readings and the session from now on."""

        def followed(state: AppState) -> tuple[object, ...]:
            session = state.session
            return state.usage, session.status, session.account_key, state.is_safe_mode

        self._store.subscribe(followed, lambda _state: self.look())
        self._store.subscribe(lambda state: state.settings, self._tell_anew)
        self._store.subscribe(lambda state: state.settings.hide_identity, self._hide_names)
        self._store.subscribe(lambda state: state.settings.language, self._say_anew)
        self.look()

    def look(self) -> None:
        """Something may have become due, or obsolete. In safe mode warnings rest (F-D23)."""
        if self._store.state.is_safe_mode:
            return
        self._has_changed = True
        self._looking.start(self._look_until_done)

    # --- what a person does --------------------------------------------------------------------

    def act(self, topic: str, action: str, token: str) -> None:
        """A button of a notification, or the notification itself, was pressed."""
        if action in (DEFAULT, OPEN):
            self._open_panel(token)
            self._spawn(self._close(topic), "close a notification")  # not every daemon does
        elif action == SNOOZE:
            self._snooze(self._shown.get(topic, ()))

    def snooze(self, key: str) -> None:
        """No more about the windows of this banner until their resets."""
        self._snooze(self._panel.alerts_of(key))
        self.dismiss(key)

    def dismiss(self, key: str) -> None:
        """Take this banner away: it was seen."""
        self.note_seen()
        self._panel.drop(key)

    def note_seen(self) -> None:
        """The panel is visible, and with it every banner."""
        for alerts in self._panel.see_all():
            self._note_given(alerts)

    def send_test(self) -> None:
        """Show a warning that says it is a test, whatever the hour."""
        self._testing.start(self._test)

    def forget(self, account_key: str) -> None:
        """The account was removed: nothing of it is kept."""
        from app.alerts.memory import forgotten  # noqa: PLC0415 - seldom

        self._memory.change(lambda memory: forgotten(memory, account_key))

    # --- looking -------------------------------------------------------------------------------

    async def _look_until_done(self) -> None:
        while self._has_changed:
            memory = await self._memory.read(self._now())
            self._has_changed = False
            await self._look(memory)

    async def _look(self, memory: Memory) -> None:
        from app.alerts.rules import due_alerts  # noqa: PLC0415 - with the first reading
        from app.usage.readings import belongs_to  # noqa: PLC0415 - loaded with the poller

        state, now = self._store.state, self._now()
        session, usage = state.session, state.usage
        if usage is not None and not belongs_to(usage, session.account):
            usage = None
        self.notes.note_look(memory, usage, session.account_key, now)
        due, memory = due_alerts(
            memory,
            usage,
            state.settings,
            now,
            session.account_key,
            needs_sign_in=_needs_sign_in(session),
        )
        self._memory.put(memory)
        replaced = {alert.topic for alert in due}
        await self._close_obsolete(memory, session.account_key, replaced)
        if due and self._is_to_be_tried(due, now):
            await self._show(due)

    def _is_to_be_tried(self, due: Sequence[Alert], now: datetime) -> bool:
        """What waits in the panel is tried as a notification again, but not at every poll."""
        waiting = self._panel.unseen()
        has_news = any(alert.key not in waiting for alert in due)
        return has_news or self._failed_at is None or now - self._failed_at >= _RETRY

    async def _show(self, due: tuple[Alert, ...]) -> None:
        from app.alerts.quiet_hours import is_quiet, quiet_until  # noqa: PLC0415 - seldom
        from app.intents.shown_warnings import notification_of  # noqa: PLC0415 - seldom

        settings, wall_time, zone = self._store.state.settings, self._wall(), self._zone()
        if is_quiet(settings, wall_time, zone):
            self.notes.note_outcome("quiet_hours", due)
            self._wait((quiet_until(settings, wall_time, zone) - wall_time).total_seconds())
            return
        notification = notification_of(due, self._store.state, self._now(), zone)
        for topic in {alert.topic for alert in due} - {notification.topic}:
            await self._close(topic)  # the summary says it all
        outcome = await self._notifier.show(notification)
        self.notes.note_outcome(outcome.value, due)
        if outcome is Outcome.HELD:
            self._wait(_HELD_S)
            return
        self._failed_at = self._now() if outcome is Outcome.FAILED else None
        self._panel.drop_told({alert.key for alert in due})
        if outcome is Outcome.SHOWN:
            self._note_shown(notification.topic, due)
            self._note_given(due)
        else:
            self._put_in_panel(due)

    async def _test(self) -> None:
        from app.alerts.alert import Alert, AlertKind  # noqa: PLC0415 - seldom
        from app.intents.shown_warnings import notification_of  # noqa: PLC0415 - seldom

        alerts = (Alert(AlertKind.TEST),)
        notification = notification_of(alerts, self._store.state, self._now(), self._zone())
        if await self._notifier.show(notification, insists=True) is Outcome.SHOWN:
            self._note_shown(notification.topic, alerts)
            return
        self._put_in_panel(alerts)
        self._open_panel("")

    def _tell_anew(self, state: AppState) -> None:
        """Settings take effect at once, on banners too."""
        if state.banners:
            from app.intents.shown_warnings import banner_of  # noqa: PLC0415 - seldom

            now, zone = self._now(), self._zone()
            self._panel.tell_anew(lambda alerts: banner_of(alerts, state, now, zone))

    def _say_anew(self, state: AppState) -> None:
        """Notifications that stand are told in the new language."""
        for alerts in tuple(self._shown.values()):
            from app.intents.shown_warnings import notification_of  # noqa: PLC0415 - seldom

            notification = notification_of(alerts, state, self._now(), self._zone())
            self._spawn(self._notifier.say_anew(notification), "say a notification anew")

    def _hide_names(self, state: AppState) -> None:
        """Notifications that stand may tell whose limits they are about (T-41)."""
        if state.settings.hide_identity and len(state.session.accounts) > 1:
            for topic in tuple(self._shown):
                self._spawn(self._close(topic), "close a notification")

    def _put_in_panel(self, alerts: tuple[Alert, ...]) -> None:
        from app.intents.shown_warnings import banner_of  # noqa: PLC0415 - seldom

        self._panel.put(alerts, banner_of(alerts, self._store.state, self._now(), self._zone()))

    # --- what is remembered --------------------------------------------------------------------

    def _note_shown(self, topic: str, alerts: tuple[Alert, ...]) -> None:
        self._shown.pop(topic, None)
        self._shown[topic] = alerts
        while len(self._shown) > _REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def _note_given(self, alerts: Sequence[Alert]) -> None:
        from app.alerts.memory import given  # noqa: PLC0415 - with the first warning
        from app.alerts.rules import moment_of  # noqa: PLC0415 - see above

        told = [alert for alert in alerts if alert.account_key]
        if told:
            moment = moment_of(self._store.state.usage, self._now())
            self._memory.change(lambda memory: given(memory, told, moment))

    def _snooze(self, alerts: Sequence[Alert]) -> None:
        from app.alerts.memory import snoozed  # noqa: PLC0415 - with the first warning

        if self._memory.change(lambda memory: snoozed(memory, alerts)):
            self.look()

    # --- what is over --------------------------------------------------------------------------

    async def _close_obsolete(self, memory: Memory, account_key: str, replaced: set[str]) -> None:
        from app.alerts.memory import still_holds  # noqa: PLC0415 - with the first reading
        from app.alerts.rules import moment_of  # noqa: PLC0415 - see above

        moment = moment_of(self._store.state.usage, self._now())

        def holds(alerts: Sequence[Alert]) -> bool:
            return any(
                alert.account_key in ("", account_key) and still_holds(memory, alert, moment)
                for alert in alerts
            )

        for topic in [topic for topic, alerts in self._shown.items() if not holds(alerts)]:
            if topic not in replaced:
                await self._close(topic)
        self._panel.drop_unless(holds)

    async def _close(self, topic: str) -> None:
        if self._shown.pop(topic, None) is not None:
            await self._notifier.close(topic)

    # --- waiting -------------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        """Look again in `seconds`, whatever else happens until then."""
        self._waiting.stop()
        self._waiting.start(lambda: self._look_after(seconds))

    async def _look_after(self, seconds: float) -> None:
        await self._sleep(seconds)
        self.look()


def _needs_sign_in(session: SessionState) -> bool | None:
    """None while a sign-in is under way, or nobody knows yet."""
    if session.status is SessionStatus.EXPIRED:
        return True
    return False if session.status is SessionStatus.SIGNED_IN else None
