"""An asynchronous method that waits at a gate, so that a test decides what happens meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest


class Held:
    """From now on `owner.name` waits for `gate`; `after`: with its work done already.

    `came`, `worked` and `went` count its calls; an open gate only counts them.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        owner: object,
        name: str,
        *,
        after: bool = False,
        is_open: bool = False,
    ) -> None:
        self.gate = asyncio.Event()
        self.came = self.worked = self.went = 0
        if is_open:
            self.gate.set()
        work = getattr(owner, name)

        async def held(*arguments: Any, **named: Any) -> Any:
            self.came += 1
            if not after:
                await self.gate.wait()
            result = await work(*arguments, **named)
            self.worked += 1
            if after:
                await self.gate.wait()
            self.went += 1
            return result

        monkeypatch.setattr(owner, name, held)
