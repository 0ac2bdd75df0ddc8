"""Faults of signing in, of the session and of the keyring, in words. Pure."""

from __future__ import annotations

from typing import Literal, assert_never

from app.errors import Fault, FaultKind
from app.wording.fault_words import FaultWords, said, sign_in_again
from app.wording.language import tr

Session = Literal[
    FaultKind.NOT_SIGNED_IN,
    FaultKind.SESSION_EXPIRED,
    FaultKind.SESSION_REFUSED,
    FaultKind.ACCOUNT_CHANGED,
]
RefusedSignIn = Literal[
    FaultKind.SIGN_IN_DENIED, FaultKind.SIGN_IN_NOT_ENTITLED, FaultKind.SIGN_IN_FAILED
]
UnfinishedSignIn = Literal[
    FaultKind.SIGN_IN_TIMED_OUT,
    FaultKind.SIGN_IN_CANCELLED,
    FaultKind.SIGN_IN_ELSEWHERE,
    FaultKind.SIGN_IN_WINDOW_FAILED,
    FaultKind.CALLBACK_PORTS_TAKEN,
    FaultKind.BROWSER_NOT_OPENED,
    FaultKind.DEVICE_CODE_NOT_ENABLED,
]
CodexLogin = Literal[
    FaultKind.CODEX_LOGIN_MISSING, FaultKind.CODEX_LOGIN_STALE, FaultKind.CODEX_LOGIN_NO_CHAT
]
SignOut = Literal[FaultKind.SIGN_OUT_UNTOLD, FaultKind.SIGN_OUT_UNFINISHED]
Keyring = Literal[
    FaultKind.KEYRING_MISSING,
    FaultKind.KEYRING_LOCKED,
    FaultKind.KEYRING_FAILED,
    FaultKind.KEYRING_CHANGED,
]


def session(kind: Session) -> FaultWords:
    """Nobody is signed in, or the service does not accept who is."""
    match kind:
        case FaultKind.NOT_SIGNED_IN:
            return FaultWords(
                tr("Not signed in"),
                tr("Limits and chat need a ChatGPT account."),
                tr("Sign in."),
            )
        case FaultKind.SESSION_EXPIRED:
            return FaultWords(
                tr("Signed out by the service"),
                tr("The stored sign-in has ended. The last numbers stay on show."),
                sign_in_again(),
            )
        case FaultKind.SESSION_REFUSED:
            return FaultWords(
                tr("The service refuses this sign-in"),
                tr("The sign-in was renewed and is still not accepted. It is kept for now."),
                tr("Try again later, or sign in again."),
            )
        case FaultKind.ACCOUNT_CHANGED:
            return FaultWords(
                tr("The account has changed"),
                tr("A reply belonged to another account and was not used."),
                tr("Sign in again with the account you want to see."),
            )
        case _:
            assert_never(kind)


def refused_sign_in(kind: RefusedSignIn, fault: Fault) -> FaultWords:
    """The authorization server answered, and not with a code or a token."""
    match kind:
        case FaultKind.SIGN_IN_DENIED:
            return FaultWords(
                tr("Sign-in was refused"),
                said(fault, tr("Access was not granted on the sign-in page.")),
                tr("Sign in again and allow access."),
            )
        case FaultKind.SIGN_IN_NOT_ENTITLED:
            return FaultWords(
                tr("Codex is not enabled for this workspace"),
                said(fault, tr("The workspace does not let this account use Codex.")),
                tr("Choose another workspace, or ask its administrator."),
            )
        case FaultKind.SIGN_IN_FAILED:
            return FaultWords(
                tr("Sign-in did not succeed"),
                said(fault, tr("The sign-in page gave an answer that cannot be used.")),
                tr("Try to sign in again."),
            )
        case _:
            assert_never(kind)


