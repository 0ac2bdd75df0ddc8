"""Faults on the way to the service and of the service itself, in words. Pure."""

from __future__ import annotations

from typing import Literal, assert_never

from app.errors import Fault, FaultKind
from app.wording.fault_words import (
    FaultWords,
    Moment,
    available_again,
    check_network,
    look_at_details,
    naming_host,
    retry_time,
    said,
    try_again_later,
)
from app.wording.language import tr
from app.wording.limits import plan_name
from app.wording.untrusted import clean

Way = Literal[
    FaultKind.OFFLINE,
    FaultKind.TIMED_OUT,
    FaultKind.INTERRUPTED,
    FaultKind.NOT_SECURE,
]
Obstacle = Literal[FaultKind.PORTAL, FaultKind.REDIRECTED, FaultKind.TOO_LARGE, FaultKind.BLOCKED]
Refusal = Literal[FaultKind.FORBIDDEN, FaultKind.NOT_FOUND, FaultKind.BAD_REQUEST]
Trouble = Literal[FaultKind.OVERLOADED, FaultKind.SERVER_ERROR, FaultKind.NOT_UNDERSTOOD]
Limit = Literal[
    FaultKind.RATE_LIMITED,
    FaultKind.LIMIT_REACHED,
    FaultKind.PLAN_WITHOUT_CODEX,
    FaultKind.SPEND_LIMIT_REACHED,
]


def way(kind: Way, fault: Fault) -> FaultWords:
    """The connection did not come about or did not last."""
    match kind:
        case FaultKind.OFFLINE:
            return FaultWords(
                tr("Offline"),
                naming_host(
                    fault, tr("{host} cannot be reached."), tr("The service cannot be reached.")
                ),
                check_network(),
            )
        case FaultKind.TIMED_OUT:
            return FaultWords(
                tr("No answer in time"),
                naming_host(
                    fault,
                    tr("{host} did not answer fast enough."),
                    tr("The service did not answer fast enough."),
                ),
                try_again_later(),
            )
        case FaultKind.INTERRUPTED:
            return FaultWords(
                tr("Connection lost"),
                tr("The connection ended before the reply was complete."),
                check_network(),
            )
        case FaultKind.NOT_SECURE:
            return FaultWords(
                tr("Connection not secure"),
                naming_host(
                    fault,
                    tr("{host} could not prove its identity, so nothing was sent."),
                    tr("The service could not prove its identity, so nothing was sent."),
                ),
                tr("Check date and time of this computer and the network you are in."),
            )
        case _:
            assert_never(kind)


def obstacle(kind: Obstacle, fault: Fault) -> FaultWords:
    """Somebody else answered, or the answer is not one that is safe to read."""
    match kind:
        case FaultKind.PORTAL:
            return FaultWords(
                tr("This network wants a sign-in first"),
                tr("A page of the network answered instead of the service."),
                tr("Open a browser and sign in to the network."),
            )
        case FaultKind.REDIRECTED:
            return FaultWords(
                tr("Unexpected redirect"),
                naming_host(
                    fault,
                    tr("{host} pointed to another address, which was not followed."),
                    tr("The service pointed to another address, which was not followed."),
                ),
                try_again_later(),
            )
        case FaultKind.TOO_LARGE:
            return FaultWords(
                tr("The reply is too large"),
                tr("Far more came than a reply of this kind can hold, so it was not read."),
                try_again_later(),
            )
        case FaultKind.BLOCKED:
            return FaultWords(
                tr("Blocked on the way"),
                tr("A gateway before the service refused the request. Your sign-in is fine."),
                tr("Try another network, or switch a VPN off. Then try again."),
            )
        case _:
            assert_never(kind)


def refusal(kind: Refusal, fault: Fault) -> FaultWords:
    """The service understood who asks and said no to the request."""
    match kind:
        case FaultKind.FORBIDDEN:
            return FaultWords(
                tr("The service does not allow this"),
                said(fault, tr("This account or workspace may not do this.")),
                tr("Check the account and its workspace."),
            )
        case FaultKind.NOT_FOUND:
            return FaultWords(
                tr("The service does not know this address"),
                tr("It may have moved."),
                tr("Try again later. If it stays like this, look for a newer Tidegauge."),
            )
        case FaultKind.BAD_REQUEST:
            return FaultWords(
                tr("The service did not accept the request"),
                said(fault, tr("It gave no reason.")),
                look_at_details(),
            )
        case _:
            assert_never(kind)


def trouble(kind: Trouble, fault: Fault) -> FaultWords:
    """The service has a problem of its own, or speaks in a way we do not understand."""
    match kind:
        case FaultKind.OVERLOADED:
            return FaultWords(
                tr("The service is busy"),
                said(fault, tr("It has no room for the request at the moment.")),
                tr("Choose another model, or try again in a few minutes."),
            )
        case FaultKind.SERVER_ERROR:
            return FaultWords(
                tr("The service has a problem"),
                tr("The fault is on its side; your sign-in and your limits are not affected."),
                retry_time(fault),
            )
        case FaultKind.NOT_UNDERSTOOD:
            return FaultWords(
                tr("The reply was not understood"),
                tr("It does not look like what the service usually sends."),
                tr("Try again later. If it stays like this, look for a newer Tidegauge."),
            )
        case _:
            assert_never(kind)


def limit(kind: Limit, fault: Fault, moment: Moment) -> FaultWords:
    """The plan, or a bound of the workspace, stands against the request."""
    match kind:
        case FaultKind.RATE_LIMITED:
            return FaultWords(
                tr("Too many requests"),
                tr("The service asks to slow down. This is not the limit of your plan."),
                retry_time(fault),
            )
        case FaultKind.LIMIT_REACHED:
            return FaultWords(
                tr("Limit reached"),
                _used_up(fault),
                available_again(fault, moment),
            )
        case FaultKind.PLAN_WITHOUT_CODEX:
            plan = plan_name(fault.plan)
            meaning = tr("The plan of this account does not include Codex.")
            if plan:
                meaning = tr("The plan {plan} does not include Codex.").format(plan=plan)
            return FaultWords(
                tr("Not part of the plan"), meaning, tr("Use another account, or change the plan.")
            )
        case FaultKind.SPEND_LIMIT_REACHED:
            return FaultWords(
                tr("Spending limit reached"),
                said(fault, tr("The credits or the budget of the workspace are used up.")),
                tr("Add credits, or ask the administrator of the workspace."),
            )
        case _:
            assert_never(kind)


def _used_up(fault: Fault) -> str:
    name = clean(fault.limit, limit=40)
    if not name:
        return tr("The plan's limit is used up.")
    return tr("The limit of {limit} is used up. Another model may still answer.").format(limit=name)
