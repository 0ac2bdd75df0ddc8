"""Names of things to press, read and fill in: tray, panel, chat, sign-in, windows. Pure.

Each name is a function to be called when it is shown, so that the language can change while
the program runs. Names that take values are ordinary functions below their group.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.wording.amounts import grouped
from app.wording.language import phrase, tr
from app.wording.times import elapsed
from app.wording.untrusted import clean

if TYPE_CHECKING:
    from app.chat.events import TokenUsage

# program and windows
product = phrase("Tidegauge")
panel_title = phrase("Tidegauge: limits")
chat_title = phrase("Chat")
settings_title = phrase("Settings")
sign_in_title = phrase("Sign in")

# menu of the tray icon, and the same commands elsewhere
open_panel = phrase("Open")
refresh_now = phrase("Refresh now")
refreshing = phrase("Refreshing…")
chat = phrase("Chat")
history = phrase("History")
settings = phrase("Settings")
sign_in = phrase("Sign in")
sign_out = phrase("Sign out")
sign_out_asking = phrase("Sign out…")
quit_program = phrase("Quit")

# buttons of every window
close = phrase("Close")
cancel = phrase("Cancel")
copy = phrase("Copy")
copied = phrase("Copied")
try_again = phrase("Try again")
details = phrase("Details")
hide_details = phrase("Hide details")

# tooltips and names for screen readers of what shows only a picture
refresh_tooltip = phrase("Ask the service for the numbers now")
settings_tooltip = phrase("Settings")
chat_tooltip = phrase("Ask a question; it counts against the same limits")
even_pace_tooltip = phrase("The mark shows where use would be if it were spent evenly")
other_limits_name = phrase("Other limits")
show_left = phrase("Show what is left")
show_used = phrase("Show what is used")
refresh_running = phrase("Asking the service…")
history_tooltip = phrase("Use over time, with resets and gaps")
warning_name = phrase("Warning")

# panel without numbers
starting = phrase("Starting…")
waiting_for_numbers = phrase("Waiting for the first numbers…")
signed_out_title = phrase("Not signed in")
signed_out_text = phrase("Sign in with your ChatGPT account to see its limits.")
expired_title = phrase("Sign in again")
expired_text = phrase("The service no longer accepts the stored sign-in.")
keyring_locked_title = phrase("Keyring locked")
keyring_locked_text = phrase("The sign-in is kept in your keyring. Unlock it to go on.")
unlock_keyring = phrase("Unlock keyring")
doubtful_note = phrase("This reading is not sure; asking again.")
partial_note = phrase("Part of the reply could not be read.")
demo_note = phrase("Demo: numbers from the built-in stand-in, not from an account.")

# no place for an icon, or for a window
no_tray_text = phrase(
    "This desktop shows no tray icons, so Tidegauge stays in this window. "
    "On GNOME, the extension “AppIndicator and KStatusNotifierItem Support” adds a tray."
)

# chat
ask_anything = phrase("Ask anything…")
enter_sends = phrase("Enter sends · Shift+Enter new line")
send = phrase("Send")
stop = phrase("Stop")
new_chat = phrase("New chat")
chat_empty_title = phrase("Ask anything")
chat_empty_text = phrase("Answers count against the same limits as Codex.")
chat_signed_out = phrase("Sign in to ask a question.")
thinking = phrase("Thinking…")
stopped = phrase("Stopped")
question_name = phrase("Your question")
answer_name = phrase("Answer")
transcript_name = phrase("Conversation")
message_name = phrase("Message")
copy_code = phrase("Copy")
copy_answer = phrase("Copy answer")
copy_conversation = phrase("Copy conversation")
service_default = phrase("service default")
open_link_title = phrase("Open this address?")
open_link = phrase("Open")
copy_address = phrase("Copy address")

# sign-in
waiting_for_browser = phrase("Waiting for the sign-in in your browser…")
browser_address_text = phrase("If no page opened, copy this address into a browser:")
sign_in_address_name = phrase("Sign-in address")
checking_sign_in = phrase("Checking the sign-in…")
signed_in = phrase("Signed in")


def thought_for(duration: timedelta) -> str:
    """Above an answer, once its first text came."""
    return tr("thought for {duration}").format(duration=elapsed(duration))


def model_and_effort(model: str, effort: str) -> str:
    """The chip in the chat's heading; empty values are the service's default."""
    name = clean(model) or service_default()
    return f"{name} · {clean(effort)}" if effort else name


def token_counts(usage: TokenUsage) -> str:
    """What one answer took: "312 in (256 cached) · 96 out (64 reasoning)"."""
    incoming = tr("{tokens} in").format(tokens=grouped(usage.input_tokens))
    if usage.cached_tokens:
        incoming = tr("{tokens} in ({cached} cached)").format(
            tokens=grouped(usage.input_tokens), cached=grouped(usage.cached_tokens)
        )
    outgoing = tr("{tokens} out").format(tokens=grouped(usage.output_tokens))
    if usage.reasoning_tokens:
        outgoing = tr("{tokens} out ({reasoning} reasoning)").format(
            tokens=grouped(usage.output_tokens), reasoning=grouped(usage.reasoning_tokens)
        )
    return f"{incoming} · {outgoing}"


def window_and_percent(name: str, percent: str) -> str:
    """A window's name and its percent, both already in words: "5-hour 78 %"."""
    return tr("{window} {percent}").format(window=name, percent=percent)


def image_placeholder(alternative_text: str) -> str:
    """Stands where an answer wanted to load a picture (T-51)."""
    text = clean(alternative_text, limit=80)
    return tr("[image: {text}]").format(text=text) if text else tr("[image]")
