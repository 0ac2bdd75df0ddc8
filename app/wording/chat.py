"""Words inside an answer and around it that no other window uses. Pure."""

from __future__ import annotations

from datetime import timedelta

from app.chat.links import Link
from app.wording.language import phrase, tr
from app.wording.times import elapsed
from app.wording.untrusted import clean

copied_without_hidden = phrase("Hidden characters were left out of the copy.")
go_to_end = phrase("Go to the newest message")
show_formatted = phrase("Show formatted")
rest_not_shown = phrase(
    "The rest of this answer is too long to be shown. “Copy answer” copies all of it."
)
names_other_host = phrase("The text of the link names another place than the one it leads to.")
not_encrypted = phrase("The connection to this address is not encrypted.")
link_address_name = phrase("Address")
reasoning_name = phrase("Summary of the reasoning")
only_borrowed = phrase(
    "The Codex CLI's login is only read, to show its limits. Sign in to ask a question."
)
starting_up = phrase("Looking for your sign-in…")


def thinking_for(duration: timedelta) -> str:
    """While nothing of the answer has come yet, from the first second on."""
    return tr("Thinking… {duration}").format(duration=elapsed(duration))


def model_replaced(chosen: str, used: str) -> str:
    """Above an answer of another model than the chosen one, which the service does not have."""
    return tr("{chosen} is not available; {used} answers instead.").format(
        chosen=clean(chosen, limit=60), used=clean(used, limit=60)
    )


def answered_by(model: str, chosen: str) -> str:
    """Under an answer: the model that gave it, by the service's word; `chosen` as above or ""."""
    used = clean(model, limit=60)
    if not chosen:
        return used
    return tr("{used} · {chosen} is not available").format(
        used=used, chosen=clean(chosen, limit=60)
    )


def language_name(language: str) -> str:
    """The heading of a code block: the language as the answer names it."""
    return clean(language, limit=24)


def link_leads_to(link: Link) -> str:
    """The question before a link is opened, with its decoded host or mail address (T-53)."""
    if link.is_mail:
        return tr("This link writes a mail to {address}").format(address=clean(link.host, 80))
    return tr("This link leads to {host}").format(host=clean(link.host, 80))


def host_in_ascii(link: Link) -> str:
    """How an internationalised host is written in plain letters; empty if it has none."""
    if link.host_in_ascii == link.host:
        return ""
    return tr("In plain letters: {host}").format(host=clean(link.host_in_ascii, 120))


def time_left(duration: timedelta) -> str:
    """How long the sign-in page is still waited for."""
    return tr("{duration} left").format(duration=elapsed(duration))
