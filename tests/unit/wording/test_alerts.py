"""Every warning in both languages: short, exact, and safe to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from app import catalogues
from app.alerts.alert import Alert, AlertKind
from app.usage.limits import RateLimit, RateLimitWindow
from app.wording import alerts as words
from app.wording import language
from app.wording.alerts import BODY_LIMIT, Moment, words_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday, 13:00 in Berlin
MOMENT = Moment(NOW, ZoneInfo("Europe/Berlin"))
WEEK = RateLimitWindow("codex", 90.4, 604_800, NOW + timedelta(days=2, hours=3))
LIMIT = RateLimit("codex", (WEEK,))
FILLING = Alert(AlertKind.THRESHOLD, "a", "codex/604800", 1, 90, LIMIT, WEEK, WEEK.resets_at)
NO_RESET = replace(WEEK, resets_at=None)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use(NullTranslations(), "en")
    yield
    language.use(NullTranslations(), "en")


@pytest.mark.parametrize(
    ("alert", "english", "chinese"),
    [
        (
            FILLING,
            ("Weekly limit: 90 % used", "Resets Tue 16:00 (in 2 d 3 h)."),
            ("每周限额：已用 90 %", "周二 16:00 重置（还有 2 天 3 小时）。"),
        ),
        (
            replace(FILLING, moment=NOW + timedelta(hours=20, minutes=11)),
            (
                "Weekly limit: 90 % used",
                "At this pace it runs out about tomorrow 09:00, 1 d 7 h before the reset. "
                "Resets Tue 16:00 (in 2 d 3 h).",
            ),
            None,
        ),
        (
            replace(FILLING, kind=AlertKind.RUNS_OUT, moment=NOW + timedelta(hours=3, minutes=3)),
            (
                "Weekly limit: will run out early",
                "At this pace it runs out about 16:00, 2 d before the reset. "
                "Resets Tue 16:00 (in 2 d 3 h).",
            ),
            (
                "每周限额：将提前用尽",
                "按目前节奏预计约 16:00 用尽，比重置早 2 天。周二 16:00 重置（还有 2 天 3 小时）。",
            ),
        ),
        (
            replace(FILLING, kind=AlertKind.RUNS_OUT, moment=NOW + timedelta(hours=30)),
            (
                "Weekly limit: will run out early",
                "At this pace it runs out about tomorrow 19:00, 21 h before the reset. "
                "Resets Tue 16:00 (in 2 d 3 h).",
            ),
            None,
        ),
        (
            replace(FILLING, kind=AlertKind.EXHAUSTED),
            ("Weekly limit reached", "Available again Tue 16:00 (in 2 d 3 h)."),
            ("已达每周限额", "周二 16:00 恢复可用（还有 2 天 3 小时）。"),
        ),
        (
            replace(FILLING, kind=AlertKind.EXHAUSTED, window=NO_RESET),
            ("Weekly limit reached", "The service does not say when it resets."),
            None,
        ),
        (
            replace(FILLING, window=NO_RESET),
            ("Weekly limit: 90 % used", ""),
            None,
        ),
        (
            replace(FILLING, window=replace(WEEK, resets_at=NOW)),
            ("Weekly limit: 90 % used", "Its reset is due."),
            ("每周限额：已用 90 %", "即将重置。"),
        ),
        (
            replace(
                FILLING, kind=AlertKind.AVAILABLE, window=replace(WEEK, used_percent_reported=0)
            ),
            ("Weekly limit: available again", "0 % used. Resets Tue 16:00 (in 2 d 3 h)."),
            ("每周限额：已恢复可用", "已用 0 %。周二 16:00 重置（还有 2 天 3 小时）。"),
        ),
        (
            Alert(AlertKind.CREDITS_LOW, amount=Decimal("4.5")),
            ("Credits are low", "4.50 left."),
            ("点数不足", "剩余 4.50。"),
        ),
        (
            Alert(AlertKind.CREDITS_LOW, amount=Decimal(0)),
            ("Credits are used up", ""),
            ("点数已用尽", ""),
        ),
        (
            Alert(AlertKind.RESET_CREDIT, amount=Decimal(1), moment=NOW + timedelta(days=2)),
            ("1 saved reset expires soon", "Redeem before Tue 13:00 (in 2 d)."),
            ("1 次可用的重置即将过期", "请在周二 13:00 前兑换（还有 2 天）。"),
        ),
        (
            Alert(AlertKind.RESET_CREDIT, amount=Decimal(3)),
            ("3 saved resets expire soon", ""),
            None,
        ),
        (
            Alert(AlertKind.SIGN_IN),
            ("Sign in again", "The sign-in has ended: no new numbers until then."),
            ("重新登录", "登录已失效，在此之前不会有新数据。"),
        ),
        (
            Alert(AlertKind.TEST),
            ("A warning looks like this", "This is a test. Your limits are as before."),
            ("提醒就是这个样子", "这是一次测试，限额没有变化。"),
        ),
        (
            Alert(AlertKind.THRESHOLD, window_id="gone"),
            ("gone limit: use unknown", ""),
            None,
        ),
    ],
)
def test_each_kind_in_words(
    alert: Alert, english: tuple[str, str], chinese: tuple[str, str] | None
) -> None:
    said = words_of((alert,), MOMENT)
    assert (said.title, said.body) == english
    assert "!" not in said.title + said.body
    if chinese is not None:
        catalogues.activate("zh_CN", {})
        said = words_of((alert,), MOMENT)
        assert (said.title, said.body) == chinese


def test_a_text_that_stays_tells_no_time_left() -> None:
    said = words_of((FILLING,), replace(MOMENT, tells_time_left=False))
    assert said.body == "Resets Tue 16:00."


def test_the_clock_and_what_is_left_as_in_the_settings() -> None:
    said = words_of((FILLING,), replace(MOMENT, clock="12h", shows="remaining"))
    assert said.title == "Weekly limit: 10 % left"
    assert said.body == "Resets Tue 4:00 pm (in 2 d 3 h)."


def test_several_are_one_summary() -> None:
    """F-M03: one notification after an absence."""
    low = Alert(AlertKind.CREDITS_LOW, amount=Decimal(1))
    said = words_of((FILLING, low), MOMENT)
    assert said.title == "2 warnings"
    assert said.body == "Weekly limit: 90 % used · resets Tue 16:00\nCredits are low"
    many = words_of((FILLING, low) * 3, MOMENT)
    assert many.title == "6 warnings"
    assert many.body.splitlines()[-1] == "and 3 more"


def test_the_account_is_named_where_there_are_several() -> None:
    """Peers fact 33."""
    said = words_of((FILLING,), MOMENT, "ann@example.org")
    assert said.body == "Resets Tue 16:00 (in 2 d 3 h).\nann@example.org"


def test_a_hostile_name_stays_one_short_line() -> None:
    """T-54, T-56."""
    name = "\u202e<b>evil</b>\n" * 400
    window = replace(WEEK, limit_id="x", limit_name=name)
    other = replace(window, window_seconds=18_000)
    alert = replace(FILLING, limit=RateLimit("x", (other, window), name), window=window)
    for count in (1, 5):
        said = words_of((alert,) * count, MOMENT, "a" * 500)
        assert len(said.body) <= BODY_LIMIT
        assert "\u202e" not in said.title + said.body
        assert "\n" not in said.title
        assert len(said.title) < 80


def test_a_long_body_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "BODY_LIMIT", 20)
    assert words_of((FILLING,), MOMENT).body == "Resets Tue 16:00 (i…"


@pytest.mark.parametrize(
    ("phrase", "english"),
    [
        (words.open_action, "Open"),
        (words.snooze_action, "Snooze until reset"),
        (words.dismiss_action, "Dismiss"),
        (words.test_action, "Send a test warning"),
    ],
)
def test_the_buttons_have_names(phrase: Callable[[], str], english: str) -> None:
    assert phrase() == english
