"""What the command line says: help, messages, the status table, the line of `watch`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.usage.limits import UsageSnapshot
from app.wording.accounts import (
    borrowed_mark,
    full_name,
    known_name,
    unremoved_mark,
    workspace,
)
from app.wording.allowances import (
    doubt_words,
    reached_words,
    reset_credits_expiry,
    reset_credits_title,
    reset_credits_words,
    spend_cap_title,
    spend_reset,
    spend_words,
)
from app.wording.columns import aligned
from app.wording.joining import clauses, sentences
from app.wording.language import phrase, tr
from app.wording.limits import (
    account_name,
    credits_title,
    credits_words,
    limit_reached,
    no_limit_reported,
    percent,
    percent_words,
    plan_name,
    reset_clock,
    resets_in,
    updated,
    window_name,
)
from app.wording.pace import outlook
from app.wording.times import clock_time, time_of_day
from app.wording.untrusted import clean

# --- help ----------------------------------------------------------------------------------------

description = phrase("How much of a ChatGPT plan's Codex limits is used, and when it comes back.")
help_commands = phrase("Without a command the tray icon starts.")
commands_title = phrase("Commands")
options_title = phrase("Options")
arguments_title = phrase("Arguments")
help_login = phrase("sign in with a browser and keep the sign-in in the keyring")
help_logout = phrase("sign out the account in use and remove its sign-in from the keyring")
help_status = phrase("show every limit, how much of it is used and when it resets")
help_ask = phrase("send a question and print the answer as it arrives")
help_watch = phrase("keep showing the limits, one line per poll, until interrupted")
help_no_browser = phrase(
    "do not open a browser; open the printed address anywhere on this computer"
)
help_device = phrase("show a code to be typed in on another device")
help_paste = phrase("open the printed address anywhere, then paste the address it ended on")
help_add = phrase("keep another account beside the stored one without asking")
help_borrow = phrase("do not sign in: read the limits with the Codex CLI's login")
help_accounts = phrase("show the accounts, choose one, add or remove one")
help_accounts_list = phrase("show the accounts; the one in use is marked")
help_accounts_switch = phrase("use another account from now on")
help_accounts_remove = phrase("sign an account out and remove it from the keyring")
help_accounts_add = phrase("sign in with one more account")
help_forget_history = phrase("also delete the history and conversations kept here")
help_who = phrase("number, e-mail address, workspace or key of the account")
help_json = phrase("print JSON for other programs")
help_from = phrase("read a saved usage reply instead of asking the service; - is standard input")
help_codex = phrase("use the Codex CLI's login, which is read and never changed")
help_text = phrase(
    "the question; without it, or as -, standard input. What is piped in beside it goes along"
)
help_model = phrase("the model to ask; without it the one in the settings, or the first on offer")
help_effort = phrase("how long the model thinks, as far as the model offers it: low, high …")
help_demo = phrase("run on a built-in stand-in for the service, without an account")
help_debug = phrase("log everything, and to the terminal as well")
help_version = phrase("print the version")
help_help = phrase("print this help")
exit_codes = phrase(
    "Exit codes: 0 fine, 1 anything else, 2 wrong usage, 3 not signed in, 4 service unreachable, "
    "5 limit reached, 6 reply not understood, 7 keyring not available, "
    "130 interrupted, 141 output closed, 143 terminated."
)


def usage_title() -> str:
    """Before the form of a command line; a full-width colon brings its space along."""
    title = tr("Usage:")
    return title if title.endswith("：") else f"{title} "


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
how_to_add = phrase("Nothing is changed. Use --add to keep that account as well.")
add_question = phrase("Add it? Type “yes” and press Enter; anything else leaves it out.")
add_question_hidden = phrase(
    "Add it? Type “yes”, or “show” to see who it is, and press Enter; anything else leaves it out."
)
somebody_signed_in = phrase("The sign-in worked. Who it is stays hidden, as the settings wish.")
sign_in_elsewhere = phrase("Another sign-in is under way in another window or terminal.")
end_other_question = phrase("End it? Type “yes” and press Enter; anything else leaves it alone.")
borrows_no_more = phrase("The Codex CLI's login is no longer used; it was not changed.")
waiting_for_sign_in = phrase("Waiting for the sign-in. Ctrl+C ends it.")
signed_out = phrase("Signed out.")
signed_out_untold = phrase(
    "Signed out here. The service could not be told; its side of the sign-in may last a while."
)
was_not_signed_in = phrase("Nobody was signed in.")
how_to_sign_in = phrase("Sign in with “tidegauge login”.")
not_saved = phrase("The sign-in could not be kept in the keyring, so it is lost again.")
empty_question = phrase("There is no question to send.")
reading_input = phrase("Reading standard input. Ctrl+C ends it.")
answer_differs = phrase("The service corrected its answer:")


def signed_in(account: Account) -> str:
    """Who is signed in now."""
    return tr("Signed in as {account}.").format(account=account_name(account))


def who_signed_in(new: Account, old: Account | None) -> str:
    """Who it is, before anything is stored: account, plan and workspace."""
    told = tr("This is {account}.").format(account=full_name(new))
    if old is None:
        return told
    other = tr("Signed in here until now: {account}.").format(account=full_name(old))
    return sentences(told, other)


def in_front(known: KnownAccount) -> str:
    """Whose limits are shown from now on."""
    return tr("The account in use is {account}.").format(account=known_name(known))


def no_such_account(text: str, found: int) -> str:
    """What somebody typed names no account, or several."""
    wanted = clean(text, limit=80)
    if found:
        return tr("“{text}” names several accounts; use the number.").format(text=wanted)
    return tr("No account is called “{text}”. See “tidegauge accounts”.").format(text=wanted)


def account_lines(
    accounts: Sequence[KnownAccount], front: str, unremoved: Sequence[KnownAccount] = ()
) -> list[str]:
    """The table of `tidegauge accounts`; the one in use has a star, `unremoved` come last."""
    marked = [(one, borrowed_mark() if one.is_borrowed else "") for one in accounts]
    marked += [(one, unremoved_mark()) for one in unremoved]
    return aligned(
        [
            [
                "*" if one.key == front else " ",
                str(number),
                account_name(one.account),
                plan_name(one.account.plan),
                workspace(one.account),
                mark,
            ]
            for number, (one, mark) in enumerate(marked, 1)
        ]
    )


def yes() -> frozenset[str]:
    """What counts as consent, casefolded: the word asked for, in both languages."""
    return frozenset({"yes", "y", tr("yes").casefold()})


def show() -> frozenset[str]:
    """What counts as the wish to see who it is, casefolded, in both languages."""
    return frozenset({"show", tr("show").casefold()})


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
            outlook(window, snapshot, server_now, zone, clock),
        ]
        for window in snapshot.windows
    ]
    rows += _allowances(snapshot, server_now, zone, clock, shows)
    lines = [_heading(snapshot, account)] if snapshot.plan or account or snapshot.email else []
    if not snapshot.windows and snapshot.spend_control is None:
        lines.append(no_limit_reported())
    lines += aligned(rows)
    reason = reached_words(snapshot.reached_type)
    if reason or snapshot.is_exhausted:
        lines.append(reason or limit_reached())
    if snapshot.is_doubtful:
        lines.append(doubt_words(snapshot.doubts))
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
    return f"{time}  {clauses(words) or no_limit_reported()}"


def _heading(snapshot: UsageSnapshot, account: Account | None) -> str:
    known = account or Account(snapshot.account_id, snapshot.user_id, snapshot.email, snapshot.plan)
    name, plan = account_name(known), plan_name(snapshot.plan or known.plan)
    return name if not plan or not known.email else f"{name} · {plan}"


def _allowances(
    snapshot: UsageSnapshot, server_now: datetime, zone: tzinfo, clock: str, shows: str
) -> list[list[str]]:
    """The rows below the windows: what there is of credits, spending cap and resets."""
    cap, held = snapshot.spend_control, snapshot.reset_credit_list
    rows = [
        [credits_title(), credits_words(snapshot.credits)],
        [
            spend_cap_title(),
            spend_words(cap, shows),
            spend_reset(cap, server_now, zone, clock),
        ],
        [
            reset_credits_title(),
            reset_credits_words(snapshot.reset_credits),
            reset_credits_expiry(held, server_now, zone, clock),
        ],
    ]
    return [row for row in rows if row[1]]
