"""`tidegauge diagnose`: what a person can hand on when something is wrong, and its replay.

The running tray program is a process of its own and its socket answers no questions; what it did
lately is read from its log, what it measured from the history.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.alerts.looks import Look
from app.alerts.replay import replayed
from app.auth.accounts import history_key
from app.clocks import wall
from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.diagnosis import machine_facts
from app.diagnosis.document import Facts, SignInFact, document
from app.diagnosis.saved import saved_diagnosis
from app.errors import AppError
from app.history.history import FILE_NAME
from app.instance.client import Outcome, tell
from app.instance.messages import Message, Verb
from app.instance.place import Place
from app.paths import Paths
from app.wording import diagnosis as words
from app.wording.history_command import not_written
from app.wording.system_reasons import reason_words
from app.wording.terminal import file_not_read, message_line

if TYPE_CHECKING:
    from app.program import Program

_LARGEST = 4 << 20
_ANSWERS = {Outcome.TAKEN: "answers", Outcome.SILENT: "silent", Outcome.NOBODY: "not running"}


async def diagnose(program: Program, options: Options, terminal: Terminal) -> int:
    """Print or write a diagnosis of now. Nothing is asked of the service, nor of anybody."""
    fault = ""
    try:
        await program.accounts.restore()
    except AppError as error:
        fault = error.fault.kind.value
    facts = await asyncio.to_thread(_facts, program, fault)
    identity = program.account if options.with_identity else None
    text = json.dumps(document(facts, identity), indent=2, ensure_ascii=False)
    if not options.out:
        terminal.line(text)
        return ExitCode.FINE
    try:
        await asyncio.to_thread(machine_facts.write_for_owner, Path(options.out), text)
    except OSError as error:
        reason = reason_words(error)
        terminal.message(message_line(not_written(options.out, reason)))
        return ExitCode.FAILED
    return ExitCode.FINE


def replay(path: str, terminal: Terminal) -> int:
    """Print what the rules of today say to a saved diagnosis."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = reason_words(error)
        terminal.message(message_line(file_not_read(path, reason)))
        return ExitCode.WRONG_USAGE
    try:
        if len(content) > _LARGEST:
            raise ValueError("too large")
        saved = saved_diagnosis(json.loads(content))
    except (ValueError, RecursionError):
        terminal.message(message_line(words.not_a_diagnosis(path)))
        return ExitCode.NOT_UNDERSTOOD
    if not saved.looks:
        terminal.message(message_line(words.no_readings()))
    for line in words.replay_lines(replayed(saved.looks, saved.settings)):
        terminal.line(line)
    return ExitCode.FINE


def _facts(program: Program, fault: str) -> Facts:
    paths, account = program.surroundings.paths, program.account
    return Facts(
        wall(),
        "command",
        program.surroundings.settings,
        versions=machine_facts.versions(),
        system=machine_facts.system(),
        services=machine_facts.services(),
        instance=_instance(paths),
        sign_in=SignInFact(
            "signed_in" if account else "signed_out",
            len(program.accounts.known),
            is_borrowed=program.accounts.front.login is not None,
            fault=fault,
            tokens=program.session.marks(),
        ),
        files=machine_facts.files(paths),
        steps=machine_facts.steps_of_log(paths),
        looks=_looks(program),
    )


def _instance(paths: Paths) -> str:
    return _ANSWERS[tell(Place(paths).socket, Message(Verb.VERSION), patience_s=0.5)]


def _looks(program: Program) -> tuple[Look, ...]:
    known = program.accounts.front.known
    if known is None:
        return ()
    from app.diagnosis.kept_readings import kept_looks  # noqa: PLC0415 - loads SQLite

    path = program.surroundings.paths.state / FILE_NAME
    with suppress(OSError):
        return kept_looks(path, history_key(known), wall())
    return ()
