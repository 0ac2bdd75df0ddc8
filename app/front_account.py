"""Who is in front: whatever takes how long, the newest wish of the person decides.

Whoever had to go stays until nothing of theirs is under way, or, where no keyring took the
sign-in, with the backlog.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.account_clients import AccountClients, ClientSource
from app.account_list import AccountList
from app.keyring_backlog import KeyringBacklog


class FrontAccount:
    """Wishes are numbers: to sign in, to switch, to sign out. `fulfilled` is the one of them that
    decided who is in front; what needs no wish, as a restored session, comes under that one."""

    def __init__(self, source: ClientSource, listed: AccountList, backlog: KeyringBacklog) -> None:
        self._source = source
        self._listed = listed
        self._backlog = backlog
        self._wishes = 0  # made by the person so far
        self._left: list[AccountClients] = []  # to be closed
        self.fulfilled = 0
        self.clients = source.of_nobody()

    @property
    def left(self) -> tuple[AccountClients, ...]:
        """Clients that are in front no longer, and not closed yet."""
        return tuple(self._left)

    def new_wish(self) -> int:
        """The number of a person's wish."""
        self._wishes += 1
        return self._wishes

    def bring(self, clients: AccountClients, wish: int) -> None:
        """Put these clients in front, unless a newer wish than `wish` was quicker."""
        if wish < self.fulfilled:
            self._put_away(clients)
            return
        self.fulfilled = wish
        before, self.clients = self.clients, clients
        self._left = [one for one in self._left if one is not clients]
        if clients.known is not None:
            self._backlog.aside.pop(clients.key, None)
            self._listed.put(clients.known)
        self._put_away(before)

    def leave(self) -> AccountClients:
        """Nobody is in front from now on, and that is a wish; the clients until now."""
        self.fulfilled = self.new_wish()
        left, self.clients = self.clients, self._source.of_nobody()
        self._listed.drop(left.key)
        return left

    def let_go(self, clients: Iterable[AccountClients]) -> None:
        """These are of no more use, and to be closed with the next occasion."""
        self._left += clients

    async def end_replaced(self) -> None:
        """End at the service what sign-ins replaced, and close what is no longer in use."""
        await self.clients.session.end_replaced()
        while self._left:
            clients = self._left[-1]
            await clients.session.end_replaced()
            if clients in self._left:  # else it was brought to the front again
                await clients.close()
                self._left.remove(clients)  # not before: an end in between closes it as well

    def _put_away(self, clients: AccountClients) -> None:
        """They are not in front: they are kept if their tokens are not, else to be closed."""
        if clients.http is self.clients.http:
            return
        if clients.session.is_saved:
            self._left.append(clients)
        else:
            self._backlog.aside[clients.key] = clients
