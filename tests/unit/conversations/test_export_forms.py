from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import TokenUsage
from app.conversations.export_forms import MarkdownWords, title_of, to_json, to_markdown
from app.errors import Fault, FaultKind

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WORDS = MarkdownWords(
    "Untitled", "You", "Model", "Files: {names}", "Not complete.", lambda moment: f"{moment:%H:%M}"
)
DONE = Turn(
    "t1",
    "How?\n\n    so",
    "```sh\nls\n```\n",
    "thought",
    status=TurnStatus.COMPLETED,
    asked_at=AT,
    model="gpt-5",
    usage=TokenUsage(1, 2, 3, 4),
    attachments=(Attachment("a.txt", "text/plain", text="x"),),
)
BROKEN = Turn("t2", "And?", status=TurnStatus.FAILED, fault=Fault(FaultKind.OFFLINE))


def test_markdown_has_every_text_as_it_was_written() -> None:
    assert to_markdown(Conversation("c", (DONE, BROKEN)), WORDS) == (
        "# How?\n\n## You · 09:30\n\nHow?\n\n    so\n\n*Files: a.txt*\n\n"
        "## Model · gpt-5\n\n```sh\nls\n```\n\n"
        "## You\n\nAnd?\n\n## Model\n\n*Not complete.*\n"
    )


def test_json_has_everything_but_the_content_of_files() -> None:
    told = json.loads(to_json(Conversation("c", (DONE, BROKEN), title="T")))

    assert (told["format"], told["id"], told["title"]) == (1, "c", "T")
    first, second = told["turns"]
    assert first == {
        "asked_at": "2026-11-20T09:30:00Z",
        "question": "How?\n\n    so",
        "attachments": [{"name": "a.txt", "media_type": "text/plain", "bytes": 1}],
        "model": "gpt-5",
        "status": "completed",
        "fault": None,
        "reasoning": "thought",
        "answer": "```sh\nls\n```\n",
        "tokens": {"input": 1, "cached": 2, "output": 3, "reasoning": 4},
    }
    assert (second["asked_at"], second["fault"], second["tokens"]) == (None, "offline", None)


def test_the_title_is_the_persons_or_the_first_question() -> None:
    asked = Conversation("c", (DONE,))

    assert title_of(replace(asked, title="Mine")) == "Mine"
    assert title_of(asked) == "How?"
    assert title_of(Conversation(), "Untitled") == "Untitled"
