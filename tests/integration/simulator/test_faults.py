"""Scripted faults, seen as bytes: what a client would really receive."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import pytest
from support.simulator import MakeSimulator, issue_tokens

from app.simulator import faults
from app.simulator.faults import Fault
from app.simulator.server import Simulator
from app.simulator.state import Pace

USAGE = "/backend-api/wham/usage"


class Wire:
    """One request on a raw socket, and everything that comes back."""

    def __init__(self, simulator: Simulator, path: str = USAGE) -> None:
        parts = urlsplit(simulator.url)
        headers = "".join(
            f"{name}: {value}\r\n" for name, value in issue_tokens(simulator).headers.items()
        )
        self.received = b""
        self.was_reset = False
        self.pieces: list[tuple[float, bytes]] = []
        start = time.monotonic()
        address = (parts.hostname or "", parts.port or 0)
        with socket.create_connection(address, timeout=10) as sock:
            sock.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\n{headers}\r\n".encode())
            try:
                while piece := sock.recv(65_536):
                    self.pieces.append((time.monotonic() - start, piece))
            except ConnectionResetError:
                self.was_reset = True
        self.received = b"".join(piece for _, piece in self.pieces)

    @property
    def head(self) -> str:
        return self.received.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return self.received.partition(b"\r\n\r\n")[2]


def get(simulator: Simulator, path: str = USAGE) -> httpx.Response:
    headers = issue_tokens(simulator).headers
    return httpx.get(f"{simulator.url}{path}", headers=headers, trust_env=False)


def collect(reply: httpx.Response, arrived: bytearray) -> None:
    for piece in reply.iter_raw():
        arrived += piece


def test_rules_apply_in_order_and_are_used_up(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, faults.refused(503, "down", retry_after="7"), times=2)
    simulator.faults.add("/other", faults.refused(418), times=None)
    first, second, third = get(simulator), get(simulator), get(simulator)
    assert (first.status_code, first.text, first.headers["retry-after"]) == (503, "down", "7")
    assert (second.status_code, third.status_code) == (503, 200)
    assert get(simulator, "/other").status_code == get(simulator, "/other").status_code == 418
    assert simulator.faults.pending == 1
    simulator.faults.clear()
    assert get(simulator, "/other").status_code == 404
    assert len(simulator.requests_to(USAGE)) == 3


def test_rules_can_wait_and_choose(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, faults.refused(500), skip=1)
    simulator.faults.add(USAGE, faults.refused(400), method="POST")
    simulator.faults.add(lambda request: request.query == "x=1", faults.refused(418))
    assert get(simulator).status_code == 200
    assert get(simulator).status_code == 500
    assert get(simulator).status_code == 200
    assert get(simulator, f"{USAGE}?x=1").status_code == 418
    assert get(simulator, f"{USAGE}?x=1").status_code == 200


def test_too_many_requests(simulator: Simulator) -> None:
    later = simulator.clock.http_date(30)
    for wish in (None, 2, later):
        simulator.faults.add(USAGE, faults.too_many_requests(wish))
        reply = get(simulator)
        assert reply.status_code == 429
        assert reply.headers.get("retry-after") == (None if wish is None else str(wish))
    assert parsedate_to_datetime(later).timestamp() > simulator.clock.now() + 25


def test_strangers_speaking(simulator: Simulator) -> None:
    for fault in (
        faults.html_page(),
        faults.redirect("http://portal.invalid/"),
        faults.blocked_by_gateway(),
        Fault(599),
    ):
        simulator.faults.add(USAGE, fault)
    portal, moved, gateway, odd = (get(simulator) for _ in range(4))
    assert portal.headers["content-type"].startswith("text/html")
    assert (moved.status_code, moved.headers["location"]) == (302, "http://portal.invalid/")
    assert (gateway.status_code, "cf-ray" in gateway.headers) == (403, True)
    assert odd.status_code == 599


def test_late_answer_is_the_usual_one(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, faults.late(0.2))
    start = time.monotonic()
    assert get(simulator).json()["plan_type"] == "plus"
    assert time.monotonic() - start >= 0.2


def test_drip(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b"abcdef", drip_bytes=2, drip_s=0.05))
    wire = Wire(simulator)
    assert wire.body == b"abcdef"
    assert len(wire.pieces) >= 3
    assert wire.pieces[-1][0] >= 0.1


@pytest.mark.parametrize("reset", [False, True])
def test_no_reply_at_all(simulator: Simulator, reset: bool) -> None:
    simulator.faults.add(USAGE, faults.no_reply(reset=reset))
    wire = Wire(simulator)
    assert (wire.received, wire.was_reset) == (b"", reset)
    assert simulator.disconnects == []


def test_body_shorter_than_announced(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b'{"a":1}', cut_after=3))
    simulator.faults.add(USAGE, Fault(body=b'{"a":1}', content_length=900))
    cut, lying = Wire(simulator), Wire(simulator)
    assert ("content-length: 7" in cut.head, cut.body) == (True, b'{"a')
    assert ("content-length: 900" in lying.head, lying.body) == (True, b'{"a":1}')


def test_chunks_without_an_end(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b"abcdef", framing="chunked", drip_bytes=4))
    simulator.faults.add(USAGE, Fault(body=b"abcdef", framing="chunked", cut_after=5))
    whole, cut = Wire(simulator), Wire(simulator)
    assert whole.body == b"4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n"
    assert cut.body == b"5\r\nabcde\r\n"


def test_end_of_connection_ends_the_body(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b"{}", framing="close"))
    wire = Wire(simulator)
    assert "content-length" not in wire.head
    assert "transfer-encoding" not in wire.head
    assert wire.body == b"{}"


def test_raw_bytes(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b"not HTTP at all", framing="raw"))
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    simulator.faults.add(USAGE, Fault(body=b"{}", prelude=interim * 2))
    assert Wire(simulator).received == b"not HTTP at all"
    assert Wire(simulator).received.startswith(interim * 2 + b"HTTP/1.1 200 OK\r\n")


def test_reset_inside_the_body(simulator: Simulator) -> None:
    fault = Fault(body=b"abcdef", drip_bytes=2, drip_s=0.05, cut_after=4, reset=True)
    simulator.faults.add(USAGE, fault)
    wire = Wire(simulator)
    assert wire.was_reset
    assert b"abcdef".startswith(wire.body)


def test_usual_answer_cut(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, faults.cut_answer(20))
    simulator.faults.add(USAGE, faults.cut_answer(20, reset=True))
    wire = Wire(simulator)
    assert len(wire.body) == 20
    assert wire.body.startswith(b'{"user_id"')
    assert not wire.was_reset
    assert Wire(simulator).was_reset
    assert get(simulator).status_code == 200


def test_streamed_answer_cut(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(pace=Pace(first_s=0, between_s=0.001))
    path = "/backend-api/codex/responses"
    simulator.faults.add(path, faults.cut_answer(3000))
    headers = {**issue_tokens(simulator).headers, "accept": "text/event-stream"}
    body = {"model": "gpt-5.5", "store": False, "stream": True, "instructions": "", "input": []}
    arrived = bytearray()
    with (
        httpx.Client(trust_env=False) as client,
        client.stream("POST", simulator.url + path, json=body, headers=headers) as reply,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        collect(reply, arrived)
    assert len(arrived) == 3000
    assert b"response.output_text.delta" in arrived
    assert simulator.disconnects == []


def test_stall_lasts_until_the_client_leaves(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b"abcdef", stall_after=3))
    with pytest.raises(httpx.ReadTimeout), httpx.Client(trust_env=False, timeout=0.2) as client:
        client.get(f"{simulator.url}{USAGE}")
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 1)


def test_leaving_during_a_delay(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, faults.late(60))
    simulator.faults.add(USAGE, Fault(delay_s=60))
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{simulator.url}{USAGE}", trust_env=False, timeout=0.1)
    assert simulator.wait_until(lambda: len(simulator.disconnects) == 2)


def test_truncated_gzip(simulator: Simulator) -> None:
    plain = b'{"plan_type":"plus"}' * 20
    simulator.faults.add(USAGE, faults.truncated_gzip(plain))
    wire = Wire(simulator)
    assert f"content-length: {len(wire.body)}" in wire.head
    with pytest.raises(EOFError):
        gzip.decompress(wire.body)


def test_gzip_bomb(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, faults.gzip_bomb((8 << 20) + 5))
    body = Wire(simulator).body
    assert len(body) < 20_000
    assert len(zlib.decompress(body, 31)) == (8 << 20) + 5


def test_endless_body(simulator: Simulator) -> None:
    simulator.faults.add(USAGE, Fault(body=b"x" * 1024, framing="close", repeat=10_000))
    assert len(Wire(simulator).body) == 10_240_000


def test_replay_and_malformed_events(simulator: Simulator) -> None:
    recorded = b'data: {"type":"response.completed","response":{"id":"r"}}\r\n'
    simulator.faults.add(USAGE, faults.replay(recorded))
    simulator.faults.add(USAGE, faults.malformed_events(3))
    replayed, malformed = get(simulator), get(simulator)
    assert replayed.content == recorded
    assert replayed.headers["content-type"] == "text/event-stream"
    assert malformed.text.count("{broken") == 3
    assert malformed.text.endswith("\n\n")
