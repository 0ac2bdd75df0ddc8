"""`tidegauge status` as a process: tables, JSON, saved replies."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import pytest
from support.command_line import recorded, tidegauge
from support.simulator import MakeSimulator

from app.simulator.accounts import ANN
from app.simulator.server import Simulator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")


def test_status_with_the_codex_clis_login(simulator: Simulator, private_home: Path) -> None:
    """F-T27: no keyring is needed, and the file stays as it is."""
    file = private_home / "auth.json"
    ended = tidegauge(simulator.url, "status", "--codex", CODEX_HOME=str(private_home))
    assert (ended.code, "codex" in ended.err) == (3, True)
    file.write_text(json.dumps({"tokens": simulator.issue_tokens()}))
    before = file.read_bytes()
    ended = tidegauge(simulator.url, "status", "--codex", CODEX_HOME=str(private_home))
    assert (ended.code, ended.err) == (0, "")
    assert ANN.email in ended.out
    assert file.read_bytes() == before


def test_status_as_a_table(signed_in: Simulator) -> None:
    ended = tidegauge(signed_in.url, "status")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "ann@example.com · Plus"
    assert any(line.startswith("5-hour") and "86 % used" in line for line in lines)
    assert any(line.startswith("Weekly") and "31 % used" in line for line in lines)
    assert any(line.startswith("Credits") and "12.50" in line for line in lines)
    assert "\x1b" not in ended.out


def test_status_as_json(signed_in: Simulator) -> None:
    ended = tidegauge(signed_in.url, "status", "--json")
    assert (ended.code, ended.err) == (0, "")
    report = ended.json
    assert {"account", "plan", "windows", "credits", "fetched_at"} <= report.keys()
    assert report["account"]["email"] == "ann@example.com"
    assert report["plan"] == "plus"
    assert report["credits"]["balance"] == "12.50"
    assert datetime.fromisoformat(report["fetched_at"]).tzinfo is not None
    ids = [window["id"] for window in report["windows"]]
    assert ids[:3] == ["codex/18000", "codex/604800", "code_review/604800"]
    assert len(ids) == len(set(ids)) == 5
    session = report["windows"][0]
    assert session.keys() == {
        "id",
        "label",
        "used_percent",
        "used_percent_reported",
        "window_seconds",
        "resets_at",
        "resets_in_seconds",
        "is_sliding",
        "limit_id",
        "blocked_by",
    }
    assert report["binding_window"] == "codex/18000"
    assert [limit["id"] for limit in report["limits"]] == [
        "codex",
        "code_review",
        "codex_bengalfox",
    ]
    assert (report["source"], report["doubts"]) == ("poll", [])
    assert session["label"] == "5-hour"
    assert (session["used_percent"], session["used_percent_reported"]) == (86, 86)
    assert session["resets_in_seconds"] == pytest.approx(1.8 * 3600, abs=60)


def test_status_of_a_saved_reply_needs_nothing(tmp_path: Path) -> None:
    """No sign-in, no keyring, no request; the recorded example of the notes."""
    saved = tmp_path / "reply.json"
    saved.write_text(recorded("seed_example"), encoding="utf-8")
    nowhere = "http://127.0.0.1:9"
    ended = tidegauge(nowhere, "status", "--json", "--from", str(saved))
    assert (ended.code, ended.err) == (0, "")
    assert [w["resets_at"] for w in ended.json["windows"]] == [
        "2025-12-18T10:22:35Z",
        "2025-12-25T05:22:35Z",
        "2025-12-25T07:21:47Z",
    ]
    assert [w["resets_in_seconds"] for w in ended.json["windows"]] == [10_848, 597_648, 604_800]
    assert ended.json["fetched_at"] == "2025-12-18T07:21:47Z"
    piped = tidegauge(nowhere, "status", "--from", "-", given=recorded("seed_example"))
    assert piped.code == 0
    assert piped.out.splitlines()[-1] == "As of 18 Dec 2025 07:21"


def test_a_saved_reply_of_a_reached_limit_tells_by_its_code() -> None:
    given = recorded("limit_reached_100")
    ended = tidegauge("http://127.0.0.1:9", "status", "--json", "--from", "-", given=given)
    assert ended.code == 5
    assert ended.json["limit_reached"] is True


@pytest.mark.parametrize("given", ["", "{}", "<html>", "[" * 100_000, " " * (1 << 20) + "{}"])
def test_a_file_without_usage_is_not_understood(given: str) -> None:
    ended = tidegauge("http://127.0.0.1:9", "status", "--from", "-", given=given)
    assert (ended.code, ended.out) == (6, "")
    assert ended.err.count("\n") == 1


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    ended = tidegauge("http://127.0.0.1:9", "status", "--from", str(tmp_path / "none"))
    assert (ended.code, ended.out) == (2, "")
    assert "none" in ended.err


def test_hostile_texts_reach_no_terminal() -> None:
    """T-54, F-U08."""
    reply = json.loads(recorded("additional_one"))
    reply["plan_type"] = "\x1b]0;owned\x07\u202eplus"
    reply["additional_rate_limits"][0]["limit_name"] = "\x9b31mred\r\n"
    ended = tidegauge("http://127.0.0.1:9", "status", "--from", "-", given=json.dumps(reply))
    assert ended.code == 0
    assert not set(ended.out) & set("\x1b\x07\x9b\r\u202e")


@pytest.mark.usefixtures("keyring")
def test_chinese(make_simulator: MakeSimulator) -> None:
    given = recorded("seed_example")
    ended = tidegauge(
        "http://127.0.0.1:9", "status", "--from", "-", given=given, LC_ALL="zh_CN.UTF-8"
    )
    assert "每周" in ended.out
