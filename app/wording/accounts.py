"""Accounts by name: in the menu, in questions about them, at a terminal. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.wording.joining import sentences
from app.wording.language import phrase, tr, tr_n
from app.wording.limits import account_name, plan_name
from app.wording.untrusted import clean

menu_title = phrase("Accounts")
add_account = phrase("Add account…")
remove_account = phrase("Remove this account…")
borrowed_mark = phrase("Codex CLI, read only")
unsaved_mark = phrase("this run only")
unremoved_mark = phrase("removed, but not from the keyring yet")
remove_title = phrase("Sign out?")
stop_borrowing_title = phrase("Stop using the Codex CLI's login?")
stop_borrowing = phrase("Stop using it")
stop_borrowing_text = phrase("It is no longer read here. The Codex CLI stays signed in.")
also_history = phrase("Also delete the history and conversations kept here")


def workspace(account: Account) -> str:
    """The end of the workspace's id: the service does not name it at a sign-in."""
    return f"…{clean(account.account_id[-4:])}" if account.account_id else ""


def full_name(account: Account) -> str:
    """E-mail, plan and workspace: what tells any two accounts apart."""
    parts = (account_name(account), plan_name(account.plan) if account.email else "")
    end = workspace(account) if account.email else ""
    return " · ".join(part for part in (*parts, end) if part)


def known_name(known: KnownAccount, others: Sequence[KnownAccount] = ()) -> str:
    """The account in a list: e-mail and plan, and the workspace where both are the same."""
    account = known.account
    name = account_name(account)
    plan = plan_name(account.plan) if account.email else ""
    if known.is_borrowed:
        return " · ".join((name, borrowed_mark()))
    alike = [
        other
        for other in others
        if (other.account.email, plan_name(other.account.plan))
        == (account.email, plan_name(account.plan))
        and not other.is_borrowed
    ]
    if len(alike) > 1 and account.email:
        return " · ".join(part for part in (name, plan, workspace(account)) if part)
    return f"{name} · {plan}" if plan else name


def unremoved_entry(known: KnownAccount) -> str:
    """One that was removed, but for entries in the keyring; choosing it tries again (T-43)."""
    return tr("Remove what is left of {account}").format(account=known_name(known))


def short_name(others: Sequence[KnownAccount], account: Account) -> str:
    """Above its numbers: the e-mail, and the workspace where another account has the same."""
    name = account_name(account)
    alike = {
        known.account.account_id
        for known in others
        if account.email and known.account.email == account.email and not known.is_borrowed
    }
    return f"{name} · {workspace(account)}" if len(alike | {account.account_id}) > 1 else name


def whose(others: Sequence[KnownAccount], account: Account) -> str:
    """The account in full, and that there are others; empty for the only one."""
    if len(others) < 2:
        return ""
    more = tr_n(
        "One of {n} account; the menu of the tray icon changes between them.",
        "One of {n} accounts; the menu of the tray icon changes between them.",
        len(others),
    )
    return "\n".join((full_name(account), more.format(n=len(others))))


def remove_text(account: Account, others: int) -> str:
    """What signing out does."""
    told = tr(
        "The sign-in of {account} is ended at the service and removed from this computer."
    ).format(account=full_name(account))
    if others < 1:
        return told
    return sentences(told, tr("Another account is shown then."))
