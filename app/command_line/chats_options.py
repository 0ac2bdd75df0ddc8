"""The words behind `tidegauge chats`."""

from __future__ import annotations

import argparse

from app.command_line.parsers import action_adder, add_json, argument_group, option_group
from app.wording import chats_command as chats


def add_chats(parser: argparse.ArgumentParser) -> None:
    """`chats [list | show ID | export ID | delete ID]`; alone it lists."""
    add_action = action_adder(parser)
    _add_account(option_group(parser))

    listing = option_group(add_action("list", chats.help_list()))
    _add_account(listing)
    listing.add_argument("--search", metavar="TEXT", help=chats.help_search())
    add_json(listing)
    show = add_action("show", chats.help_show())
    _add_id(show)
    _add_account(option_group(show))
    export = add_action("export", chats.help_export())
    _add_id(export)
    options = option_group(export)
    _add_account(options)
    add_json(options)
    options.add_argument("--out", metavar="FILE", help=chats.help_out())
    delete = add_action("delete", chats.help_delete())
    _add_id(delete, is_needed=False)
    options = option_group(delete)
    _add_account(options)
    options.add_argument("--all", dest="everything", action="store_true", help=chats.help_all())


def _add_id(parser: argparse.ArgumentParser, *, is_needed: bool = True) -> None:
    count = None if is_needed else "?"
    argument_group(parser).add_argument("who", metavar="ID", nargs=count, help=chats.help_id())


def _add_account(group: argparse._ArgumentGroup) -> None:
    # Given before the action's word, it must not be undone by the action's own default.
    group.add_argument(
        "--account", metavar="KEY", default=argparse.SUPPRESS, help=chats.help_account()
    )
