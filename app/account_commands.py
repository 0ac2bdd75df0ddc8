"""`tidegauge login`, `logout` and `accounts`: who is signed in here, and who is in front."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app.auth.accounts import KnownAccount, history_key, meant_by
from app.auth.ways import Way
from app.command_line.exit_codes import ExitCode, exit_code_of
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.errors import AppError
from app.hidden_identity import shown_account
from app.wording import terminal as words

if TYPE_CHECKING:
    from app.auth.tokens import Account
    from app.program import Program


async def login(program: Program, options: Options, terminal: Terminal) -> int:
    """Sign in; another account is added beside those there are."""
    from app.command_line.sign_in_prompts import SignInPrompts  # noqa: PLC0415 - only here
    from app.program import Person  # noqa: PLC0415

    async def leave_to_the_person(_url: str) -> bool:
        return True

    with suppress(AppError):  # an entry that cannot be read is replaced unasked
        await program.accounts.restore(unlock=may_prompt())
    prompts = SignInPrompts(
        terminal, may_add=options.adds, hides_identity=program.surroundings.settings.hide_identity
    )
    open_url = None if options.opens_browser else leave_to_the_person
    person = Person(prompts.show, prompts.confirm, prompts.may_replace, prompts.pasted, open_url)
    wish = program.wish(program.surroundings.settings, options.way)
    try:
        account = await program.sign_in(wish, person)
    finally:
        await program.end_unused_sessions()
    if not program.session.is_saved:
        terminal.message(words.message_line(words.not_saved()))
        return ExitCode.NO_KEYRING
    if options.way is not Way.CODEX:
        terminal.message(words.signed_in(shown_front(program, account)))
    return ExitCode.FINE


async def logout(program: Program, options: Options, terminal: Terminal) -> int:
    """Sign out whoever is in front."""
    await _restore_to_remove(program)
    known = program.accounts.front.known or program.accounts.unreadable
    if known is None:
        terminal.message(words.was_not_signed_in())
        return ExitCode.FINE
    return await _remove(program, known, options, terminal)


async def accounts(program: Program, options: Options, terminal: Terminal) -> int:
    """List, switch, remove or add."""
    if options.action == "add":
        return await login(program, options, terminal)
    if options.action == "remove":
        await _restore_to_remove(program)
    else:
        await program.accounts.restore(unlock=may_prompt())
    if not options.action or options.action == "list":
        return _list(program, options, terminal)
    there = program.accounts.known
    if options.action == "remove":  # what is left of one that was removed, too
        there += program.accounts.backlog.unremoved
    found = meant_by(there, options.who)
    if len(found) != 1:
        terminal.message(words.message_line(words.no_such_account(options.who, len(found))))
        return ExitCode.WRONG_USAGE
    (known,) = found
    if options.action == "remove":
        return await _remove(program, known, options, terminal)
    if known.key != program.accounts.front.key:
        await program.accounts.switch(known.key, unlock=may_prompt())
    await program.accounts.choose(known.key)
    terminal.message(words.in_front(_shown(program, known)))
    return ExitCode.FINE


async def _restore_to_remove(program: Program) -> None:
    """A damaged entry is removed all the same; one that nobody can look at is not."""
    try:
        await program.accounts.restore(unlock=may_prompt())
    except AppError as error:
        if exit_code_of(error.fault.kind) is ExitCode.NO_KEYRING:
            raise


def shown_front(program: Program, account: Account) -> Account:
    """`account`, which is in front, as the settings let it be told."""
    if not program.surroundings.settings.hide_identity:
        return account
    return shown_account(program.accounts.front.key, program.accounts.known)


def may_prompt() -> bool:
    """Whether somebody sits at the terminal who can unlock a keyring (F-T17)."""
    return sys.stdin is not None and sys.stdin.isatty()


def _shown(program: Program, known: KnownAccount) -> KnownAccount:
    """`known`, as the settings let it be told."""
    if not program.surroundings.settings.hide_identity:
        return known
    accounts = program.accounts
    everybody = (*accounts.known, *accounts.backlog.unremoved)
    return replace(known, account=shown_account(known.key, everybody))


def _list(program: Program, options: Options, terminal: Terminal) -> int:
    front = program.accounts.front.key
    known = tuple(_shown(program, one) for one in program.accounts.known)
    left = tuple(_shown(program, one) for one in program.accounts.backlog.unremoved)
    if options.as_json:
        rows = [_row(number, one, front) for number, one in enumerate((*known, *left), 1)]
        for row in rows[len(known) :]:
            row["is_unremoved"] = True
        terminal.line(json.dumps({"accounts": rows}, indent=2))
        return ExitCode.FINE if known else ExitCode.NOT_SIGNED_IN
    for line in words.account_lines(known, front, left):
        terminal.line(line)
    if not known:
        terminal.message(words.was_not_signed_in())
    return ExitCode.FINE if known else ExitCode.NOT_SIGNED_IN


def _row(number: int, known: KnownAccount, front: str) -> dict[str, object]:
    account = known.account
    return {
        "number": number,
        "key": known.key,
        "email": account.email,
        "plan": account.plan,
        "account_id": account.account_id,
        "is_active": known.key == front,
        "is_borrowed": known.is_borrowed,
    }


async def _remove(
    program: Program, known: KnownAccount, options: Options, terminal: Terminal
) -> int:
    was_in_front = known.key == program.accounts.front.key
    if options.forgets_history:  # first: neither the keyring nor the service decides about it
        await program.history.forget(history_key(known))
        await program.conversations.delete_all(history_key(known))
    is_told = await program.accounts.remove(known.key, unlock=may_prompt())
    if known.is_borrowed:
        terminal.message(words.borrows_no_more())
    else:
        terminal.message(words.signed_out() if is_told else words.signed_out_untold())
    front = program.accounts.front.known
    if was_in_front and front is not None:
        terminal.message(words.in_front(_shown(program, front)))
    return ExitCode.FINE
