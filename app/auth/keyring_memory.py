"""Remembers which keyring holds the sign-in, so that another one is not mistaken for empty.

Names such as `gnome-keyring-d`, one per entry of the keyring.
"""

from __future__ import annotations

from app.auth.private_names import PrivateNames


class KeyringMemory(PrivateNames):
    """The names by entry."""

    def recall(self, entry: str) -> str:
        """The keyring that was last written to; "" if it is not known."""
        return self.get(entry)

    def note(self, entry: str, keyring: str) -> None:
        """`keyring` holds the entry now; "" says that none does."""
        self.put(entry, keyring)
