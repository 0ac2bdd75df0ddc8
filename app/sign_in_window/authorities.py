"""The system's certificate authorities, for Linux: there the engine knows only its own (T-22).

A company's or a user's authority stands in the system's store, and the rest of this program
trusts it; a certificate that the engine refuses for its issuer alone is judged again with it.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtNetwork import QSslCertificate, QSslConfiguration, QSslSocket


def vouch_for(chain: Sequence[QSslCertificate], host: str) -> bool:
    """True if the system trusts `chain` (the server's own certificate first) for `host`."""
    if not sys.platform.startswith("linux") or not QSslSocket.supportsSsl():
        return False
    authorities = _of_the_system()
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
