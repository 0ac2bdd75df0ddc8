"""The one exception that crosses boundaries, and the faults it carries."""

from __future__ import annotations

from app.errors import AppError, Fault, FaultKind, fail


def test_a_fault_is_raised_as_an_exception_that_names_it() -> None:
    error = fail(FaultKind.BLOCKED, "cf-ray 1", status=403, host="chatgpt.com")

    assert isinstance(error, AppError)
    assert error.fault == Fault(FaultKind.BLOCKED, "cf-ray 1", status=403, host="chatgpt.com")
    assert str(error) == "blocked: cf-ray 1"
    assert str(AppError(Fault(FaultKind.OFFLINE))) == "offline"


def test_only_what_can_pass_by_itself_is_transient() -> None:
    transient = {kind for kind in FaultKind if Fault(kind).is_transient}

    assert FaultKind.OFFLINE in transient
    assert FaultKind.SERVER_ERROR in transient
    assert not transient & {
        FaultKind.NOT_SIGNED_IN,
        FaultKind.SESSION_EXPIRED,
        FaultKind.NOT_SECURE,
        FaultKind.LIMIT_REACHED,
        FaultKind.BAD_REQUEST,
        FaultKind.CONFIGURATION,
    }


def test_only_what_never_left_is_unsent() -> None:
    """Whoever sends what may be sent once only relies on it."""
    unsent = {kind for kind in FaultKind if Fault(kind).is_unsent}

    assert FaultKind.PROXY_UNREACHABLE in unsent
    assert not unsent & {
        FaultKind.TIMED_OUT,
        FaultKind.INTERRUPTED,
        FaultKind.NOT_SECURE,  # a connection may break so in its middle
        FaultKind.SERVER_ERROR,
    }
