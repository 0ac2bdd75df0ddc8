"""How the set-up talks: short lines on stderr, so that stdout stays the program's own."""

from __future__ import annotations

import re
import sys


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


_CAUSES = (
    (
        r"No space left on device|ENOSPC|enough free space|Errno 28|WinError 112",
        "The disk is full.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hash Sum mismatch|EINTEGRITY",
        "A downloaded package differs from what the lock file expects; nothing was installed.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|certificate verif"
        r"|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER)|ERR_TLS",
        "The connection to the package index is not trusted: check the clock and certificates.",
    ),
    (
        r"NewConnectionError|Temporary failure|Name or service not known|getaddrinfo failed"
        r"|nodename nor servname|Network is unreachable|Could not resolve|Could not connect"
        r"|ConnectTimeout|ReadTimeout|timed out|Max retries exceeded|ProxyError"
        r"|Failed to fetch|from versions: none|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT",
        "The package index cannot be reached: check the network connection or proxy.",
    ),
    (r"Could not get lock|lock-frontend", "Another package manager is at work; wait for it."),
    (r"Permission denied|Errno 13|Access is denied|WinError 5", "Permission denied."),
)


def cause_of(output: str) -> str:
    """One sentence for what pip or apt reported, or an empty text if it is none we know."""
    return next((words for pattern, words in _CAUSES if re.search(pattern, output)), "")
