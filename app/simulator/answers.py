"""What the simulated model says: a few canned Markdown answers, picked by words in the question."""

from __future__ import annotations

import threading
from collections import deque

REASONING = (
    "**Reading the question**\n\nThe question is short, so a direct answer fits.",
    "**Choosing the form**\n\nA heading, a little code and a table show everything.",
)

_TOUR = """## Rate-limit windows in short

A **rate-limit window** opens with the first request and closes a fixed time later. What was \
used in between counts as *used percent*; at the reset it starts again from zero.

1. The **5-hour** window limits bursts.
2. The **weekly** window limits the total.
3. Some models have windows of their own.

To see how far you are from an even pace, compare time and use:

```python
def ahead_of_pace(used_percent: float, elapsed: float, length: float) -> float:
    \"\"\"Positive when use runs ahead of the clock.\"\"\"
    return used_percent - 100 * elapsed / length


print(ahead_of_pace(86, elapsed=3.2 * 3600, length=5 * 3600))
```

| Window | Length | Typical use |
|---|---:|---|
| Session | 5 h | one afternoon of work |
| Weekly | 168 h | everything you ask |
| Monthly | 720 h | free plans |

> This answer comes from the simulator; no model was asked.
"""

_CODE = """Here is a small program that does it:

```python
from collections import Counter
from pathlib import Path


def most_common_words(path: Path, count: int = 5) -> list[tuple[str, int]]:
    words = path.read_text(encoding="utf-8").lower().split()
    return Counter(words).most_common(count)


for word, times in most_common_words(Path("notes.txt")):
    print(f"{times:>5}  {word}")
```

Run it with `python words.py`. It reads the whole file at once, which is fine below some 100 MB.
"""

_TABLE = """| Plan | Windows | Good for |
|:---|:---:|---:|
| Free | monthly | a look around |
| Plus | 5 h + weekly | daily work |
| Pro | 5 h + weekly, larger | all-day work |
| Team | 5 h + weekly, per seat | groups |

The numbers behind the windows change now and then, so read them from the gauges.
"""

_LIST = """Three things to try, in this order:

- **Wait for the reset.** The short window comes back soonest.
- **Use a smaller model.**
  - It costs less of every window.
  - It often answers faster.
- **Spread the work.** An even pace never reaches the limit.

1. Look at the gauge.
2. Compare it with the tick for even pace.
3. Decide.
"""

_CHINESE = """## 速率限制窗口简介

**速率限制窗口**从第一次请求开始，到固定时间后结束。期间的用量以百分比表示，重置后从零开始。

1. **5 小时**窗口限制短时间的集中使用。
2. **每周**窗口限制总量。

```python
def ahead_of_pace(used_percent: float, elapsed: float, length: float) -> float:
    return used_percent - 100 * elapsed / length
```

| 窗口 | 长度 | 说明 |
|---|---:|---|
| 会话 | 5 小时 | 一个下午的工作 |
| 每周 | 168 小时 | 全部用量 |

> 此回答来自模拟器，没有询问任何模型。
"""

_LONG_PARAGRAPH = (
    "Paragraph {number}. Windows open and close on their own clocks, and a long answer like "
    "this one shows how the pane behaves while text keeps arriving: the view follows the end, "
    "stays where it is once you scroll up, and **Stop** works at every moment. "
    "Inline `code`, *emphasis* and [a link](https://example.com/{number}) stand between words.\n"
)


def long_answer(paragraphs: int = 80) -> str:
    """Many paragraphs with headings in between."""
    parts = ["# A long answer\n"]
    for number in range(1, paragraphs + 1):
        if number % 10 == 1:
            parts.append(f"## Part {number // 10 + 1}\n")
        parts.append(_LONG_PARAGRAPH.format(number=number))
    return "\n".join(parts)


def canned_answer(question: str) -> str:
    """The answer to a question: by language first, then by the first word that fits."""
    if any("\u4e00" <= character <= "\u9fff" for character in question):
        return _CHINESE
    words = question.lower()
    for keys, answer in (
        (("long", "essay"), long_answer()),
        (("table", "compare"), _TABLE),
        (("list", "steps"), _LIST),
        (("code", "program", "function", "script"), _CODE),
    ):
        if any(key in words for key in keys):
            return answer
    return _TOUR


class AnswerBook:
    """Scripted answers first, then canned ones. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scripted: deque[str] = deque()

    def script(self, *answers: str) -> None:
        """The next answers, one per request, in this order."""
        with self._lock:
            self._scripted.extend(answers)

    def answer_to(self, question: str) -> str:
        with self._lock:
            if self._scripted:
                return self._scripted.popleft()
        return canned_answer(question)
