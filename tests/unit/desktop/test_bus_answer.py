"""Whether a bus answers, asked of sockets that do, do not, and are not there."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from app.desktop.bus_answer import answers, system_bus_address


@pytest.mark.parametrize("kind", ["path", "abstract"])
async def test_a_bus_that_answers(short_folder: Path, kind: str) -> None:
    heard: list[bytes] = []

    async def bus(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(b"OK 1234\r\n")
        writer.close()

    name = f"{short_folder}/bus"
    server = await asyncio.start_unix_server(bus, "\0" + name if kind == "abstract" else name)
    async with server:
        assert await answers(f"tcp:host=x;unix:{kind}={name},guid=1")
    (line,) = heard
    assert line.startswith(b"\0AUTH EXTERNAL 3")
    assert line.endswith(b"\r\n")


async def test_a_bus_that_says_nothing(short_folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{short_folder}/bus")
        silent.listen()
        assert not await answers(f"unix:path={short_folder}/bus", 0.05)


@pytest.mark.parametrize("address", ["unix:path=/nowhere", "tcp:host=x", "unix:tmpdir=/x", ""])
async def test_a_bus_that_cannot_hang_this_way(address: str) -> None:
    assert await answers(address)


def test_where_the_system_bus_is() -> None:
    assert system_bus_address({"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/x"}) == "unix:path=/x"
    assert system_bus_address({}).startswith("unix:path=/run/")
