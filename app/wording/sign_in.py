"""The sentences of the sign-in window: one per way, and what each way needs to say. Pure."""

from __future__ import annotations

from app.auth.tokens import Account
from app.auth.ways import Way
from app.wording.accounts import full_name
from app.wording.language import phrase, tr
from app.wording.limits import account_name

use_this_account = phrase("Use this account")
use_another_account = phrase("Use another account")
one_more_title = phrase("Sign in with one more account")
first_account_title = phrase("Is this the right account?")
other_account_title = phrase("Add this account?")
known_account_title = phrase("Switch to this account?")
borrow_title = phrase("Use the Codex CLI's login?")
borrow_text = phrase(
    "Only its limits are shown. The login is read before each request and never renewed or "
    "changed; when it runs out, codex has to run once. Asking questions needs a sign-in here."
)
elsewhere_title = phrase("Another sign-in is under way")
elsewhere_text = phrase(
    "Only one can run at a time, and another window or terminal has one. "
    "Finish it there, or end it and sign in here."
)
end_other = phrase("End it and go on here")
account_label = phrase("Account")
plan_label = phrase("Plan")
workspace_label = phrase("Workspace")
hidden = phrase("hidden")
reveal = phrase("Show who it is")
window_opened = phrase("Sign in in the window that has opened")
opening_window = phrase("Opening the sign-in window…")
asking_for_code = phrase("Asking for a code…")
code_title = phrase("Enter this code on another device")
code_text = phrase("Scan the picture or open this address there, sign in, and enter the code:")
code_hint = phrase("Enter it only on the page at this address, and give it to nobody.")
copy_code = phrase("Copy code")
qr_name = phrase("QR code of the address")
paste_title = phrase("Sign in elsewhere, paste the address here")
paste_open = phrase("Open this address in a browser on any computer and sign in:")
paste_back = phrase("The last page will not load there. Copy its address and paste it here:")
pasted_name = phrase("Address of the last page")
not_that_address = phrase("That is not the address on which this sign-in ended. Copy all of it.")
go_on = phrase("Go on")
under_way = phrase("A sign-in is under way…")
show_sign_in = phrase("Show sign-in")

_WAY_NAMES = {
    Way.HERE: phrase("Sign in here"),
    Way.BROWSER: phrase("Use my browser"),
    Way.DEVICE: phrase("On another device"),
    Way.PASTE: phrase("Paste the address"),
    Way.CODEX: phrase("Codex CLI's login"),
}
_WAY_TEXTS = {
    Way.HERE: phrase("The sign-in page opens in a window of its own, and nothing of it is kept."),
    Way.BROWSER: phrase("The sign-in page opens in your usual browser."),
    Way.DEVICE: phrase("A code is shown here and entered on a phone or another computer."),
    Way.PASTE: phrase("For a remote machine: sign in anywhere and bring back the last address."),
    Way.CODEX: phrase("Shows the limits without a sign-in of its own; read only, and no chat."),
}


def way_name(way: Way) -> str:
    """What the button of a way says."""
    return _WAY_NAMES[way]()


def way_text(way: Way) -> str:
    """One plain sentence on a way."""
    return _WAY_TEXTS[way]()


def who_it_is(old: Account | None, *, is_known: bool) -> str:
    """What becomes of the account that has signed in; `old` is in use until now."""
    if old is None:
        return tr("It is kept in your keyring, and its limits are shown here.")
    if is_known:
        pattern = tr("Its sign-in is renewed and it is shown from now on. {account} stays as well.")
    else:
        pattern = tr("It is added and shown from now on. {account} stays signed in as well.")
    return pattern.format(account=full_name(old))


def stays(name: str) -> str:
    """Beside the ways to sign in: who is signed in stays so."""
    return tr("{account} stays signed in; switch in the menu of the tray icon.").format(
        account=name
    )


def keep(old: Account | None) -> str:
    """The button that leaves everything as it was."""
    if old is None:
        return tr("Nothing is kept")
    return tr("Keep {account}").format(account=account_name(old))


def spelled(user_code: str) -> str:
    """The code letter by letter, for screen readers."""
    return tr("Code: {letters}").format(letters=" ".join(user_code))
