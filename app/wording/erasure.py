"""Deleting everything: the question, what is being done, what has become of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from app.auth.accounts import KnownAccount
from app.erasure.outcome import Leftover, Outcome, Part
from app.wording.accounts import known_name
from app.wording.joining import listed
from app.wording.language import phrase, tr, tr_n
from app.wording.untrusted import clean

_MOST_NAMES = 6
_LONGEST_NAME = 200

open_erasing = phrase("Delete all my data…")
button_description = phrase(
    "Signs out every account and removes everything of Tidegauge from this computer. Asks first."
)
title = phrase("Delete all my data?")
agree = phrase("Delete everything")
keep_settings = phrase("Keep my settings")
try_again = phrase("Try again")
working_title = phrase("Deleting…")
working_text = phrase(
    "Signing out and deleting. A service that does not answer is waited for 10 seconds, a keyring "
    "a little longer."
)
done_title = phrase("Your data is deleted")
done_text = phrase("Nothing of Tidegauge is left on this computer but the program itself.")
settings_kept = phrase("Your settings were kept.")
unfinished_title = phrase("Not everything could be deleted")
how_to_go_on = phrase(
    "The rest is gone. “Try again” deletes what is left, and so does “tidegauge erase” at a "
    "terminal."
)
help_erase = phrase("sign out everywhere and delete all data of the program, after a question")
help_yes = phrase("do not ask")
help_keep_settings = phrase("keep the settings file")
question = phrase("Type “yes” to delete all of it:")
how_to_agree = phrase("Nothing was deleted: add --yes where nobody can be asked.")
not_agreed = phrase("Nothing was deleted.")
not_in_demo = phrase("The demo keeps nothing that could be deleted.")
still_running = phrase(
    "Nothing was deleted: the running Tidegauge does not end. Quit it, then try again."
)
ending_tray = phrase("Ending the running Tidegauge first…")


def question_text(accounts: Sequence[KnownAccount], *, is_window: bool) -> str:
    """What goes, what stays, and that the program ends; `accounts` are those signed in here."""
    lines = [
        tr("This cannot be undone. Deleted from this computer:"),
        *(f"• {one}" for one in _what_goes(accounts)),
        "",
        tr(
            "What stays: files you exported or saved yourself, the Codex CLI's own login, your "
            "ChatGPT account and what the service keeps of it."
        ),
    ]
    if is_window:
        lines.append(tr("Tidegauge then quits."))
    return "\n".join(lines)


def _what_goes(accounts: Sequence[KnownAccount]) -> list[str]:
    names = listed(known_name(one, accounts) for one in accounts)
    signed_out = tr("every sign-in ({accounts}); the service is told to end it")
    return [
        signed_out.format(accounts=names)
        if names
        else tr("every sign-in; the service is told to end it"),
        tr("all entries of Tidegauge in the keyring, a proxy's password among them"),
        tr("the history of your limits"),
        tr("all conversations, drafts and the places of windows"),
        tr("logs, and what is remembered of warnings and updates"),
        tr("your settings"),
        tr("the entry that starts Tidegauge with the system"),
    ]


def outcome_title(outcome: Outcome) -> str:
    """Whether it is done, in a few words."""
    return done_title() if outcome.is_whole else unfinished_title()


def outcome_text(outcome: Outcome, *, keeps_settings: bool = False) -> str:
    """What is left and how to finish; what stays and why."""
    lines = [_left_words(one) for one in outcome.left]
    if outcome.is_whole:
        lines.append(settings_kept() if keeps_settings else done_text())
    else:
        lines.append(how_to_go_on())
    if outcome.untold:
        lines.append(_untold(outcome.untold))
    if outcome.foreign:
        lines.append(
            tr("These are not Tidegauge's and were left in its folders: {names}").format(
                names=_listed(outcome.foreign)
            )
        )
    return "\n\n".join(lines)


def _left_words(left: Leftover) -> str:
    match left.part:
        case Part.KEYRING_LOCKED:
            return tr(
                "Entries in the keyring are left, because it is locked: whoever unlocks it could "
                "use the sign-ins among them. Try again and unlock it when you are asked."
            )
        case Part.KEYRING_FAILED:
            return tr(
                "Entries in the keyring may be left, because it does not work ({reason}). Start "
                "it or sign in to the system again, then try again."
            ).format(reason=_listed(left.names) or tr("no reason told"))
        case Part.AUTOSTART:
            return tr(
                "The entry that starts Tidegauge with the system is left ({reason}). Remove it in "
                "the system's settings, or try again."
            ).format(reason=_listed(left.names))
        case Part.FILES:
            return tr(
                "These files could not be deleted: {names}. Make the disk writable, then try "
                "again, or delete them yourself."
            ).format(names=_listed(left.names))
        case Part.UNKNOWN:
            return tr("Deleting failed unexpectedly ({reason}). Try again.").format(
                reason=_listed(left.names)
            )
        case _:
            assert_never(left.part)


def _untold(count: int) -> str:
    return tr_n(
        "{count} sign-in is gone here, but the service could not be told. It ends there by "
        "itself; to end it now, sign out everywhere in the ChatGPT account's security settings.",
        "{count} sign-ins are gone here, but the service could not be told. They end there by "
        "themselves; to end them now, sign out everywhere in the ChatGPT account's security "
        "settings.",
        count,
    ).format(count=count)


def _listed(names: Sequence[str]) -> str:
    shown = [clean(name, limit=_LONGEST_NAME) for name in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    if more:
        shown.append(tr_n("{count} more", "{count} more", more).format(count=more))
    return listed(shown)
