"""Label and description of every setting and of the sections. Pure.

Keys and sections are those declared in `app.settings`; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.settings import Declaration
from app.wording.language import phrase, tr
from app.wording.untrusted import clean

Phrase = Callable[[], str]

_SECTIONS: Mapping[str, Phrase] = {
    "account": phrase("Account"),
    "polling": phrase("Polling"),
    "gauges": phrase("Gauges"),
    "icon": phrase("Tray icon"),
    "warnings": phrase("Warnings"),
    "chat": phrase("Chat"),
    "network": phrase("Network"),
    "privacy": phrase("Privacy"),
    "startup": phrase("Start-up"),
    "updates": phrase("Updates"),
    "language": phrase("Language"),
    "appearance": phrase("Appearance"),
    "help": phrase("Help"),
}

_SETTINGS: Mapping[str, tuple[Phrase, Phrase]] = {
    "language": (
        phrase("Language"),
        phrase("Language of all windows and messages."),
    ),
    "colour_scheme": (
        phrase("Colours"),
        phrase("Light or dark windows, or as the system has it."),
    ),
    "contrast": (
        phrase("Contrast"),
        phrase("High contrast for windows and the icon, or as the system has it."),
    ),
    "clock": (
        phrase("Clock"),
        phrase("How times of day are written."),
    ),
    "motion": (
        phrase("Motion"),
        phrase("Whether gauges glide to a new value."),
    ),
    "hints": (
        phrase("Hints"),
        phrase(
            "Explain a window where it is not plain by itself, until you have seen it a few times."
        ),
    ),
    "gauge_shows": (
        phrase("Gauges show"),
        phrase("Whether numbers tell what is used or what is left."),
    ),
    "close_percent": (
        phrase("Close to the limit from"),
        phrase("Used percent from which gauges and icon turn amber."),
    ),
    "over_percent": (
        phrase("Nearly used up from"),
        phrase("Used percent from which gauges and icon turn red."),
    ),
    "warnings": (
        phrase("Warnings"),
        phrase("Notifications about limits, credits and the sign-in. Off: none at all."),
    ),
    "warn_thresholds": (
        phrase("A limit is filling up"),
        phrase("Warn once per window at each of the two levels below."),
    ),
    "warn_first_percent": (
        phrase("First warning at"),
        phrase("Used percent of a window."),
    ),
    "warn_second_percent": (
        phrase("Second warning at"),
        phrase("Used percent of a window."),
    ),
    "warn_exhausted": (
        phrase("A limit is reached"),
        phrase("Warn when nothing more can be used until a reset."),
    ),
    "warn_available": (
        phrase("A limit is available again"),
        phrase("Tell when a limit that had been reached can be used again."),
    ),
    "warn_runs_out": (
        phrase("A limit will run out early"),
        phrase("Warn once per window if, at the pace so far, it ends before its reset."),
    ),
    "warn_credits": (
        phrase("Credits are low"),
        phrase("Warn once when the balance falls below the amount below."),
    ),
    "warn_credits_below": (
        phrase("Credits are low below"),
        phrase("In credits, as the service counts them."),
    ),
    "warn_reset_credit": (
        phrase("A saved reset expires"),
        phrase("Warn once before a limit reset you may still redeem is lost."),
    ),
    "warn_reset_credit_days": (
        phrase("Warn of it before"),
        phrase("Days before a saved reset expires."),
    ),
    "warn_sign_in": (
        phrase("Signing in is needed"),
        phrase("Warn once when the sign-in ended and no numbers come any more."),
    ),
    "quiet_hours": (
        phrase("Quiet hours"),
        phrase("No warnings at these hours; what still matters is told afterwards at once."),
    ),
    "quiet_from_hour": (
        phrase("Quiet from"),
        phrase("Hour of the day, 0 to 23, on this computer's clock."),
    ),
    "quiet_to_hour": (
        phrase("Quiet until"),
        phrase("Hour of the day, 0 to 23, on this computer's clock."),
    ),
    "icon_style": (
        phrase("Style of the icon"),
        phrase("In colour, or in one colour with shapes that tell the same."),
    ),
    "icon_ground": (
        phrase("Panel behind the icon"),
        phrase("Choose the lightness of the panel if the icon is hard to see."),
    ),
    "icon_number": (
        phrase("Number in the icon"),
        phrase("The percent of the limit that binds, above two small bars."),
    ),
    "poll_active_s": (
        phrase("Ask while in use every"),
        phrase("Seconds between two requests while the numbers move."),
    ),
    "poll_idle_s": (
        phrase("Ask while idle every"),
        phrase("Seconds between two requests while nothing changes."),
    ),
    "keep_history": (
        phrase("Keep a history"),
        phrase("Store how the limits are used over time, on this computer only."),
    ),
    "history_days": (
        phrase("Keep the history for"),
        phrase("Days after which readings are deleted. 0: never."),
    ),
    "hide_identity": (
        phrase("Hide who is signed in"),
        phrase("No e-mail, plan or workspace anywhere, as for a shared screen or a picture."),
    ),
    "check_updates": (
        phrase("Look for a newer version"),
        phrase(
            "Asks the project's release page once a day, and tells. Nothing is downloaded or "
            "installed, and nothing about you is sent."
        ),
    ),
    "redirect_host": (
        phrase("Address the sign-in returns to"),
        phrase("Change it only if the sign-in page refuses the return address."),
    ),
    "client_profile": (
        phrase("Sign in as"),
        phrase("The client that a new sign-in is made with. A stored sign-in keeps its own."),
    ),
    "chat_model": (
        phrase("Model"),
        phrase("Name of the model to ask. Empty: the first one the service lists."),
    ),
    "chat_effort": (
        phrase("Reasoning effort"),
        phrase("How long the model thinks. More effort uses more of the limits."),
    ),
    "chat_verbosity": (
        phrase("Length of answers"),
        phrase("How much the model writes, where a model offers the choice."),
    ),
    "chat_environment": (
        phrase("Tell the model the date"),
        phrase("The date, the time zone and the operating system go with each question."),
    ),
    "chat_instructions": (
        phrase("Instructions"),
        phrase("Sent before every conversation. Empty: a short neutral one."),
    ),
    "keep_conversations": (
        phrase("Keep conversations"),
        phrase(
            "Store them on this computer only, not encrypted. Off: nothing new is stored; what "
            "is there can be deleted in the list."
        ),
    ),
    "conversation_days": (
        phrase("Keep conversations for"),
        phrase("Days after which a conversation nobody went on with is deleted. 0: never."),
    ),
    "chat_send_key": (
        phrase("Send with"),
        phrase("The other one of the two keys begins a new line. Ctrl+Enter always sends."),
    ),
    "chat_on_top": (
        phrase("Keep the chat on top"),
        phrase("The chat window stays above other windows, where the desktop allows it."),
    ),
    "chat_shortcut": (
        phrase("Open the chat by a key anywhere"),
        phrase(
            "Asks the desktop for a global shortcut and lets you choose the keys. Where it offers "
            "none, set a key that starts “tidegauge --chat” in the keyboard settings."
        ),
    ),
    "client_identity": (
        phrase("Introduce requests as"),
        phrase("The client name the chat gives to the service."),
    ),
    "proxy": (
        phrase("Proxy"),
        phrase(
            "“system” follows the system, “none” connects directly; or an address with http, "
            "https or socks5. The password in it goes to your keyring."
        ),
    ),
    "ca_file": (
        phrase("Own certificate authority"),
        phrase(
            "File with certificates (PEM) to trust beside the system's, where a company or a "
            "security program inspects the traffic. The sign-in window trusts them where the "
            "system allows it."
        ),
    ),
}

restore_defaults = phrase("Restore defaults…")
restore_question = phrase("Put all settings back?")
restore_text = phrase("Every setting gets its default again. Sign-ins and what is kept stay.")
restore_agree = phrase("Put back")
search = phrase("Search settings")
sections_name = phrase("Sections")
signed_in_as = phrase("Signed in")
not_signed_in = phrase("Nobody is signed in")


def nothing_found(query: str) -> str:
    """In place of the form."""
    return tr("No setting about “{query}”.").format(query=clean(query, limit=40))


def bounds(declaration: Declaration) -> str:
    """Below a number that was typed and cannot be taken."""
    return tr("Not taken: possible are {low} to {high}.").format(
        low=declaration.low, high=declaration.high
    )


def back_to_default(key: str) -> str:
    """The button beside a setting that is not as it came; what it does."""
    return tr("Back to default: {setting}").format(setting=setting_label(key))


def section_label(section: str) -> str:
    """The heading of a section of the settings window."""
    return _SECTIONS[section]()


def setting_label(key: str) -> str:
    """The name of a setting."""
    return _SETTINGS[key][0]()


def setting_description(key: str) -> str:
    """One sentence on what a setting does."""
    return _SETTINGS[key][1]()