def unfinished_sign_in(kind: UnfinishedSignIn) -> FaultWords:
    """No answer came back from the browser."""
    match kind:
        case FaultKind.SIGN_IN_TIMED_OUT:
            return FaultWords(
                tr("Sign-in took too long"),
                tr("No answer came from the browser, so the wait has ended."),
                tr("Try to sign in again."),
            )
        case FaultKind.SIGN_IN_CANCELLED:
            return FaultWords(
                tr("Sign-in cancelled"),
                tr("Nothing was stored."),
                tr("Sign in when you like."),
            )
        case FaultKind.SIGN_IN_ELSEWHERE:
            return FaultWords(
                tr("Another sign-in is under way"),
                tr("Only one can run at a time, and another window or terminal has one."),
                tr("Finish it there, or end it and sign in here."),
            )
        case FaultKind.SIGN_IN_WINDOW_FAILED:
            return FaultWords(
                tr("The sign-in page could not be shown"),
                tr("The window for it did not start, or ended early."),
                tr("Use your browser instead."),
            )
        case FaultKind.CALLBACK_PORTS_TAKEN:
            return FaultWords(
                tr("The ports for the sign-in are taken"),
                tr("Another program uses both ports on which a sign-in can return."),
                tr("Finish or close other sign-ins, such as that of Codex, then try again."),
            )
        case FaultKind.BROWSER_NOT_OPENED:
            return FaultWords(
                tr("No browser opened"),
                tr("The sign-in page could not be shown."),
                tr("Copy the address and open it in a browser."),
            )
        case FaultKind.DEVICE_CODE_NOT_ENABLED:
            return FaultWords(
                tr("Signing in with a code is not enabled"),
                tr("The account or its workspace does not allow codes for other devices."),
                tr("Enable it in ChatGPT under Settings, Security, or choose another way."),
            )
        case _:
            assert_never(kind)


def sign_out(kind: SignOut) -> FaultWords:
    """Signed out, but something of the sign-in is left."""
    match kind:
        case FaultKind.SIGN_OUT_UNTOLD:  # F-T28
            return FaultWords(
                tr("Signed out here only"),
                tr("The service could not be told; its side of the sign-in may last a while."),
                tr("Nothing of it is left on this computer."),
            )
        case FaultKind.SIGN_OUT_UNFINISHED:  # T-43
            return FaultWords(
                tr("Not removed from the keyring yet"),
                tr("The sign-in has ended, but the keyring would not give up its entry."),
                tr("Unlock or restart the keyring; the rest is removed then."),
            )
        case _:
            assert_never(kind)


def codex_login(kind: CodexLogin) -> FaultWords:
    """The Codex CLI's login was to be used, and cannot be."""
    match kind:
        case FaultKind.CODEX_LOGIN_MISSING:
            return FaultWords(
                tr("No login of the Codex CLI found"),
                tr("The Codex CLI is not signed in with a ChatGPT account here."),
                tr("Sign in with codex, or here."),
            )
        case FaultKind.CODEX_LOGIN_NO_CHAT:
            return FaultWords(
                tr("No chat with the Codex CLI's login"),
                tr("It is only read, to show its limits; asking questions needs a sign-in here."),
                tr("Sign in to ask a question."),
            )
        case FaultKind.CODEX_LOGIN_STALE:
            return FaultWords(
                tr("The Codex CLI's login is out of date"),
                tr("Only the Codex CLI renews its login; it is read here and never changed."),
                tr("Run codex once, or sign in here."),
            )
        case _:
            assert_never(kind)


def keyring(kind: Keyring) -> FaultWords:
    """The place where the sign-in is kept does not answer."""
    match kind:
        case FaultKind.KEYRING_MISSING:
            return FaultWords(
                tr("No keyring found"),
                tr("The sign-in cannot be kept. It lasts until you quit."),
                tr("Install or start a keyring, such as GNOME Keyring or KWallet."),
            )
        case FaultKind.KEYRING_LOCKED:
            return FaultWords(
                tr("Keyring locked"),
                tr("The sign-in is in your keyring and cannot be read yet."),
                tr("Unlock the keyring."),
            )
        case FaultKind.KEYRING_FAILED:
            return FaultWords(
                tr("The keyring does not answer"),
                tr("The sign-in can be neither read nor kept at the moment."),
                tr("Try again, or restart your keyring."),
            )
        case FaultKind.KEYRING_CHANGED:
            return FaultWords(
                tr("The sign-in is kept in another keyring"),
                tr("A different keyring answers now, and the sign-in is not in it."),
                tr("Start the other keyring, or sign in again."),
            )
        case _:
            assert_never(kind)
