"""What the command line says: help, messages, the status table, the line of `watch`. Pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime, tzinfo

from app.auth.tokens import Account
from app.usage.limits import RateLimitWindow, UsageSnapshot
from app.usage.pace import pace_of
from app.wording.language import phrase, tr
from app.wording.limits import (
    account_name,
    credits_title,
    credits_words,
    limit_reached,
    no_limit_reported,
    pace_words,
    percent,
    percent_words,
    plan_name,
    reset_clock,
    resets_in,
    updated,
    window_name,
)
from app.wording.times import clock_time, time_of_day
from app.wording.untrusted import clean

# --- help ----------------------------------------------------------------------------------------

description = phrase("How much of a ChatGPT plan's Codex limits is used, and when it comes back.")
help_commands = phrase("Without a command the tray icon starts.")
usage_title = phrase("Usage: ")
commands_title = phrase("Commands")
options_title = phrase("Options")
arguments_title = phrase("Arguments")
help_login = phrase("sign in with a browser and keep the sign-in in the keyring")
help_logout = phrase("sign out and remove the sign-in from the keyring")
help_status = phrase("show every limit, how much of it is used and when it resets")
help_ask = phrase("send a question and print the answer as it arrives")
help_watch = phrase("keep showing the limits, one line per poll, until interrupted")
help_no_browser = phrase(
    "do not open a browser; open the printed address anywhere on this computer"
)
help_device = phrase("show a code to be typed in on another device")
help_paste = phrase("open the printed address anywhere, then paste the address it ended on")
help_replace = phrase("take the place of another account without asking")
help_json = phrase("print JSON for other programs")
help_from = phrase("read a saved usage reply instead of asking the service; - is standard input")
help_codex = phrase("use the Codex CLI's login, which is read and never changed")
help_text = phrase("the question; - is standard input")
help_model = phrase("the model to ask; without it the one in the settings, or the first on offer")
help_demo = phrase("run on a built-in stand-in for the service, without an account")
help_debug = phrase("log everything, and to the terminal as well")
help_version = phrase("print the version")
help_help = phrase("print this help")
exit_codes = phrase(
    "Exit codes: 0 fine, 1 anything else, 2 wrong usage, 3 not signed in, 4 service unreachable, "
    "5 limit reached, 6 reply not understood, 7 keyring not available, "
    "130 interrupted, 141 output closed, 143 terminated."
)

# --- messages ------------------------------------------------------------------------------------

no_display = phrase("No display found: the limits are shown here instead. Ctrl+C ends it.")
open_this_address = phrase("Open this address in a browser on this computer to sign in:")
open_on_any_device = phrase("Open this address on any device:")
enter_this_code = phrase("Sign in there and enter this code:")
open_anywhere = phrase("Open this address in a browser on any computer and sign in:")
paste_last_address = phrase(
    "The last page will not load. Copy its address from the browser, paste it here and press Enter:"
)
not_that_address = phrase(
    "That is not the address on which this sign-in ended. Copy all of it and paste it again:"
)
how_to_replace = phrase("Nothing is changed. Add --replace to sign in with that account.")
replace_question = phrase("Replace it? Type “yes” and press Enter; anything else keeps it.")
waiting_for_sign_in = phrase("Waiting for the sign-in. Ctrl+C ends it.")
signed_out = phrase("Signed out.")
signed_out_untold = phrase(
    "Signed out here. The service could not be told; its side of the sign-in may last a while."
)
was_not_signed_in = phrase("Nobody was signed in.")
how_to_sign_in = phrase("Sign in with “tidegauge login”.")
not_saved = phrase("The sign-in could not be kept in the keyring, so it is lost again.")
empty_question = phrase("There is no question to send.")
answer_differs = phrase("The service corrected its answer:")


def signed_in(account: Account) -> str:
    """Who is signed in now."""
    return tr("Signed in as {account}.").format(account=account_name(account))


def other_account(old: Account, new: Account) -> str:
    """Before another account takes the place of the stored one."""
    return tr("Signed in as {new}, but {old} is stored here.").format(
        new=account_name(new), old=account_name(old)
    )


def yes() -> frozenset[str]:
    """What counts as consent, casefolded: the word asked for, in both languages."""
    return frozenset({"yes", "y", tr("yes").casefold()})


def file_not_read(path: str, reason: str) -> str:
    """A file given on the command line cannot be read; `reason` is the system's word."""
    return tr("{path} cannot be read: {reason}").format(
        path=clean(path, limit=200), reason=clean(reason, limit=200)
    )


