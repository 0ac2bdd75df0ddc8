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
from pathlib import Path

from PySide6.QtNetwork import QSslCertificate, QSslConfiguration, QSslSocket

from app.ca_file import UnusableCaFileError, read_ca_file


def vouch_for(chain: Sequence[QSslCertificate], host: str, ca_file: str = "") -> bool:
    """True if the system, or an authority in `ca_file`, trusts `chain` for `host`; the server's
    own certificate comes first."""
    if not sys.platform.startswith("linux") or not QSslSocket.supportsSsl():
        return False
    authorities = [*_of_the_system(), *_of_the_settings(ca_file)]
    if not chain or not authorities:
        return False
    configuration = QSslConfiguration.defaultConfiguration()
    configuration.setCaCertificates(authorities)
    QSslConfiguration.setDefaultConfiguration(configuration)  # what `verify` asks
    return not QSslCertificate.verify(list(chain), host)


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
