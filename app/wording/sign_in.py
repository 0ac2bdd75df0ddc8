"""The sentences of the sign-in window: one per way, and what each way needs to say. Pure."""

from __future__ import annotations

from app.auth.tokens import Account
from app.auth.ways import Way
from app.wording.language import phrase, tr
from app.wording.limits import account_name
from app.wording.untrusted import clean

use_this_account = phrase("Use this account")
use_another_account = phrase("Use another account")
other_account_title = phrase("Sign in as another account?")
account_label = phrase("Account")
plan_label = phrase("Plan")
workspace_label = phrase("Workspace")
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
}
_WAY_TEXTS = {
    Way.HERE: phrase("The sign-in page opens in a window of its own, and nothing of it is kept."),
    Way.BROWSER: phrase("The sign-in page opens in your usual browser."),
    Way.DEVICE: phrase("A code is shown here and entered on a phone or another computer."),
    Way.PASTE: phrase("For a remote machine: sign in anywhere and bring back the last address."),
}


def way_name(way: Way) -> str:
    """What the button of a way says."""
    return _WAY_NAMES[way]()


def way_text(way: Way) -> str:
    """One plain sentence on a way."""
    return _WAY_TEXTS[way]()


def replaces(old: Account) -> str:
    """What becomes of the account until now."""
    return tr("It takes the place of {account}, which is then signed out.").format(
        account=account_name(old)
    )


def keep(old: Account) -> str:
    """The button that leaves everything as it was."""
    return tr("Keep {account}").format(account=account_name(old))


def workspace(account: Account) -> str:
    """The end of the workspace's id: the service does not name it at a sign-in."""
    return f"…{clean(account.account_id[-4:])}"


def spelled(user_code: str) -> str:
    """The code letter by letter, for screen readers."""
    return tr("Code: {letters}").format(letters=" ".join(user_code))
