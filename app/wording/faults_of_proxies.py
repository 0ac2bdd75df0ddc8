"""Faults of proxies and of who vouches for a connection, in words. Pure."""

from __future__ import annotations

from typing import Literal, assert_never

from app.errors import Fault, FaultKind
from app.wording.fault_words import FaultWords, naming_host
from app.wording.language import tr

Proxied = Literal[
    FaultKind.PROXY,
    FaultKind.PROXY_ADDRESS,
    FaultKind.PROXY_UNREACHABLE,
    FaultKind.PROXY_STRANGE,
]
ProxySignIn = Literal[FaultKind.PROXY_SIGN_IN, FaultKind.PROXY_PASSWORD]
Vouching = Literal[FaultKind.UNKNOWN_AUTHORITY, FaultKind.CA_FILE]


def proxied(kind: Proxied, fault: Fault) -> FaultWords:
    """The proxy is not to be had, or does not do what it is for."""
    match kind:
        case FaultKind.PROXY:
            return FaultWords(
                tr("The proxy does not let the request through"),
                naming_host(
                    fault,
                    tr("{host} answered, but does not connect to the service."),
                    tr("It answered, but does not connect to the service."),
                ),
                tr("Ask whoever runs the proxy, or choose another under Settings, Network."),
            )
        case FaultKind.PROXY_ADDRESS:
            return FaultWords(
                tr("The address of the proxy cannot be used"),
                tr("So nothing is sent, not even without a proxy."),
                tr("Write it like {example} or {other}.").format(
                    example="http://proxy.example:8080", other="socks5://proxy.example:1080"
                ),
            )
        case FaultKind.PROXY_UNREACHABLE:
            return FaultWords(
                tr("The proxy cannot be reached"),
                naming_host(
                    fault,
                    tr("Nothing answers at {host}, and nothing is sent without it."),
                    tr("Nothing answers at its address, and nothing is sent without it."),
                ),
                tr("Start the proxy or the VPN it belongs to, or change it in Settings, Network."),
            )
        case FaultKind.PROXY_STRANGE:
            return FaultWords(
                tr("What answers is no such proxy"),
                naming_host(
                    fault,
                    tr("{host} does not answer as a proxy of this kind does."),
                    tr("It does not answer as a proxy of this kind does."),
                ),
                tr("Check address, port and kind ({kinds}) in Settings, Network.").format(
                    kinds="http, https, socks5"
                ),
            )
        case _:
            assert_never(kind)


def proxy_sign_in(kind: ProxySignIn, fault: Fault) -> FaultWords:
    """The proxy wants to know who uses it."""
    match kind:
        case FaultKind.PROXY_SIGN_IN:
            return FaultWords(
                tr("The proxy needs a sign-in"),
                naming_host(
                    fault,
                    tr("{host} wants a user name and a password, or others than it was given."),
                    tr("It wants a user name and a password, or others than it was given."),
                ),
                tr(
                    "Write them into the proxy's address under Settings, Network, as in "
                    "{example}. The password goes to your keyring."
                ).format(example="http://name:password@proxy.example:8080"),
            )
        case FaultKind.PROXY_PASSWORD:
            return FaultWords(
                tr("The password of the proxy is out of reach"),
                tr("It is in your keyring, which is locked or cannot be used now."),
                tr(
                    "Unlock the keyring, or write the proxy's address with its password once "
                    "more under Settings, Network."
                ),
            )
        case _:
            assert_never(kind)


def vouching(kind: Vouching, fault: Fault) -> FaultWords:
    """Nobody who is trusted here vouches for whoever answered."""
    match kind:
        case FaultKind.UNKNOWN_AUTHORITY:
            return FaultWords(
                tr("Connection not trusted"),
                naming_host(
                    fault,
                    tr("Nobody this computer trusts vouches for {host}, so nothing was sent."),
                    tr("Nobody this computer trusts vouches for the service; nothing was sent."),
                ),
                tr(
                    "If your company or a security program inspects the traffic, name its "
                    "certificate under Settings, Network, Own certificate authority. Else use "
                    "another network."
                ),
            )
        case FaultKind.CA_FILE:
            return FaultWords(
                tr("The own certificate authority cannot be used"),
                tr("The file that the settings name is missing or holds no certificates."),
                tr("Choose another file under Settings, Network, or leave the field empty."),
            )
        case _:
            assert_never(kind)