def wrong_usage(message: str, command: str) -> str:
    """The command line makes no sense; `message` is the parser's own."""
    return tr("{message}. See “{command} --help”.").format(
        message=clean(message, limit=300), command=command
    )


def message_line(text: str) -> str:
    """One message on the error stream, marked with the program's name."""
    return f"tidegauge: {text}"


# --- results -------------------------------------------------------------------------------------


def status_lines(
    snapshot: UsageSnapshot,
    account: Account | None,
    now: datetime,
    zone: tzinfo,
    *,
    clock: str = "system",
    shows: str = "used",
    is_saved: bool = False,
) -> list[str]:
    """The table of `tidegauge status`: whose, every window, credits, age. `now`: our clock.

    Of a saved reply everything is told as it was when the reply was written.
    """
    server_now = snapshot.server_now(snapshot.fetched_at if is_saved else now)
    rows = [
        [
            window_name(window, snapshot),
            percent_words(window.used_percent, shows),
            resets_in(window, server_now),
            reset_clock(window, snapshot.server_now(now), zone, clock),
            _pace(window, server_now, zone, clock),
        ]
        for window in snapshot.windows
    ]
    bought = credits_words(snapshot.credits)
    if bought:
        rows.append([credits_title(), bought])
    lines = [_heading(snapshot, account)] if snapshot.plan or account or snapshot.email else []
    lines += _aligned(rows) if snapshot.windows else [no_limit_reported(), *_aligned(rows)]
    if snapshot.is_exhausted:
        lines.append(limit_reached())
    if is_saved:
        written_at = clock_time(server_now, now, zone, clock)
        return [*lines, tr("As of {time}").format(time=written_at)]
    return [*lines, updated(now - snapshot.fetched_at)]


def watch_line(
    snapshot: UsageSnapshot, now: datetime, zone: tzinfo, *, clock: str = "system"
) -> str:
    """One compact line: the time of the reading, then each window. `now`: our clock."""
    server_now = snapshot.server_now(now)
    words = [
        tr("{window} {percent}, {reset}").format(
            window=window_name(window, snapshot),
            percent=percent(window.used_percent),
            reset=resets_in(window, server_now),
        )
        for window in snapshot.windows
    ]
    time = time_of_day(snapshot.fetched_at, zone, clock)
    return f"{time}  {'; '.join(words) or no_limit_reported()}"


def _heading(snapshot: UsageSnapshot, account: Account | None) -> str:
    known = account or Account(snapshot.account_id, snapshot.user_id, snapshot.email, snapshot.plan)
    name, plan = account_name(known), plan_name(snapshot.plan or known.plan)
    return name if not plan or not known.email else f"{name} · {plan}"


def _pace(window: RateLimitWindow, server_now: datetime, zone: tzinfo, clock: str) -> str:
    pace = pace_of(window, server_now)
    if pace is None:
        return ""
    return pace_words(pace.reserve_percent, pace.runs_out_at, server_now, zone, clock)


def _aligned(rows: list[list[str]]) -> list[str]:
    """Columns side by side; wide characters count twice, as terminals show them."""
    columns = max((len(row) for row in rows), default=0)
    widths = [max(_width(row[c]) for row in rows if c < len(row)) for c in range(columns)]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
