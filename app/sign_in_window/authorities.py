"""The system's certificate authorities, for Linux: there the engine knows only its own (T-22).

A company's or a user's authority stands in the system's store or in the file that the settings
name, and the rest of this program trusts it; a certificate that the engine refuses for its issuer
alone is judged again with both. Elsewhere the engine asks the system itself, and nothing can be
added to what that says: Qt verifies no chain there.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from PySide6.QtNetwork import QSslCertificate, QSslConfiguration, QSslError, QSslSocket

from app.ca_file import UnusableCaFileError, read_ca_file


class Word(Enum):
    """What is to be said of a certificate's chain."""

    TRUSTED = auto()
    NOBODY = auto()  # but for its issuer nothing would be wrong with it
    WRONG = auto()  # or nothing can be said here


_OF_ISSUERS = frozenset(
    {
        QSslError.SslError.UnableToGetIssuerCertificate,
        QSslError.SslError.UnableToGetLocalIssuerCertificate,
        QSslError.SslError.UnableToVerifyFirstCertificate,
        QSslError.SslError.SelfSignedCertificate,
        QSslError.SslError.SelfSignedCertificateInChain,
        QSslError.SslError.CertificateUntrusted,
    }
)


def vouch_for(chain: Sequence[QSslCertificate], host: str, ca_file: str = "") -> Word:
    """Whether the system, or an authority in `ca_file`, trusts `chain` for `host`; the server's
    own certificate comes first."""
    if not chain or not sys.platform.startswith("linux") or not QSslSocket.supportsSsl():
        return Word.WRONG
    configuration = QSslConfiguration.defaultConfiguration()
    configuration.setCaCertificates([*_of_the_system(), *_of_the_settings(ca_file)])
    QSslConfiguration.setDefaultConfiguration(configuration)  # what `verify` asks
    objections = {error.error() for error in QSslCertificate.verify(list(chain), host)}
    if not objections:
        return Word.TRUSTED
    return Word.NOBODY if objections <= _OF_ISSUERS else Word.WRONG


def _of_the_system() -> list[QSslCertificate]:
    """Where OpenSSL looks, as for all other requests of the program."""
    paths = ssl.get_default_verify_paths()
    folder = Path(paths.capath or paths.openssl_capath)
    bundle = Path(paths.cafile) if paths.cafile else folder / "ca-certificates.crt"
    return QSslCertificate.fromPath(str(bundle)) if bundle.is_file() else []


def _of_the_settings(ca_file: str) -> list[QSslCertificate]:
    if not ca_file:
        return []
    try:
        return QSslCertificate.fromData(read_ca_file(ca_file).encode("ascii"))
    except UnusableCaFileError:
        return []  # the page's own refusal says enough
