from __future__ import annotations

import pytest

from app.private_database.status import Condition, DatabaseStatus


@pytest.mark.parametrize("condition", Condition)
def test_a_database_fails_if_it_should_keep_and_does_not(condition: Condition) -> None:
    fine = {Condition.WAITING, Condition.OFF, Condition.KEEPING}

    assert DatabaseStatus(condition).is_failing is (condition not in fine)
