"""What the keyring has not done yet: sign-ins it did not take, entries it did not give up. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.alerts.banners import Banner
from app.auth.accounts import KnownAccount, Unsaved
from app.errors import FaultKind
from app.wording.accounts import known_name
from app.wording.joining import listed, sentences
from app.wording.language import phrase, tr, tr_n

LOST_KEY = "lost-sign-ins"  # of the banner

quit_anyway = phrase("Quit anyway")

_QUIT_HINTS = {
    FaultKind.KEYRING_LOCKED: phrase(
        "The keyring is locked; unlock it first if you want to keep this."
    ),
    FaultKind.KEYRING_MISSING: phrase(
        "There is no keyring; start one first, such as GNOME Keyring or KWallet, "
        "if you want to keep this."
    ),
}
_other_quit_hint = phrase(
    "The keyring did not take it; restart your keyring first if you want to keep this."
)
_NOTES = {
    FaultKind.KEYRING_LOCKED: phrase("Signed in for this run only: the keyring is locked."),
    FaultKind.KEYRING_MISSING: phrase("Signed in for this run only: there is no keyring."),
}
_other_note = phrase("Signed in for this run only: the keyring did not take the sign-in.")


def quit_title(unsaved: Unsaved) -> str:
    """The question before accounts are lost with the program (F-T22)."""
    if len(unsaved) < 2:
        return tr("Quit and lose the sign-in?")
    return tr("Quit and lose these sign-ins?")


def quit_text(unsaved: Unsaved, accounts: Sequence[KnownAccount]) -> str:
    """Whose sign-ins end with the program, and what could be done about it."""
    pattern = tr_n(
        "Nothing but this program keeps this sign-in, and at the next start you have to sign in "
        "again: {accounts}.",
        "Nothing but this program keeps these sign-ins, and at the next start you have to sign in "
        "again: {accounts}.",
        len(unsaved),
    )
    hints = dict.fromkeys(_QUIT_HINTS.get(why, _other_quit_hint)() for _key, why in unsaved)
    named = _named([key for key, _why in unsaved], accounts)
    return sentences(pattern.format(accounts=named), *hints)


def unsaved_notes(unsaved: Unsaved, accounts: Sequence[KnownAccount]) -> list[str]:
    """A sentence for each reason why sign-ins are not kept; whose, where there are several."""
    by_note: dict[str, list[str]] = {}
    for key, why in unsaved:
        by_note.setdefault(_NOTES.get(why, _other_note)(), []).append(key)
    if len(accounts) < 2:
        return list(by_note)
    return [f"{_named(keys, accounts)} · {note}" for note, keys in by_note.items()]


def lost_banner(count: int) -> Banner | None:
    """That the last run ended with `count` sign-ins that no keyring had taken (F-T22)."""
    if not count:
        return None
    title = tr_n("A sign-in was lost", "{n} sign-ins were lost", count).format(n=count)
    text = tr_n(
        "It ended with the last run of Tidegauge, because the keyring had not taken it. Sign in "
        "again; with the keyring unlocked it will be kept.",
        "They ended with the last run of Tidegauge, because the keyring had not taken them. Sign "
        "in again; with the keyring unlocked they will be kept.",
        count,
    )
    return Banner(LOST_KEY, title, text)


def unremoved_note(unremoved: Sequence[KnownAccount]) -> str:
    """That entries are left of accounts that were removed, and what becomes of them (T-43)."""
    named = listed(map(known_name, unremoved))
    pattern = tr("The keyring still holds an ended sign-in, which goes when it can: {accounts}.")
    return pattern.format(accounts=named)


def _named(keys: Sequence[str], accounts: Sequence[KnownAccount]) -> str:
    return listed(known_name(one, accounts) for one in accounts if one.key in keys)
