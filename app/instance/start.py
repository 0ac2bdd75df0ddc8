"""Which tray program a start leads to: this one, or the one that runs already."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from app.errors import AppError
from app.file_lock import Claim
from app.instance.place import Instance, Place
from app.paths import Paths
from app.values import dataclass

_VERBS = {f"--{verb}": verb for verb in ("show", "toggle", "chat", "quit")}  # of messages.Verb
_FORCE = "--force"
_OTHERS = {"--demo", "--debug", "--autostarted", _FORCE}
_QUITTING_S = 5.0
# How the desktop hands a start the right to bring a window to the front.
_TOKEN_VARIABLES = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


@dataclass(frozen=True, slots=True)
class TrayStart:
    """A start of the tray program. `verb` is one of `messages.Verb`; "": the icon, no window.
    `is_forced`: the running program is to end without a question.
    """

    demo: bool = False
    debug: bool = False
    is_autostarted: bool = False
    verb: str = ""
    is_forced: bool = False


def tray_start(argv: Sequence[str]) -> TrayStart | None:
    """What `tidegauge ARGV` asks of the tray program; None if it is for the command line."""
    verbs = [_VERBS[word] for word in argv if word in _VERBS]
    if len(verbs) > 1 or not _OTHERS.union(_VERBS).issuperset(argv):
        return None
    if _FORCE in argv and verbs != ["quit"]:
        return None
    return TrayStart(
        "--demo" in argv,
        "--debug" in argv,
        "--autostarted" in argv,
        verbs[0] if verbs else "",
        _FORCE in argv,
    )


def take_place(start: TrayStart) -> Instance | int | None:
    """This start's own `Instance`, or the exit code if another program took it over.

    None where no lock can be had, as in a home that cannot be written: better two programs than
    none (F-D09). `--quit` never begins a program.
    """
    try:
        place = Place(Paths.of_user(os.environ), demo=start.demo)
        instance = place.take()
    except (AppError, OSError):
        return 0 if start.verb == "quit" else None
    if instance is None:
        return _hand_over(place, start, os.environ)
    if start.verb == "quit":  # nobody was there
        instance.close()
        return 0
    return instance


def _hand_over(place: Place, start: TrayStart, environment: Mapping[str, str]) -> int:
    from app.command_line.exit_codes import ExitCode  # noqa: PLC0415 - the icon waits for none
    from app.instance.client import Outcome, tell  # noqa: PLC0415
    from app.instance.messages import Message, Verb  # noqa: PLC0415
    from app.wording import startup  # noqa: PLC0415

    if start.is_autostarted:
        return ExitCode.FINE
    token = next((environment[name] for name in _TOKEN_VARIABLES if environment.get(name)), "")
    verb = Verb(start.verb) if start.verb else Verb.SHOW
    outcome = tell(place.socket, Message(verb, token, start.is_forced))
    if outcome is Outcome.ASKS:
        _say(startup.asks_first)
        return ExitCode.FAILED
    if outcome is not Outcome.TAKEN:
        _say(startup.not_answering)
        return ExitCode.FAILED
    if verb is Verb.QUIT and not _is_gone(place):
        _say(startup.not_answering)
        return ExitCode.FAILED
    return ExitCode.FINE


def say_no_display() -> int:
    """A session began that has none, or not yet; the exit code."""
    from app.command_line.exit_codes import ExitCode  # noqa: PLC0415 - seldom
    from app.wording import startup  # noqa: PLC0415

    _say(startup.display_unusable)
    return ExitCode.FAILED


def _is_gone(place: Place) -> bool:
    """Wait for the end, so that an update may begin when `--quit` returns; whether it came."""
    claim = Claim(place.lock, _QUITTING_S)
    is_gone = claim.take()
    claim.give_up()
    return is_gone


def _say(sentence: Callable[[], str]) -> None:
    speak_as_set()
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence()}\n")


def speak_as_set() -> None:
    """Before anything else is there: say the next sentences in the language of the settings."""
    from app import catalogues, settings_file  # noqa: PLC0415 - most starts say nothing

    settings = settings_file.peek(Paths.of_user(os.environ).settings_file)
    catalogues.activate(settings.language, os.environ)
