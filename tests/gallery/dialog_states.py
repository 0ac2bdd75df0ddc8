"""The dialogs in every state worth looking at: signing in, leaving, opening a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QWidget

from app.auth.accounts import KnownAccount, newly_known
from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.chat.links import read_link
from app.embedded_window import Obstacle
from app.errors import Fault, FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui.link_dialog import LinkDialog
from app.ui.remove_dialog import RemoveDialog
from app.ui.sign_in_dialog import SignInDialog

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)


def sign_in_states(now: datetime) -> dict[str, tuple[SessionState, Obstacle]]:
    """A sign-in at every stage of every way, and whether the window of our own is to be had."""
    page = "https://auth.example/oauth/authorize?response_type=code&client_id=app_1&state=s"
    ann = Account("acct-4711", "user-1", "ann@example.com", "plus")
    bo = Account("acct-0815", "user-2", "bo@a-rather-long-company-name.example", "business")
    ends_at, waiting = now + timedelta(minutes=4, seconds=41), Stage.WAITING

    def under_way(way: Way, stage: Stage = waiting, **changes: object) -> SessionState:
        progress = SignInProgress(way, stage, ends_at=ends_at)
        progress = replace(progress, **changes)  # type: ignore[arg-type]
        url = progress.address if way is Way.BROWSER else ""
        return SessionState(SessionStatus.SIGNING_IN, ann, sign_in_url=url, progress=progress)

    states = {
        "sign-in": SessionState(SessionStatus.SIGNED_OUT),
        "sign-in-browser": under_way(Way.BROWSER, address=page),
        "sign-in-here": under_way(Way.HERE),
        "sign-in-code": under_way(
            Way.DEVICE, address="https://auth.openai.com/codex/device", user_code="WDJB-MJHTX"
        ),
        "sign-in-paste": under_way(Way.PASTE, address=page),
        "sign-in-paste-refused": under_way(Way.PASTE, address=page, is_refused=True),
        "sign-in-checking": under_way(Way.BROWSER, Stage.CHECKING, ends_at=None),
        "sign-in-account": under_way(Way.BROWSER, Stage.CONFIRMING, account=bo, ends_at=None),
        "sign-in-first-account": replace(
            under_way(Way.BROWSER, Stage.CONFIRMING, account=ann, ends_at=None), account=None
        ),
        "sign-in-known-account": under_way(
            Way.BROWSER, Stage.CONFIRMING, account=bo, ends_at=None, is_known=True
        ),
        "sign-in-borrow": under_way(Way.CODEX, Stage.CONFIRMING, account=bo, ends_at=None),
        "sign-in-elsewhere": under_way(Way.BROWSER, Stage.ELSEWHERE, ends_at=None),
        "sign-in-one-more": SessionState(SessionStatus.SIGNED_IN, ann, can_borrow=True),
        "sign-in-failed": SessionState(
            SessionStatus.SIGNED_OUT, fault=Fault(FaultKind.CALLBACK_PORTS_TAKEN)
        ),
    }
    shown = {name: (session, Obstacle.NONE) for name, session in states.items()}
    shown["sign-in-root"] = (states["sign-in"], Obstacle.ROOT)
    shown["sign-in-lean"] = (states["sign-in"], Obstacle.NOT_INSTALLED)
    return shown


def dialog_windows(now: datetime = NOW) -> Iterator[tuple[str, QWidget]]:
    """Sign-in, link dialogs and questions by the name of their state."""
    for name, (session, here) in sign_in_states(now).items():
        dialog = SignInDialog(clock=lambda: now, zone=UTC, obstacle=here)
        dialog.render(AppState(session=session))
        yield name, dialog
    ann = newly_known(Account("acct-4711", "user-1", "ann@example.com", "plus"))
    codex = KnownAccount("codex", ann.account, is_borrowed=True)
    for name, known in (("remove", ann), ("remove-borrowed", codex)):
        question = RemoveDialog()
        question.ask(known, others=1)
        yield name, question
    link = read_link("http://xn--pypal-4ve.example/login?next=%2Faccount", "paypal.example")
    if link is not None:
        yield "link", LinkDialog(link)
