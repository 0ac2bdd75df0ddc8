"""The people who can sign in to the simulator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimulatedAccount:
    """One invented person. `key` names the element on the sign-in page (`account-<key>`)."""

    key: str
    name: str
    email: str
    plan: str
    account_id: str
    user_id: str
    is_entitled: bool = True
    is_fedramp: bool = False


ANN = SimulatedAccount(
    key="ann",
    name="Ann Example",
    email="ann@example.com",
    plan="plus",
    account_id="5f1c0c52-6b1e-4a53-9f0e-2d9a4a7f3a01",
    user_id="user-AnnExample0000000000001",
)
BO = SimulatedAccount(
    key="bo",
    name="Bo Example",
    email="bo@example.com",
    plan="pro",
    account_id="c2a7c1de-0f7b-4f0d-8a44-6f9f2f6f7b02",
    user_id="user-BoExample00000000000002",
)
CY = SimulatedAccount(
    key="cy",
    name="Cy Example",
    email="cy@example.com",
    plan="free",
    account_id="0b9a3f6e-5c1d-4d59-b7a0-1e2d3c4b5a03",
    user_id="user-CyExample00000000000003",
    is_entitled=False,
)
ANN_AT_WORK = SimulatedAccount(  # the same person and address in a second workspace
    key="ann-at-work",
    name="Ann Example, Example Ltd",
    email=ANN.email,
    plan="team",
    account_id="9d3b7a52-11c4-4f6e-8c55-3a1d2b4c7e04",
    user_id=ANN.user_id,
)
ACCOUNTS = (ANN, BO, CY, ANN_AT_WORK)


def choice_of(account: SimulatedAccount) -> str:
    """What the sign-in page calls an account: its address, or its key if another has that."""
    return account.email if account_named(account.email) is account else account.key


def account_named(choice: str) -> SimulatedAccount | None:
    """The account of that address or key, or None."""
    return next((one for one in ACCOUNTS if choice in (one.email, one.key)), None)
