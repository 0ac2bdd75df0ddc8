"""Settings with the row of the system's start, the question before quitting, help, hidden names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from gallery.dialog_states import sign_in_states
from gallery.states import FRESH, NOT_SAVED
from PySide6.QtWidgets import QApplication, QWidget

from app.alerts.looks import Look
from app.autostart.state import Autostart, AutostartStatus
from app.components import Component
from app.diagnosis.document import Facts, FileFact, SignInFact, document
from app.embedded_window import Obstacle
from app.erasure.outcome import Erasure, Leftover, Outcome, Part
from app.errors import FaultKind
from app.hidden_identity import shown as shown_state
from app.settings import CaProblem, Note, NoteKind, Remark, RemarkKind, Settings
from app.state import AppState, ShownDiagnosis
from app.trail_steps import Step
from app.ui.about_window import AboutWindow
from app.ui.diagnosis_window import DiagnosisWindow
from app.ui.erase_dialog import EraseDialog
from app.ui.leave_dialog import LeaveDialog
from app.ui.replacement_notice import restart_box
from app.ui.settings_dialog import SettingsDialog
from app.ui.sign_in_dialog import SignInDialog
from app.updates.status import Updates

COMPONENTS = (
    Component("httpx", "0.28.1", "BSD-3-Clause", ("Redistribution and use in source and binary…",)),
    Component("keyring", "25.7.0", "MIT", ("Permission is hereby granted, free of charge…",)),
    Component("PySide6_Essentials", "6.11.3", "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"),
    Component("qasync", "0.28.0", "BSD-2-Clause"),
)
STARTS = {
    "on": Autostart(AutostartStatus.ON),
    "off": Autostart(AutostartStatus.OFF),
    "other": Autostart(AutostartStatus.OTHER, "/opt/tidegauge/tidegauge"),
    "blocked": Autostart(AutostartStatus.BLOCKED),
    "unknown": Autostart(AutostartStatus.UNKNOWN, "no session"),
    "refused": Autostart(AutostartStatus.ON, refusal="/srv/ann/.config: Read-only file system"),
}


def _settings() -> SettingsDialog:
    settings = SettingsDialog(Settings())
    settings.show_state(AppState(autostart=STARTS["on"]))
    return settings


def settings_windows() -> Iterator[tuple[str, QWidget]]:
    """The settings by the name of their state."""
    yield "whole", _settings()
    for name, found in STARTS.items():
        settings = SettingsDialog(Settings())
        settings.show_state(AppState(autostart=found))
        settings.show()
        QApplication.processEvents()
        settings.form.show_section("startup")
        yield f"start-{name}", settings
    yield from _settings_looked_through()
    yield "end", _scrolled_to_the_end(_settings())
    yield "network", _network_settings()


def help_windows(now: datetime) -> Iterator[tuple[str, QWidget]]:
    """Each window by the name of its state."""
    yield "quit-unsaved", _quit_question()
    yield from _erase_dialogs()
    collecting = DiagnosisWindow()
    yield "diagnosis-collecting", collecting
    shown = ShownDiagnosis(_diagnosis(now))
    for name, one in {
        "diagnosis": shown,
        "diagnosis-saved": replace(shown, saved_to="tidegauge-diagnosis.json"),
        "diagnosis-not-saved": replace(shown, has_failed=True),
    }.items():
        window = DiagnosisWindow()
        window.render(one)
        yield name, window
    about = AboutWindow()
    about.show_components(COMPONENTS, "")
    yield "about", about
    linked = AboutWindow()
    linked.project.show()
    linked.render(AppState(updates=Updates("0.2.0")))
    linked.show_components(COMPONENTS, "")
    yield "about-newer", linked
    updated = AboutWindow()
    updated.render(AppState(is_replaced=True))
    updated.show_components(COMPONENTS, "")
    yield "about-updated", updated
    yield "updated", restart_box()
    texts = AboutWindow()
    texts.show_components(COMPONENTS, "")
    texts.switch.click()
    yield "about-licences", texts
    session, _here = sign_in_states(now)["sign-in-account"]
    hidden = SignInDialog(clock=lambda: now, zone=UTC, obstacle=Obstacle.NONE)
    hidden.render(shown_state(AppState(session=session, settings=Settings(hide_identity=True))))
    yield "sign-in-hidden", hidden


def _settings_looked_through() -> Iterator[tuple[str, QWidget]]:
    changed = Settings(language="zh_CN", poll_idle_s=600, clock="24h", redirect_host="127.0.0.1")
    note = Note(NoteKind.VALUE_RESET, "poll_active_s")
    state = AppState(settings=changed, session=NOT_SAVED, notes=(note,))
    for name, query in {
        "changed": "",
        "searched": "history",
        "nothing-found": "?!",
    }.items():
        dialog = SettingsDialog(changed)
        dialog.show_state(state)
        dialog.search.setText(query)
        yield name, dialog


def _scrolled_to_the_end(dialog: SettingsDialog) -> SettingsDialog:
    dialog.show()
    QApplication.processEvents()
    bar = dialog.form.verticalScrollBar()
    bar.setValue(bar.maximum())
    return dialog


def _network_settings() -> SettingsDialog:
    settings = Settings(proxy="socks5://ann@proxy.example:1080", ca_file="/etc/ssl/our-company.pem")
    dialog = SettingsDialog(settings)
    held = Remark("proxy", RemarkKind.PASSWORD_HELD, FaultKind.KEYRING_LOCKED)
    refused = Remark("ca_file", RemarkKind.FILE_REFUSED, CaProblem.NOT_PEM)
    dialog.show_state(AppState(settings=settings, remarks=(held, refused)))
    dialog.show()
    QApplication.processEvents()
    dialog.form.ensureWidgetVisible(dialog.rows["ca_file"])
    return dialog


def _erase_dialogs() -> Iterator[tuple[str, QWidget]]:
    failed = Outcome(
        (
            Leftover(Part.KEYRING_LOCKED),
            Leftover(Part.FILES, ("~/.local/state/tidegauge/history.db (Read-only)",)),
        ),
        foreign=("~/.config/tidegauge/notes.txt",),
    )
    for name, erasure in {
        "erase": None,
        "erase-working": Erasure(),
        "erase-done": Erasure(outcome=Outcome(untold=2)),
        "erase-unfinished": Erasure(outcome=failed),
    }.items():
        dialog = EraseDialog()
        dialog.ask(NOT_SAVED)
        if erasure is not None:
            dialog.show_erasure(erasure)
        yield name, dialog


def _quit_question() -> LeaveDialog:
    question = LeaveDialog()
    question.ask(NOT_SAVED)
    return question


def _diagnosis(now: datetime) -> str:
    at = int(now.timestamp())
    facts = Facts(
        now,
        "window",
        Settings(warn_first_percent=60, proxy="http://proxy.example:8080"),
        versions={"tidegauge": "0.1.0", "sqlite": "3.45.1", "httpx": "0.28.1"},
        system={"system": "Linux", "python": "3.12.4", "desktop": "KDE", "session_type": "wayland"},
        qt={"version": "6.12.0", "platform": "wayland", "tray": "status notifier"},
        services={"session_bus": "answers", "notifications": "running"},
        instance="this one",
        sign_in=SignInFact("signed_in", 1),
        history="keeping",
        files=(FileFact("settings.toml", 120, "0600"),),
        steps=(
            Step(at - 90, "poll", "accepted", 200, 61.3, "quiet"),
            Step(at - 30, "poll", "server_error", 502, 3.2, "back_off"),
        ),
        looks=(Look(now, FRESH, None),),
    )
    return json.dumps(document(facts), indent=2)
