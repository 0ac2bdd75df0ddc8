"""Parsers of the command line: argparse, with titles, help and errors in the user's language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from app import COMMAND
from app.command_line.exit_codes import ExitCode
from app.wording import terminal as words
from app.wording.joining import sentences
from app.wording.usage_errors import in_our_words

# Adds a command, or an action of one, by its name and the line of help about it.
AddCommand = Callable[[str, str], argparse.ArgumentParser]


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        shown = words.usage_title() if prefix is None else prefix
        super().add_usage(usage, actions, groups, shown)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        text = words.wrong_usage(message, COMMAND)
        sys.stderr.write(f"{words.message_line(text)}\n")
        sys.exit(ExitCode.WRONG_USAGE)


def program_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line, still without options and commands."""
    # Where the parser takes its sentences from: the name it knows gettext by.
    argparse._ = in_our_words  # type: ignore[attr-defined]
    return _Parser(
        prog=COMMAND,
        description=words.description(),
        epilog=sentences(words.help_commands(), words.exit_codes()),
        formatter_class=_Formatter,
        add_help=False,
    )


def command_adder(parser: argparse.ArgumentParser) -> AddCommand:
    """For the program itself: its first word is a command."""
    return _adder(
        parser.add_subparsers(dest="command", title=words.commands_title(), metavar="COMMAND")
    )


def action_adder(parser: argparse.ArgumentParser, *, required: bool = False) -> AddCommand:
    """For a command whose own first word says what to do."""
    title = words.commands_title()
    return _adder(
        parser.add_subparsers(
            dest="action", title=title, metavar="ACTION", parser_class=_Parser, required=required
        )
    )


def _adder(parsers: argparse._SubParsersAction[Any]) -> AddCommand:
    def add(name: str, explanation: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = parsers.add_parser(
            name,
            help=explanation,
            description=explanation,
            formatter_class=_Formatter,
            add_help=False,
        )
        return added

    return add


def argument_group(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """The titled group of the words a parser expects in their places."""
    return parser.add_argument_group(words.arguments_title())


def option_group(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """The titled group of a parser's options, --help in it already."""
    group = parser.add_argument_group(words.options_title())
    group.add_argument("-h", "--help", action="help", help=words.help_help())
    return group


def add_json(group: argparse._ActionsContainer, default: object = False) -> None:
    """`--json`: an output that other programs read."""
    group.add_argument(
        "--json", dest="as_json", action="store_true", default=default, help=words.help_json()
    )
