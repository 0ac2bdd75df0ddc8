"""The words behind `tidegauge login`, `logout` and `accounts`."""

from __future__ import annotations

import argparse

from app.auth.ways import Way
from app.command_line.parsers import action_adder, add_json, argument_group, option_group
from app.wording import terminal as words


def add_login(parser: argparse.ArgumentParser) -> None:
    """One of the ways to sign in, and whether the account is one more."""
    login = option_group(parser)
    _add_ways(login)
    login.add_argument("--add", dest="adds", action="store_true", help=words.help_add())


def add_logout(parser: argparse.ArgumentParser) -> None:
    """Whether the history goes as well."""
    _add_forgetting(option_group(parser))


def add_accounts(parser: argparse.ArgumentParser) -> None:
    """`accounts [list | switch WHO | remove WHO | add]`; alone it lists."""
    add_json(option_group(parser))
    add_action = action_adder(parser)

    # Given before the word, it must not be undone by the word's own default.
    add_json(option_group(add_action("list", words.help_accounts_list())), argparse.SUPPRESS)
    switch = add_action("switch", words.help_accounts_switch())
    _add_who(switch)
    option_group(switch)
    remove = add_action("remove", words.help_accounts_remove())
    _add_who(remove)
    _add_forgetting(option_group(remove))
    add = add_action("add", words.help_accounts_add())
    add.set_defaults(adds=True)
    _add_ways(option_group(add))


def _add_ways(group: argparse._ArgumentGroup) -> None:
    """The ways to sign in at a terminal, one of which may be chosen."""
    ways = group.add_mutually_exclusive_group()
    ways.add_argument(
        "--no-browser", dest="opens_browser", action="store_false", help=words.help_no_browser()
    )
    for way, explanation in (
        (Way.DEVICE, words.help_device()),
        (Way.PASTE, words.help_paste()),
        (Way.CODEX, words.help_borrow()),
    ):
        ways.add_argument(
            f"--{way.value}", dest="way", action="store_const", const=way, help=explanation
        )


def _add_who(parser: argparse.ArgumentParser) -> None:
    argument_group(parser).add_argument("who", metavar="WHO", help=words.help_who())


def _add_forgetting(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--forget-history",
        dest="forgets_history",
        action="store_true",
        help=words.help_forget_history(),
    )
