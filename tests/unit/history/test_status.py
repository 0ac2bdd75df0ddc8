from __future__ import annotations

import pytest

from app.history.status import HistoryStatus
from app.private_database.status import Condition


@pytest.mark.parametrize("condition", Condition)
def test_a_history_fails_if_readings_should_be_kept_but_are_not(condition: Condition) -> None:
    fine = {Condition.WAITING, Condition.OFF, Condition.KEEPING}

    assert HistoryStatus(condition).is_failing is (condition not in fine)
