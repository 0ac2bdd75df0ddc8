"""What `tidegauge config` does beside the settings file for a proxy and for certificates."""

from __future__ import annotations

import sys
from contextlib import suppress

from app.auth.private_names import PrivateNames
from app.auth.proxy_password import ProxyPassword, keyring_entry
from app.ca_file import UnusableCaFileError, full_path, read_ca_file
from app.command_line.exit_codes import ExitCode
from app.command_line.loop import run_until_signal
from app.errors import AppError, FaultKind
from app.paths import Paths
from app.proxies import is_usable
from app.settings import Remark, RemarkKind
from app.wording.network_settings import ca_problem, remark_words


def checked(key: str, typed: str) -> str:
    """The value that `typed` means. Raises `ValueError` with words for one that cannot be used."""
    if key == "proxy" and not is_usable(typed):
        raise ValueError(remark_words(Remark(key, RemarkKind.ADDRESS_REFUSED)))
    if key != "ca_file" or not typed:
        return typed
    try:
        read_ca_file(full_path(typed))
    except UnusableCaFileError as error:
        raise ValueError(ca_problem(error.problem)) from None
    return full_path(typed)


class PasswordOfProxy:
    """The one in the keyring, changed as the settings are."""

    def __init__(self, paths: Paths) -> None:
        self._kept = ProxyPassword(keyring_entry(PrivateNames(paths.state / "keyring.json")))

    def keep(self, proxy: str, password: str) -> FaultKind | None:
        """Store what was typed with `proxy`; what stood in the way."""
        self._kept.hold(proxy, password)
        return self.tidy(proxy)

    def tidy(self, proxy: str) -> FaultKind | None:
        """Remove what belongs to another proxy; what stood in the way."""
        code = run_until_signal(self._settled(proxy))
        return self._kept.trouble if code == ExitCode.FINE else FaultKind.KEYRING_FAILED

    async def _settled(self, proxy: str) -> int:
        with suppress(AppError):  # `trouble` tells
            await self._kept.settle(proxy, unlock=sys.stdin is not None and sys.stdin.isatty())
        return ExitCode.FINE
