"""A saved diagnosis, read back with suspicion."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.alerts.looks import Look
from app.diagnosis.document import FORMAT, Facts, document
from app.diagnosis.readings import MOST
from app.diagnosis.saved import saved_diagnosis
from app.settings import Settings
from app.usage.limits import UsageSnapshot

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_readings_and_the_settings_that_rules_ask_for() -> None:
    settings = Settings(warn_first_percent=60, proxy="http://ann:pw@proxy.example")
    facts = Facts(NOW, "window", settings, looks=(Look(NOW, UsageSnapshot(NOW), None),))

    saved = saved_diagnosis(document(facts))
    assert saved.settings.warn_first_percent == 60
    assert [look.at for look in saved.looks] == [NOW]


def test_settings_that_make_no_sense_are_the_defaults() -> None:
    value = {"format": FORMAT, "readings": [], "settings_changed": 3}

    assert saved_diagnosis(value).settings == Settings()


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"format": "another"},
        {"format": FORMAT},
        {"format": FORMAT, "readings": {}},
        {"format": FORMAT, "readings": [None]},
        {"format": FORMAT, "readings": [None] * (MOST + 1)},
    ],
)
def test_anything_else_is_no_diagnosis(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        saved_diagnosis(value)
