"""Exit codes are a public interface."""

from __future__ import annotations

import pytest

from app.command_line.exit_codes import ExitCode, exit_code_of
from app.errors import FaultKind


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_has_a_code_other_than_fine(kind: FaultKind) -> None:
    assert exit_code_of(kind) in set(ExitCode) - {ExitCode.FINE}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FaultKind.CONFIGURATION, 2),
        (FaultKind.NOT_SIGNED_IN, 3),
        (FaultKind.SESSION_EXPIRED, 3),
        (FaultKind.SIGN_IN_DENIED, 3),
        (FaultKind.OFFLINE, 4),
        (FaultKind.PORTAL, 4),
        (FaultKind.BLOCKED, 4),
        (FaultKind.SERVER_ERROR, 4),
        (FaultKind.LIMIT_REACHED, 5),
        (FaultKind.RATE_LIMITED, 5),
        (FaultKind.NOT_UNDERSTOOD, 6),
        (FaultKind.KEYRING_MISSING, 7),
        (FaultKind.KEYRING_LOCKED, 7),
        (FaultKind.KEYRING_FAILED, 7),
        (FaultKind.PROMPT_REFUSED, 1),
    ],
)
def test_the_documented_codes(kind: FaultKind, code: int) -> None:
    assert exit_code_of(kind) == code
