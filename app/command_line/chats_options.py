"""The words behind `tidegauge chats`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from app.wording import chats_command as chats
from app.wording import terminal as words

AddAction = Callable[[str, str], argparse.ArgumentParser]
GroupOf = Callable[[argparse.ArgumentParser], argparse._ArgumentGroup]


def add_chats(group_of: GroupOf, parser: argparse.ArgumentParser, add_action: AddAction) -> None:
    """`chats [list | show ID | export ID | delete ID]`; alone it lists.

    `group_of` gives a parser its titled group of options, `add_action` adds one action.
    """
    _add_account(group_of(parser))
    listing = group_of(add_action("list", chats.help_list()))
    _add_account(listing)
    listing.add_argument("--search", metavar="TEXT", help=chats.help_search())
    listing.add_argument("--json", dest="as_json", action="store_true", help=words.help_json())
    show = add_action("show", chats.help_show())
    _add_id(show)
    _add_account(group_of(show))
    export = add_action("export", chats.help_export())
    _add_id(export)
    options = group_of(export)
    _add_account(options)
    options.add_argument("--json", dest="as_json", action="store_true", help=words.help_json())
    options.add_argument("--out", metavar="FILE", help=chats.help_out())
    delete = add_action("delete", chats.help_delete())
    _add_id(delete, is_needed=False)
    options = group_of(delete)
    _add_account(options)
    options.add_argument("--all", dest="everything", action="store_true", help=chats.help_all())


def _add_id(parser: argparse.ArgumentParser, *, is_needed: bool = True) -> None:
    arguments = parser.add_argument_group(words.arguments_title())
    count = None if is_needed else "?"
    arguments.add_argument("who", metavar="ID", nargs=count, help=chats.help_id())


def _add_account(group: argparse._ArgumentGroup) -> None:
    # Given before the action's word, it must not be undone by the action's own default.
    group.add_argument(
        "--account", metavar="KEY", default=argparse.SUPPRESS, help=chats.help_account()
    )
