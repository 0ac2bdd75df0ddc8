"""What became of a proxy, its password and a file of certificates that were set. Pure."""

from __future__ import annotations

from typing import assert_never

from app.errors import FaultKind
from app.settings import CaProblem, Remark, RemarkKind
from app.wording.language import phrase, tr

choose_ca_file = phrase("Choose a certificate file…")
ca_file_title = phrase("Certificates to trust")


def remark_words(remark: Remark) -> str:
    """One line below the setting; what was typed is no part of it, for it may be secret."""
    match remark.kind:
        case RemarkKind.ADDRESS_REFUSED:
            return tr("Not taken: write it like {example} or {other}.").format(
                example="http://proxy.example:8080", other="socks5://proxy.example:1080"
            )
        case RemarkKind.FILE_REFUSED:
            return ca_problem(CaProblem(remark.detail))
        case RemarkKind.PASSWORD_KEPT:
            return tr("The password is in your keyring.")
        case RemarkKind.PASSWORD_HELD:
            return _held(FaultKind(remark.detail))
        case RemarkKind.PASSWORD_LEFT:
            return tr(
                "A password that was kept for another proxy may still be in your keyring, which "
                "is locked or cannot be used now. It goes as soon as that is possible."
            )
        case _:
            assert_never(remark.kind)


def _held(why: FaultKind) -> str:
    if why is FaultKind.KEYRING_LOCKED:
        return tr(
            "Your keyring is locked, so the password holds until you quit. Once you unlock it, "
            "the password is kept there."
        )
    if why is FaultKind.KEYRING_MISSING:
        return tr("There is no keyring here, so the password holds until you quit.")
    return tr("Your keyring did not take the password, which holds until you quit.")


def ca_problem(problem: CaProblem) -> str:
    """Why a file of certificates was not taken, and what would be one."""
    match problem:
        case CaProblem.MISSING:
            return tr("Not taken: there is no such file.")
        case CaProblem.UNREADABLE:
            return tr("Not taken: the file cannot be read. Check its permissions.")
        case CaProblem.TOO_LARGE:
            return tr("Not taken: the file is far too large to hold certificates only.")
        case CaProblem.NOT_PEM:
            return tr(
                "Not taken: the file holds no certificate in PEM form, which begins with “{mark}”."
            ).format(mark="-----BEGIN CERTIFICATE-----")
        case CaProblem.PRIVATE_KEY:
            return tr(
                "Not taken: the file holds a private key, which nobody needs to see. Choose a file "
                "with certificates only."
            )
        case _:
            assert_never(problem)


def password_not_kept(why: FaultKind) -> str:
    """At a terminal: nothing was changed, for the password has no place to go."""
    if why is FaultKind.KEYRING_LOCKED:
        return tr("The keyring is locked, so the password cannot be kept and nothing has changed.")
    if why is FaultKind.KEYRING_MISSING:
        return tr(
            "There is no keyring here, so the password cannot be kept and nothing has changed. "
            "For one session, type it in the settings window."
        )
    return tr("The keyring did not take the password, so nothing has changed.")


def password_left() -> str:
    """At a terminal: the setting has changed, but the keyring keeps what nobody needs any more."""
    return tr(
        "The password of the proxy until now may still be in the keyring, which is locked or "
        "cannot be used. Unlock it and set the proxy once more."
    )
