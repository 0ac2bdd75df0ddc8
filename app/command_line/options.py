"""The words behind `tidegauge`, parsed: what was asked for, and every command's own words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from app import COMMAND, VERSION
from app.auth.ways import Way
from app.command_line.account_options import add_accounts, add_login, add_logout
from app.command_line.chats_options import add_chats
from app.command_line.parsers import (
    action_adder,
    add_json,
    argument_group,
    command_adder,
    option_group,
    program_parser,
)
from app.settings import DECLARATIONS
from app.values import dataclass
from app.wording import autostart as autostart_words
from app.wording import chats_command as chats_words
from app.wording import config_command as config_words
from app.wording import diagnosis as diagnosis_words
from app.wording import erasure as erasure_words
from app.wording import history_command as history_words
from app.wording import terminal as words
from app.wording.startup import help_force, help_wishes

COMMANDS = (
    "login",
    "logout",
    "accounts",
    "status",
    "history",
    "chats",
    "ask",
    "watch",
    "autostart",
    "config",
    "diagnose",
    "erase",
)
_EFFORTS = next(one.choices for one in DECLARATIONS if one.key == "chat_effort")[1:]


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for; `command` is empty for the tray program."""

    command: str = ""
    demo: bool = False
    debug: bool = False
    wish: str = ""  # of the tray program: here only for --help, see `instance.start`
    opens_browser: bool = True
    way: Way = Way.BROWSER
    adds: bool = False
    action: str = ""  # of `accounts`, `autostart`, `config` and `chats`
    who: str = ""
    forgets_history: bool = False
    as_json: bool = False
    from_file: str = ""
    uses_codex_login: bool = False
    as_csv: bool = False
    window: str = ""  # of `history`, as are the next three
    since: str = ""
    account: str = ""
    out: str = ""
    search: str = ""  # of `chats`, as is the next one
    everything: bool = False
    with_identity: bool = False  # of `diagnose`, as is the next one
    replay: str = ""
    agrees: bool = False  # of `erase`, as is the next one
    keeps_settings: bool = False
    key: str = ""  # of `config`, as is the next one
    value: str = ""
    text: str = ""
    model: str = ""
    effort: str = ""


class _OnlyToQuit(argparse.Action):
    """A start with `--quit` never comes here: see `instance.start`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        parser.error("--force")


def parse_options(argv: Sequence[str]) -> Options:
    """Options of a command line without the program's name.

    Ends the process like argparse does: `SystemExit(2)` for wrong usage, 0 after --help.
    """
    found = vars(_parser().parse_args(argv))
    return Options(**{name: value for name, value in found.items() if value is not None})


def _parser() -> argparse.ArgumentParser:
    parser = program_parser()
    _add_tray_options(option_group(parser))
    add_command = command_adder(parser)
    add_login(add_command("login", words.help_login()))
    add_logout(add_command("logout", words.help_logout()))
    add_accounts(add_command("accounts", words.help_accounts()))
    _add_status(option_group(add_command("status", words.help_status())))
    _add_history(option_group(add_command("history", history_words.help_history())))
    add_chats(add_command("chats", chats_words.help_chats()))
    _add_ask(add_command("ask", words.help_ask()))
    option_group(add_command("watch", words.help_watch()))
    _add_autostart(add_command("autostart", autostart_words.help_autostart()))
    _add_config(add_command("config", config_words.help_config()))
    _add_diagnose(option_group(add_command("diagnose", diagnosis_words.help_diagnose())))
    _add_erase(option_group(add_command("erase", erasure_words.help_erase())))
    return parser


def _add_tray_options(group: argparse._ArgumentGroup) -> None:
    version = f"{COMMAND} {VERSION}"
    group.add_argument("--version", action="version", version=version, help=words.help_version())
    group.add_argument("--demo", action="store_true", help=words.help_demo())
    group.add_argument("--debug", action="store_true", help=words.help_debug())
    wishes = group.add_mutually_exclusive_group()
    for wish, explanation in help_wishes.items():
        wishes.add_argument(
            f"--{wish}", dest="wish", action="store_const", const=wish, help=explanation()
        )
    group.add_argument("--force", action=_OnlyToQuit, help=help_force())


def _add_status(group: argparse._ArgumentGroup) -> None:
    add_json(group)
    group.add_argument("--from", dest="from_file", metavar="FILE", help=words.help_from())
    group.add_argument(
        "--codex", dest="uses_codex_login", action="store_true", help=words.help_codex()
    )


def _add_ask(parser: argparse.ArgumentParser) -> None:
    argument_group(parser).add_argument(
        "text", metavar="TEXT", nargs="?", default="", help=words.help_text()
    )
    group = option_group(parser)
    group.add_argument("--model", metavar="M", help=words.help_model())
    group.add_argument("--effort", metavar="E", choices=_EFFORTS, help=words.help_effort())
    add_json(group)


def _add_autostart(parser: argparse.ArgumentParser) -> None:
    """`autostart [on | off | status]`; alone it tells."""
    argument_group(parser).add_argument(
        "action",
        metavar="ACTION",
        nargs="?",
        default="status",
        choices=("on", "off", "status"),
        help=autostart_words.help_action(),
    )
    option_group(parser)


def _add_diagnose(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--with-identity", action="store_true", help=diagnosis_words.help_with_identity()
    )
    group.add_argument("--replay", metavar="FILE", help=diagnosis_words.help_replay())
    group.add_argument("--out", metavar="FILE", help=diagnosis_words.help_out())


def _add_erase(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--yes", dest="agrees", action="store_true", help=erasure_words.help_yes())
    group.add_argument(
        "--keep-settings",
        dest="keeps_settings",
        action="store_true",
        help=erasure_words.help_keep_settings(),
    )


def _add_config(parser: argparse.ArgumentParser) -> None:
    """`config list | get KEY | set KEY VALUE | reset KEY`."""
    option_group(parser)
    add_action = action_adder(parser, required=True)
    add_json(option_group(add_action("list", config_words.help_config_list())))
    for name, explanation in (
        ("get", config_words.help_config_get()),
        ("set", config_words.help_config_set()),
        ("reset", config_words.help_config_reset()),
    ):
        action = add_action(name, explanation)
        arguments = argument_group(action)
        arguments.add_argument("key", metavar="KEY", help=config_words.help_key())
        if name == "set":
            arguments.add_argument("value", metavar="VALUE", help=config_words.help_value())
        option_group(action)


def _add_history(group: argparse._ArgumentGroup) -> None:
    """What to show, and in which form."""
    group.add_argument("--window", metavar="ID", help=history_words.help_window())
    group.add_argument("--since", metavar="TIME", help=history_words.help_since())
    group.add_argument("--account", metavar="KEY", help=history_words.help_account())
    forms = group.add_mutually_exclusive_group()
    forms.add_argument("--csv", dest="as_csv", action="store_true", help=history_words.help_csv())
    add_json(forms)
    group.add_argument("--out", metavar="FILE", help=history_words.help_out())
