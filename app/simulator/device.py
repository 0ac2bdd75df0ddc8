"""Device-code sign-in: the pending codes and what became of them."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from app.simulator.accounts import SimulatedAccount
from app.simulator.clock import SimulatedClock

CODE_S = 15 * 60.0
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, no look-alikes


@dataclass(slots=True)
class DeviceCode:
    """One pending device sign-in. The service itself makes the PKCE pair."""

    device_auth_id: str
    user_code: str
    client_id: str
    expires_at: float
    account: SimulatedAccount | None = None
    is_denied: bool = False
    is_spent: bool = False


class DeviceCodes:
    """Issues, approves and looks up device codes. Thread-safe."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: list[DeviceCode] = []
        self.is_enabled = True
        self.interval_s = 5

    def issue(self, client_id: str) -> DeviceCode:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(9))
        code = DeviceCode(
            device_auth_id=f"deviceauth_{secrets.token_hex(16)}",
            user_code=f"{letters[:4]}-{letters[4:]}",
            client_id=client_id,
            expires_at=self._clock.now() + CODE_S,
        )
        with self._lock:
            self._codes.append(code)
        return code

    def decide(self, user_code: str, account: SimulatedAccount | None) -> bool:
        """Allow for `account`, or deny (None). False: no such code is waiting."""
        wanted = user_code.strip().upper().replace("-", "").replace(" ", "")
        with self._lock:
            for code in self._codes:
                is_open = code.account is None and not code.is_denied
                if code.user_code.replace("-", "") == wanted and is_open and self.is_fresh(code):
                    code.account, code.is_denied = account, account is None
                    return True
            return False

    def find(self, device_auth_id: str, user_code: str) -> DeviceCode | None:
        with self._lock:
            for code in self._codes:
                if (code.device_auth_id, code.user_code) == (device_auth_id, user_code):
                    return code
            return None

    def is_fresh(self, code: DeviceCode) -> bool:
        return self._clock.now() < code.expires_at
