"""Which client signs in, and which one refreshes."""

from __future__ import annotations

import pytest

from app.auth.client_profiles import CODEX, DONE_HUB, PROFILES, client_of, profile_from
from app.auth.tokens import Account, TokenSet
from app.errors import AppError, FaultKind
from app.settings import DECLARATIONS


def test_the_setting_offers_every_profile_and_the_notes_second_client_is_not_the_default() -> None:
    (declared,) = [d for d in DECLARATIONS if d.key == "client_profile"]
    assert declared.choices == tuple(PROFILES)
    assert declared.default == CODEX.name


@pytest.mark.parametrize(
    ("value", "profile"), [("", None), (" done-hub ", DONE_HUB), ("codex", CODEX)]
)
def test_the_environment_may_choose(value: str, profile: object) -> None:
    assert profile_from({"TIDEGAUGE_CLIENT_PROFILE": value}) is profile
    assert profile_from({}) is None


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AppError) as caught:
        profile_from({"TIDEGAUGE_CLIENT_PROFILE": "other"})
    assert caught.value.fault.kind is FaultKind.CONFIGURATION


def test_tokens_stay_with_the_client_that_they_were_issued_to() -> None:
    def tokens(client_id: str) -> TokenSet:
        return TokenSet("a", "r", Account("acc"), "https://auth.example", client_id)

    assert client_of(tokens(DONE_HUB.client_id)) == DONE_HUB
    unknown = client_of(tokens("app_other"))
    assert (unknown.client_id, unknown.refreshes_with_json) == ("app_other", True)
