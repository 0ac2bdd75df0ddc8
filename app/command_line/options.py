"""The words behind `tidegauge`, parsed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from app import COMMAND, VERSION
from app.auth.ways import Way
from app.command_line.chats_options import AddAction, add_chats
from app.command_line.exit_codes import ExitCode
from app.settings import DECLARATIONS
from app.values import dataclass
from app.wording import autostart as autostart_words
from app.wording import chats_command as chats_words
from app.wording import config_command as config_words
from app.wording import diagnosis as diagnosis_words
from app.wording import erasure as erasure_words
from app.wording import history_command as history_words
from app.wording import terminal as words
from app.wording.joining import sentences
from app.wording.startup import help_force, help_wishes
from app.wording.usage_errors import in_our_words

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
    # Where the parser takes its sentences from: the name it knows gettext by.
    argparse._ = in_our_words  # type: ignore[attr-defined]
    parser = _Parser(
        prog=COMMAND,
        description=words.description(),
        epilog=sentences(words.help_commands(), words.exit_codes()),
        formatter_class=_Formatter,
        add_help=False,
    )
    options = _option_group(parser)
    version = f"{COMMAND} {VERSION}"
    options.add_argument("--version", action="version", version=version, help=words.help_version())
    options.add_argument("--demo", action="store_true", help=words.help_demo())
    options.add_argument("--debug", action="store_true", help=words.help_debug())
    wishes = options.add_mutually_exclusive_group()
    for wish, explanation in help_wishes.items():
        wishes.add_argument(
            f"--{wish}", dest="wish", action="store_const", const=wish, help=explanation()
        )
    options.add_argument("--force", action=_OnlyToQuit, help=help_force())
    add_command = _adder(
        parser.add_subparsers(dest="command", title=words.commands_title(), metavar="COMMAND")
    )
    login = _option_group(add_command("login", words.help_login()))
    _add_ways(login)
    login.add_argument("--add", dest="adds", action="store_true", help=words.help_add())
    _add_forgetting(_option_group(add_command("logout", words.help_logout())))
    _add_accounts(add_command("accounts", words.help_accounts()))
    status = _option_group(add_command("status", words.help_status()))
    status.add_argument("--json", dest="as_json", action="store_true", help=words.help_json())
    status.add_argument("--from", dest="from_file", metavar="FILE", help=words.help_from())
    status.add_argument(
        "--codex", dest="uses_codex_login", action="store_true", help=words.help_codex()
    )
    _add_history(_option_group(add_command("history", history_words.help_history())))
    _add_chats(add_command("chats", chats_words.help_chats()))
    ask = add_command("ask", words.help_ask())
    arguments = ask.add_argument_group(words.arguments_title())
    arguments.add_argument("text", metavar="TEXT", nargs="?", default="", help=words.help_text())
    ask_options = _option_group(ask)
    ask_options.add_argument("--model", metavar="M", help=words.help_model())
    ask_options.add_argument("--effort", metavar="E", choices=_EFFORTS, help=words.help_effort())
    ask_options.add_argument("--json", dest="as_json", action="store_true", help=words.help_json())
    _option_group(add_command("watch", words.help_watch()))
    _add_autostart(add_command("autostart", autostart_words.help_autostart()))
    _add_config(add_command("config", config_words.help_config()))
    _add_diagnose(_option_group(add_command("diagnose", diagnosis_words.help_diagnose())))
    _add_erase(_option_group(add_command("erase", erasure_words.help_erase())))
    return parser


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


def _add_autostart(parser: argparse.ArgumentParser) -> None:
    """`autostart [on | off | status]`; alone it tells."""
    parser.add_argument_group(words.arguments_title()).add_argument(
        "action",
        metavar="ACTION",
        nargs="?",
        default="status",
        choices=("on", "off", "status"),
        help=autostart_words.help_action(),
    )
    _option_group(parser)


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
    _option_group(parser)
    add_action = _action_adder(parser, required=True)
    for name, explanation in (
        ("list", config_words.help_config_list()),
        ("get", config_words.help_config_get()),
        ("set", config_words.help_config_set()),
        ("reset", config_words.help_config_reset()),
    ):
        action = add_action(name, explanation)
        if name != "list":
            arguments = action.add_argument_group(words.arguments_title())
            arguments.add_argument("key", metavar="KEY", help=config_words.help_key())
            if name == "set":
                arguments.add_argument("value", metavar="VALUE", help=config_words.help_value())
        group = _option_group(action)
        if name == "list":
            group.add_argument(
                "--json", dest="as_json", action="store_true", help=words.help_json()
            )


def _add_chats(parser: argparse.ArgumentParser) -> None:
    add_chats(_option_group, parser, _action_adder(parser))


def _add_history(group: argparse._ArgumentGroup) -> None:
    """What to show, and in which form."""
    group.add_argument("--window", metavar="ID", help=history_words.help_window())
    group.add_argument("--since", metavar="TIME", help=history_words.help_since())
    group.add_argument("--account", metavar="KEY", help=history_words.help_account())
    forms = group.add_mutually_exclusive_group()
    forms.add_argument("--csv", dest="as_csv", action="store_true", help=history_words.help_csv())
    forms.add_argument("--json", dest="as_json", action="store_true", help=words.help_json())
    group.add_argument("--out", metavar="FILE", help=history_words.help_out())


def _add_forgetting(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--forget-history",
        dest="forgets_history",
        action="store_true",
        help=words.help_forget_history(),
    )


def _add_accounts(parser: argparse.ArgumentParser) -> None:
    """`accounts [list | switch WHO | remove WHO | add]`; alone it lists."""
    options = _option_group(parser)
    options.add_argument("--json", dest="as_json", action="store_true", help=words.help_json())
    add_action = _action_adder(parser)

    listing = _option_group(add_action("list", words.help_accounts_list()))
    # Given before the word, it must not be undone by the word's own default.
    listing.add_argument(
        "--json",
        dest="as_json",
        action="store_true",
        default=argparse.SUPPRESS,
        help=words.help_json(),
    )
    for name, explanation in (
        ("switch", words.help_accounts_switch()),
        ("remove", words.help_accounts_remove()),
    ):
        action = add_action(name, explanation)
        arguments = action.add_argument_group(words.arguments_title())
        arguments.add_argument("who", metavar="WHO", help=words.help_who())
        group = _option_group(action)
        if name == "remove":
            _add_forgetting(group)
    add = add_action("add", words.help_accounts_add())
    add.set_defaults(adds=True)
    _add_ways(_option_group(add))


def _action_adder(parser: argparse.ArgumentParser, *, required: bool = False) -> AddAction:
    """For a command whose first word says what to do."""
    title = words.commands_title()
    return _adder(
        parser.add_subparsers(
            dest="action", title=title, metavar="ACTION", parser_class=_Parser, required=required
        )
    )


def _adder(parsers: argparse._SubParsersAction[_Parser]) -> AddAction:
    def add(name: str, explanation: str) -> argparse.ArgumentParser:
        return parsers.add_parser(
            name,
            help=explanation,
            description=explanation,
            formatter_class=_Formatter,
            add_help=False,
        )

    return add


def _option_group(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """The titled group of a parser's options, --help in it already."""
    group = parser.add_argument_group(words.options_title())
    group.add_argument("-h", "--help", action="help", help=words.help_help())
    return group
