"""The chat window in states built by hand, for its own tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gallery.chat_states import ANSWER, QUESTION
from PySide6.QtWidgets import QWidget

from app.auth.tokens import Account
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import TokenUsage
from app.errors import Fault, FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui.chat_window import ChatWindow
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)

LONG_ANSWER = (
    ANSWER
    + """
## What each part does

1. **The pattern** picks files in this folder only.
2. `mv` moves one file:
   - `--no-clobber` never replaces a file;
   - `"${f%.jpeg}.jpg"` cuts the old ending off and adds the new one.
3. Names with blanks survive, because every name stands in quotes.

| Option | Meaning | Safe |
|:--|:--|:-:|
| `-n` | keep an existing file | yes |
| `-f` | replace it without asking | **no** |

> The manual says more: [GNU coreutils](https://www.gnu.org/software/coreutils/manual/).

In Python it would be:

```python
from pathlib import Path

for old in Path().glob("*.jpeg"):
    new = old.with_suffix(".jpg")
    if not new.exists():  # never overwrite
        old.rename(new)
```
"""
)

CHINESE_QUESTION = "怎样把当前文件夹里的 *.jpeg 全部改名为 *.jpg，而不覆盖已有的文件？"

CHINESE_ANSWER = """可以用一个**拒绝覆盖**的循环：

```sh
for f in *.jpeg; do
  mv --no-clobber -- "$f" "${f%.jpeg}.jpg"  # 不覆盖已有文件
done
```

说明如下：

1. `--no-clobber` 会保留已经存在的文件，不会用新文件替换它；
2. `--` 表示选项到此结束，因此以短横线开头的文件名也不会出错；
3. 引号可以保护含有空格的文件名。

| 选项 | 含义 |
|:--|:--|
| `-n` | 不覆盖 |
| `-v` | 显示每一步 |

> 如果文件很多，建议先用 `echo` 试运行一次，确认输出无误之后再真正执行。
"""


def signed_in(now: datetime) -> AppState:
    """Somebody signed in, one window close to its limit."""
    return AppState(
        session=SessionState(
            SessionStatus.SIGNED_IN, Account("acct-1", email="ann@example.com", plan="plus")
        ),
        usage=usage(now, 78.0),
    )


def usage(now: datetime, used_percent: float) -> UsageSnapshot:
    """A 5-hour window at `used_percent` and a weekly one at 31 %."""
    session = RateLimitWindow(
        MAIN_LIMIT, used_percent, 18_000, resets_at=now + timedelta(hours=1, minutes=24)
    )
    week = RateLimitWindow(MAIN_LIMIT, 31.0, 604_800, resets_at=now + timedelta(days=3))
    return UsageSnapshot(
        fetched_at=now, plan="plus", limits=(RateLimit(MAIN_LIMIT, windows=(session, week)),)
    )


def turn(now: datetime, answer: str = "", **changes: object) -> Turn:
    """One turn asked twelve seconds ago, first text after three."""
    first = now - timedelta(seconds=9) if answer else None
    made = Turn("t1", QUESTION, answer, asked_at=now - timedelta(seconds=12), first_text_at=first)
    return replace(made, **changes)  # type: ignore[arg-type]


def window(state: AppState, *turns: Turn, now: datetime, draft: str = "") -> ChatWindow:
    """A chat window that shows `state` with `turns`."""
    chat = ChatWindow(clock=lambda: now, zone=UTC)
    chat.composer.field.setPlainText(draft)
    chat.render(replace(state, conversation=Conversation("c1", turns)))
    return chat


def chat_windows(now: datetime = NOW) -> dict[str, QWidget]:
    """Chat windows by the name of their state."""
    state = signed_in(now)
    out = replace(state, session=SessionState(SessionStatus.SIGNED_OUT), usage=None)
    done = TurnStatus.COMPLETED
    tokens = TokenUsage(312, 256, 96, 64)
    reached = Fault(FaultKind.LIMIT_REACHED, resets_at=now + timedelta(hours=1, minutes=24))
    chinese = turn(now, CHINESE_ANSWER, question=CHINESE_QUESTION, status=done, usage=tokens)
    shapes: dict[str, Callable[[], QWidget]] = {
        "chat-empty": lambda: window(state, now=now),
        "chat-signed-out": lambda: window(out, now=now),
        "chat-signed-out-draft": lambda: window(out, now=now, draft=QUESTION),
        "chat-waiting": lambda: window(state, turn(now), now=now),
        "chat-streaming": lambda: window(
            state, turn(now, ANSWER[:210], status=TurnStatus.STREAMING), now=now, draft="And then"
        ),
        "chat-completed": lambda: window(
            state, turn(now, ANSWER, status=done, usage=tokens, reasoning="Two ways."), now=now
        ),
        "chat-long": lambda: window(
            state, turn(now, LONG_ANSWER, status=done, usage=tokens), now=now
        ),
        "chat-stopped": lambda: window(
            state, turn(now, ANSWER[:190], status=TurnStatus.STOPPED), now=now
        ),
        "chat-failed": lambda: window(
            state,
            turn(now, status=TurnStatus.FAILED, fault=Fault(FaultKind.OVERLOADED, status=503)),
            now=now,
        ),
        "chat-limit": lambda: window(
            replace(state, usage=usage(now, 100.0)),
            turn(now, status=TurnStatus.FAILED, fault=reached),
            now=now,
        ),
        "chat-chinese": lambda: window(state, chinese, now=now),
    }
    return {name: make() for name, make in shapes.items()}
