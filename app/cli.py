"""The command line: the same core as the tray program, without Qt."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app import account_commands, catalogues, logs, settings_file
from app.clocks import wall
from app.command_line import letters
from app.command_line.exit_codes import ExitCode, exit_code_of
from app.command_line.loop import run_until_signal
from app.command_line.options import COMMANDS, Options, parse_options
from app.command_line.saved_reply import saved_usage
from app.command_line.terminal import Terminal
from app.early_log import EarlyLog
from app.errors import AppError, Fault, FaultKind, fail
from app.hidden_identity import shown_fault, shown_usage
from app.local_zone import local_zone
from app.paths import Paths
from app.settings import Settings
from app.usage.limits import UsageSnapshot
from app.usage.readings import belongs_to
from app.usage.report import is_limit_reached, usage_report
from app.wording import language
from app.wording import terminal as words
from app.wording.faults import describe
from app.wording.limits import window_name
from app.wording.setting_choices import own_name
from app.wording.settings_notes import note_words
from app.wording.system_reasons import reason_words

if TYPE_CHECKING:
    from app.auth.tokens import Account
    from app.program import Program, Surroundings

__all__ = ["COMMANDS", "Options", "parse", "run"]


def parse(argv: Sequence[str]) -> Options:
    """Options of `tidegauge ARGV`; see `parse_options`. No arguments cost nothing."""
    if not argv:
        return Options()
    letters.prepare(os.environ)
    with suppress(AppError):
        _speak(settings_file.peek(Paths.of_user(os.environ).settings_file))
    return parse_options(argv)


def run(options: Options) -> int:
    """Run one command and return its exit code; without a command, `watch` and say why."""
    letters.prepare(os.environ)
    terminal = Terminal()
    try:
        return _run(options, terminal)
    except AppError as error:
        return give_up(error.fault, terminal)
    except BrokenPipeError:
        terminal.give_up_output()
        return ExitCode.OUTPUT_CLOSED


def give_up(fault: Fault, terminal: Terminal | None = None) -> int:
    """Say in one line why the program cannot go on; the exit code."""
    _tell(fault, terminal or Terminal())
    return exit_code_of(fault.kind)


def _run(options: Options, terminal: Terminal) -> int:
    paths = Paths.of_user(os.environ)
    early = EarlyLog()
    early.begin()
    loaded = settings_file.load(paths.settings_file)
    settings = loaded.settings
    _speak(settings)
    for note in loaded.notes:
        terminal.message(words.message_line(note_words(note)))
    terminal.hides_identity = settings.hide_identity
    code = _run_alone(options, paths, settings, terminal)
    if code is not None:
        return code
    with _surroundings(options, paths, settings) as surroundings:
        if loaded.password is not None:
            surroundings.proxy_password.hold(settings.proxy, loaded.password)
        undo = logs.set_up(surroundings.paths, options.debug)
        early.hand_over()
        try:
            code = run_until_signal(_run_command(surroundings, options, terminal))
        finally:
            undo()
    terminal.end_line()
    if options.command in ("watch", "") and code in (ExitCode.INTERRUPTED, ExitCode.TERMINATED):
        return ExitCode.FINE  # a signal is how watching ends
    return code


def _run_alone(
    options: Options, paths: Paths, settings: Settings, terminal: Terminal
) -> int | None:
    """Run what needs neither a sign-in nor the service, and no log; None: it is none of these."""
    if options.command == "autostart":
        from app.command_line.autostart_command import autostart  # noqa: PLC0415 - only here

        return autostart(options, paths, terminal)
    if options.command == "config":
        from app.command_line.config_command import config  # noqa: PLC0415 - only here

        return config(options, paths, terminal)
    if options.command == "erase":
        from app.erase_command import erase  # noqa: PLC0415 - hardly ever

        return erase(options, paths, settings, terminal)
    if options.replay:
        from app.diagnose_command import replay  # noqa: PLC0415 - only here

        return replay(options.replay, terminal)
    if options.from_file:
        try:
            saved = _shown(saved_usage(options.from_file, wall()), settings)
        except OSError as error:
            reason = reason_words(error)
            terminal.message(words.message_line(words.file_not_read(options.from_file, reason)))
            return ExitCode.WRONG_USAGE
        return _show_status(saved, None, options, terminal)
    if options.command == "history":
        from app.command_line.history import show_history  # noqa: PLC0415 - loads SQLite

        return show_history(paths, options, terminal, wall())
    if options.command == "chats":
        from app.command_line.chats import chats  # noqa: PLC0415 - loads SQLite

        return chats(paths, options, terminal, wall())
    return None


def _speak(settings: Settings) -> None:
    catalogues.activate(settings.language, os.environ, clock=settings.clock)
    if not letters.can_write(own_name()):  # a terminal of old: English it can write
        catalogues.activate(language.SOURCE_LOCALE, os.environ, clock=settings.clock)


@contextmanager
def _surroundings(options: Options, paths: Paths, settings: Settings) -> Iterator[Surroundings]:
    if options.demo:
        from app.demo import demo_surroundings  # noqa: PLC0415 - only the demo pays for it

        with demo_surroundings(settings) as surroundings:
            yield surroundings
    else:
        from app.program import real_surroundings  # noqa: PLC0415 - not for --from

        yield real_surroundings(os.environ, paths, settings)


async def _run_command(surroundings: Surroundings, options: Options, terminal: Terminal) -> int:
    from app.program import open_program  # noqa: PLC0415 - not for --from

    async with open_program(surroundings) as program:
        match options.command:
            case "login":
                return await account_commands.login(program, options, terminal)
            case "logout":
                return await account_commands.logout(program, options, terminal)
            case "accounts":
                return await account_commands.accounts(program, options, terminal)
            case "status" if options.uses_codex_login:
                usage, login = program.usage_by_codex_login()
                return _show_usage(program, await usage.fetch(), login.account, options, terminal)
            case "status":
                account = await _signed_in(program)
                snapshot = await program.usage.fetch()
                if not belongs_to(snapshot, account):
                    raise fail(FaultKind.ACCOUNT_CHANGED)
                return _show_usage(program, snapshot, account, options, terminal)
            case "diagnose":
                from app.diagnose_command import diagnose  # noqa: PLC0415 - only here

                return await diagnose(program, options, terminal)
            case "ask":
                from app.ask_command import ask  # noqa: PLC0415 - only for a question

                return await ask(program, options, terminal, lambda: _signed_in(program))
            case _:
                if not options.command:
                    terminal.message(words.message_line(words.no_display()))
                return await _watch(program, terminal)


# --- the commands --------------------------------------------------------------------------------


def _show_usage(
    program: Program,
    snapshot: UsageSnapshot,
    account: Account | None,
    options: Options,
    terminal: Terminal,
) -> int:
    told = account and account_commands.shown_front(program, account)
    snapshot = _shown(snapshot, program.surroundings.settings)
    return _show_status(snapshot, told, options, terminal)


def _shown(snapshot: UsageSnapshot, settings: Settings) -> UsageSnapshot:
    return shown_usage(snapshot) if settings.hide_identity else snapshot


def _show_status(
    snapshot: UsageSnapshot, account: Account | None, options: Options, terminal: Terminal
) -> int:
    if options.as_json:
        terminal.line(json.dumps(usage_report(snapshot, account, window_name), indent=2))
    else:
        zone, is_saved = local_zone(os.environ), bool(options.from_file)
        for line in words.status_lines(snapshot, account, wall(), zone, is_saved=is_saved):
            terminal.line(line)
    return ExitCode.LIMIT_REACHED if is_limit_reached(snapshot) else ExitCode.FINE


async def _watch(program: Program, terminal: Terminal) -> int:
    from app.usage.poller import Poller  # noqa: PLC0415 - only for watching
    from app.usage.schedule import waits_for_somebody  # noqa: PLC0415

    await _signed_in(program)
    ended: asyncio.Future[ExitCode] = asyncio.get_running_loop().create_future()

    def show(snapshot: UsageSnapshot) -> None:
        try:
            terminal.rewrite(words.watch_line(snapshot, wall(), local_zone(os.environ)))
        except BrokenPipeError:
            terminal.give_up_output()
            ended.set_result(ExitCode.OUTPUT_CLOSED)

    def tell(fault: Fault) -> None:
        _tell(fault, terminal)
        if waits_for_somebody(fault) and not ended.done():
            ended.set_result(exit_code_of(fault.kind))

    poller = Poller(
        program.usage.fetch,
        settings=lambda: program.surroundings.settings,
        on_snapshot=show,
        on_fault=tell,
        account=lambda: program.account,
    )
    async with asyncio.TaskGroup() as group:
        polling = group.create_task(poller.run())
        code = await ended
        polling.cancel()
    return code


# --- what they share -----------------------------------------------------------------------------


async def _signed_in(program: Program) -> Account:
    """The stored sign-in; the demo signs in by itself. Raises NOT_SIGNED_IN or KEYRING_…."""
    account = await program.accounts.restore(unlock=account_commands.may_prompt())
    if account is None and program.surroundings.signs_in_by_itself:
        account = await program.sign_in(program.wish(program.surroundings.settings))
    if account is None:
        raise fail(FaultKind.NOT_SIGNED_IN)
    return account


def _tell(fault: Fault, terminal: Terminal) -> None:
    """One line about what went wrong, with the technical detail behind it."""
    if terminal.hides_identity:
        fault = shown_fault(fault)
    told = describe(fault, wall(), local_zone(os.environ))
    if fault.kind in (FaultKind.NOT_SIGNED_IN, FaultKind.SESSION_EXPIRED):
        told = replace(told, action=words.how_to_sign_in())
    text = told.one_line
    terminal.message(words.message_line(f"{text} [{fault.detail}]" if fault.detail else text))
