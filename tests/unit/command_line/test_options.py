"""The words behind `tidegauge`."""

from __future__ import annotations

import pytest

from app import VERSION
from app.auth.ways import Way
from app.command_line.options import COMMANDS, Options, parse_options


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("", Options()),
        ("--demo", Options(demo=True)),
        ("--debug", Options(debug=True)),
        ("login", Options("login")),
        ("login --no-browser", Options("login", opens_browser=False)),
        ("login --device", Options("login", way=Way.DEVICE)),
        ("login --paste --add", Options("login", way=Way.PASTE, adds=True)),
        ("login --codex", Options("login", way=Way.CODEX)),
        ("logout", Options("logout")),
        ("logout --forget-history", Options("logout", forgets_history=True)),
        ("accounts", Options("accounts")),
        ("accounts --json", Options("accounts", as_json=True)),
        ("accounts list", Options("accounts", action="list")),
        ("accounts list --json", Options("accounts", action="list", as_json=True)),
        ("accounts --json list", Options("accounts", action="list", as_json=True)),
        ("accounts switch 2", Options("accounts", action="switch", who="2")),
        (
            "accounts remove ann@example.com --forget-history",
            Options("accounts", action="remove", who="ann@example.com", forgets_history=True),
        ),
        ("accounts add", Options("accounts", action="add", adds=True)),
        ("accounts add --device", Options("accounts", action="add", adds=True, way=Way.DEVICE)),
        ("status", Options("status")),
        ("status --codex", Options("status", uses_codex_login=True)),
        ("status --json", Options("status", as_json=True)),
        ("status --from reply.json", Options("status", from_file="reply.json")),
        ("status --json --from -", Options("status", as_json=True, from_file="-")),
        ("ask", Options("ask")),
        ("ask -", Options("ask", text="-")),
        ("ask hello", Options("ask", text="hello")),
        ("ask hello --effort xhigh", Options("ask", text="hello", effort="xhigh")),
        ("ask hello --model m --json", Options("ask", text="hello", model="m", as_json=True)),
        ("ask --json --model m hello", Options("ask", text="hello", model="m", as_json=True)),
        ("chats", Options("chats")),
        ("chats list --search x", Options("chats", action="list", search="x")),
        ("chats --account k list", Options("chats", action="list", account="k")),
        ("chats show 12", Options("chats", action="show", who="12")),
        (
            "chats export 12 --json --out f",
            Options("chats", action="export", who="12", as_json=True, out="f"),
        ),
        ("chats delete 12", Options("chats", action="delete", who="12")),
        ("chats delete --all", Options("chats", action="delete", everything=True)),
        ("watch", Options("watch")),
        ("--demo watch", Options("watch", demo=True)),
    ],
)
def test_good_lines(line: str, options: Options) -> None:
    assert parse_options(line.split()) == options
    assert options.command in ("", *COMMANDS)


@pytest.mark.parametrize(
    "line",
    [
        "stat",
        "status --form x",
        "ask hello --effort huge",
        "ask a b",
        "status --from",
        "login --json",
        "accounts switch",
        "accounts rename x",
        "accounts add --device --paste",
        "--jsom",
        "watch x",
    ],
)
def test_wrong_lines_end_with_2_and_one_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_options(line.split())
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tidegauge: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("line", ["--help", *(f"{command} --help" for command in COMMANDS)])
def test_help(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_options(line.split())
    assert caught.value.code == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: tidegauge")
    assert out.count("Usage:") == 1
    assert err == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--version"])
    assert capsys.readouterr().out == f"tidegauge {VERSION}\n"
