from __future__ import annotations

from app.conversations.view import ConversationList, Exporting
from app.private_database.status import Condition


def test_a_list_begins_by_loading() -> None:
    listed = ConversationList()

    assert (listed.is_loading, listed.entries) == (True, ())
    assert listed.status.condition is Condition.WAITING
    assert listed.exporting is Exporting.NONE
