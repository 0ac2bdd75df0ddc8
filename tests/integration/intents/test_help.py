"""What the running program tells of itself: steps and readings as they happen, text on request."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.person import USAGE as USAGE_PATH
from support.person import PersonAt, settled, until
from support.sentinels import secrets_of_life

from app.alerts.alert import Alert, AlertKind
from app.alerts.memory import Memory
from app.errors import FaultKind
from app.intents.alert_notes import AlertNotes
from app.simulator.accounts import ANN
from app.simulator.faults import too_many_requests
from app.trail import Trail
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
USAGE = UsageSnapshot(
    NOW, limits=(RateLimit("codex", (RateLimitWindow("codex", 78, 18_000, None),)),)
)
ALERT = Alert(AlertKind.THRESHOLD, "a" * 16, "codex/18000", percent=75)


def test_what_waits_is_noted_once() -> None:
    trail = Trail()
    notes = AlertNotes(trail)
    for outcome in ("held", "held", "shown", "held"):
        notes.note_outcome(outcome, [ALERT])

    assert [step.outcome for step in trail.steps] == ["held", "shown", "held"]
    assert trail.steps[0].why == "threshold codex/18000 75"


def test_readings_of_another_account_are_forgotten() -> None:
    notes = AlertNotes(None)
    notes.note_look(Memory(given_at=(int(NOW.timestamp()),)), USAGE, "a" * 16, NOW)
    notes.note_look(Memory(), None, "a" * 16, NOW)
    assert [look.given for look in notes.looks] == [1]
    later = NOW + timedelta(minutes=1)
    notes.note_look(Memory(), UsageSnapshot(later), "b" * 16, later)

    assert [look.at for look in notes.looks] == [later]
    assert json.dumps([str(look.at) for look in notes.looks])


async def test_a_diagnosis_of_the_running_program(person_at: PersonAt, tmp_path: Path) -> None:
    """T-41: the last polls with their waits and why, and no identity unless asked."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.faults.add(USAGE_PATH, too_many_requests(600))
        await person.poll()
        help_ = person.intents.help
        help_.save_diagnosis(str(tmp_path / "none.json"))
        help_.diagnose({"version": "6.9", "user": "ann"}, with_identity=False)
        await until(lambda: person.state.diagnosis)
        assert person.state.diagnosis is not None
        text = person.state.diagnosis.text
        made = json.loads(text)
        steps = [(step["outcome"], step["status"], step["why"]) for step in made["steps"]]
        assert steps[0] == ("accepted", 200, "quiet")
        assert steps[-1] == ("rate_limited", 429, "back_off")
        assert made["steps"][-1]["wait_s"] >= 600
        assert made["qt"] == {"version": "6.9"}
        assert made["sign_in"]["tokens"]["age_s"] is not None
        assert made["last_fault"] == "rate_limited"
        secrets = secrets_of_life(person.simulator).values()
        for word in (ANN.email, ANN.account_id, ANN.user_id, *secrets):
            assert word not in text
        target = tmp_path / "diagnosis.json"
        help_.save_diagnosis(str(target))
        await until(lambda: person.state.diagnosis and person.state.diagnosis.saved_to)
        assert target.read_text("utf-8") == f"{text}\n"
        assert target.stat().st_mode & 0o777 == 0o600
        help_.save_diagnosis(str(tmp_path / "absent" / "diagnosis.json"))
        await until(lambda: person.state.diagnosis and person.state.diagnosis.has_failed)
        assert made["is_replaced"] is False
        person.store.update(is_replaced=True)
        help_.diagnose({}, with_identity=True)
        await until(lambda: person.state.diagnosis and ANN.email in person.state.diagnosis.text)
        assert json.loads(person.state.diagnosis.text)["is_replaced"] is True
        help_.drop_diagnosis()
        assert not person.state.diagnosis
    assert not (tmp_path / "none.json").exists()


@pytest.mark.expected_log("WARNING tidegauge.tasks: open the project's page: browser_not_opened")
async def test_the_projects_page_is_opened_where_there_is_one(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    async def open_page(address: str) -> bool:
        opened.append(address)
        return len(opened) == 1

    monkeypatch.setattr("app.intents.help.open_in_browser", open_page)
    async with person_at() as person:
        person.intents.help.open_project()  # a placeholder stands there
        await settled()
        assert opened == []
        monkeypatch.setattr("app.updates.address.project_url", lambda: "https://tidegauge.io/")
        person.intents.help.open_project()
        await until(lambda: opened)
        await settled()
        assert person.crashes == []
        person.intents.help.open_project()
        await until(lambda: person.crashes)
        assert person.crashes[0].kind is FaultKind.BROWSER_NOT_OPENED
