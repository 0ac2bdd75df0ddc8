"""Reading the kernel's socket tables."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from app.auth import socket_owners
from app.auth.socket_owners import (
    NOBODY,
    TableRow,
    own_uid,
    owner_of_connection,
    owner_of_port,
    read_table,
    user_name,
)

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:05AF 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 21 1
   1: 0100007F:C350 0100007F:05AF 01 00000000:00000000 00:00000000 00000000 65534        0 22 1
   2: broken
   3: 0100007F:C351 0100007F:05AF 01 00000000:00000000 00:00000000 00000000   who        0 22 1
   4: 0100007F:C352 0100007F:05AF 06 00000000:00000000 03:00000000 00000000     0        0 0 3
"""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone says who owns a socket")


def test_rows_are_read_and_broken_lines_left_out() -> None:
    assert list(read_table(TABLE)) == [
        TableRow("0100007F:05AF", "00000000:0000", "0A", 1000),
        TableRow("0100007F:C350", "0100007F:05AF", "01", 65534),
    ]
    assert list(read_table("")) == []


def test_a_user_has_a_name_or_a_number() -> None:
    assert user_name(2**31 - 7) == str(2**31 - 7)
    if sys.platform == "linux":
        assert user_name(0) == "root"


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_a_real_connection_and_a_real_listener_are_ours(
    family: socket.AddressFamily, host: str
) -> None:
    """T-01, T-02"""
    if sys.platform != "linux":
        assert owner_of_port(1) is None
        return
    with socket.socket(family) as listener:
        listener.bind((host, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection((host, port)) as near:
            owner = owner_of_connection(family, near.getsockname()[:2], (host, port))
            assert owner == own_uid() == os.getuid()
            assert owner_of_connection(family, (host, port), (host, 1)) == NOBODY
        assert owner_of_port(port) == os.getuid()
    assert owner_of_port(port) is None


@on_linux
@pytest.mark.parametrize("asks_kernel", [True, False])
def test_an_end_that_was_closed_has_no_owner(
    monkeypatch: pytest.MonkeyPatch, asks_kernel: bool
) -> None:
    """T-02: its last words can still be read; they count for nothing."""
    if not asks_kernel:
        monkeypatch.setattr(socket_owners, "_SOCK_DIAG", 31)  # no such protocol
    with socket.create_server(("127.0.0.1", 0)) as listener:
        far = listener.getsockname()
        near = socket.create_connection(far)
        place = near.getsockname()
        accepted, _ = listener.accept()
        with accepted:
            assert owner_of_connection(socket.AF_INET, place, far) == os.getuid()
            near.sendall(b"last words")
            near.close()
            assert owner_of_connection(socket.AF_INET, place, far) == NOBODY
            assert accepted.recv(100) == b"last words"


@on_linux
def test_without_kernel_and_tables_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_owners, "_SOCK_DIAG", 31)
    monkeypatch.setattr(socket_owners, "_TABLES", {socket.AF_INET: Path("/nowhere")})
    assert owner_of_connection(socket.AF_INET, ("127.0.0.1", 1), ("127.0.0.1", 2)) is None


@on_linux
def test_a_listener_is_not_taken_for_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = listener.getsockname()
        assert owner_of_connection(socket.AF_INET, near, ("127.0.0.1", 9)) == NOBODY
