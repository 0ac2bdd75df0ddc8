"""The OAuth clients Tidegauge can sign in as. Pure.

`CODEX` is what the official client 0.169.0 uses today; `DONE_HUB` is the second client of the
user's API notes, with its own refresh address and form encoding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.auth.tokens import TokenSet
from app.errors import FaultKind, fail
from app.values import dataclass

DEFAULT_PORTS = (1455, 1457)  # on loopback; registered for the redirect of both clients
PROFILE_VARIABLE = "TIDEGAUGE_CLIENT_PROFILE"


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """One registered client. `refresh_url` "" means the issuer's own token endpoint."""

    name: str
    client_id: str
    scope: str
    originator: str = ""
    extra_parameters: tuple[tuple[str, str], ...] = ()
    refresh_url: str = ""
    refreshes_with_json: bool = True


CODEX = ClientProfile(
    "codex",
    "app_EMoamEEZ73f0CkXaXp7hrann",
    "openid profile email offline_access api.connectors.read api.connectors.invoke",
    "codex_cli_rs",
    (("id_token_add_organizations", "true"), ("codex_cli_simplified_flow", "true")),
)
DONE_HUB = ClientProfile(
    "done-hub",
    "pdlLIX2Y72MIl2rhLhTE9VV9bN905kBh",
    "openid profile email offline_access",
    refresh_url="https://auth0.openai.com/oauth/token",
    refreshes_with_json=False,
)
PROFILES: Mapping[str, ClientProfile] = {profile.name: profile for profile in (CODEX, DONE_HUB)}


def profile_from(environment: Mapping[str, str]) -> ClientProfile | None:
    """The profile that `environment` asks for; None leaves it to the settings.

    Raises `AppError(CONFIGURATION)` for a name that stands for none.
    """
    name = environment.get(PROFILE_VARIABLE, "").strip()
    if name and name not in PROFILES:
        names = " or ".join(PROFILES)
        raise fail(FaultKind.CONFIGURATION, f"{PROFILE_VARIABLE} must be {names}")
    return PROFILES.get(name)


def client_of(tokens: TokenSet) -> ClientProfile:
    """The profile that `tokens` were issued to; refresh tokens are bound to their client."""
    known = next((p for p in PROFILES.values() if p.client_id == tokens.client_id), CODEX)
    return replace(known, client_id=tokens.client_id)
