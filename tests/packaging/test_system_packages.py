"""The list of system packages, and what is said when they cannot be installed."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable

import console
import pytest
import system_packages


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """Stands in for dpkg, apt and sudo; returns the commands that ask them for something."""

    def pretend(*, installed: str = "", user: int = 1000, sudo: bool = False) -> list[list[str]]:
        asked: list[list[str]] = []

        def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
            asked.append(command)
            known = "\n".join(f"{name} installed" for name in installed.split())
            return subprocess.CompletedProcess(command, 0 if sudo or user == 0 else 1, known, "")

        programs = {"apt-get", "dpkg"} | ({"sudo"} if sudo else set())
        monkeypatch.delenv(system_packages.SKIP_VARIABLE, raising=False)
        monkeypatch.setattr(system_packages, "_distribution", lambda: "debian")
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(shutil, "which", lambda name: name if name in programs else None)
        monkeypatch.setattr(subprocess, "run", run)
        return asked

    return pretend


def everything() -> str:
    groups = system_packages.parse(system_packages.LIST.read_text("utf-8"), "3.11", "debian")
    return " ".join(need[-1] for group in groups.values() for need in group)


def test_a_line_may_name_the_same_thing_in_two_releases() -> None:
    text = "[run]\na | b  # why\n\n# only words\nc\n[venv]\npython{python}-venv\n"

    assert system_packages.parse(text, "3.12", "debian") == {
        "run": [("a", "b"), ("c",)],
        "venv": [("python3.12-venv",)],
    }


@pytest.mark.parametrize(("distribution", "need"), [("debian", "a"), ("ubuntu", "b")])
def test_a_line_may_hold_for_one_distribution(distribution: str, need: str) -> None:
    text = "[test]\na @debian\nb @ubuntu  # why\n"

    assert system_packages.parse(text, "3.12", distribution) == {"test": [(need,)]}


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ({"ID": "debian"}, "debian"),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "ubuntu"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "ubuntu"),
        ({"ID": "raspbian", "ID_LIKE": "debian"}, "debian"),
        (None, "debian"),
    ],
)
def test_relatives_are_known_by_their_parents(
    monkeypatch: pytest.MonkeyPatch, release: dict[str, str] | None, name: str
) -> None:
    def read() -> dict[str, str]:
        if release is None:
            raise OSError
        return release

    monkeypatch.setattr(platform, "freedesktop_os_release", read)

    assert system_packages._distribution() == name


def test_nothing_is_asked_of_apt_if_nothing_is_missing(
    system: Callable[..., list[list[str]]],
) -> None:
    asked = system(installed=everything(), user=0)

    system_packages.ensure(("run", "test"))

    assert [command[0] for command in asked] == ["dpkg-query"]


def test_only_what_is_missing_is_installed_and_named_first(
    system: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = system(installed=everything().replace(" libegl1 ", " "), user=0)

    system_packages.ensure(("run",))

    assert asked[-1][-3:] == ["libegl1", "-q", "--yes"]
    assert capsys.readouterr().err.startswith("System packages needed: libegl1\n")


def test_without_root_the_exact_command_is_said(system: Callable[..., list[list[str]]]) -> None:
    system(installed=everything().replace("libasound2 ", ""))

    with pytest.raises(console.SetupError) as caught:
        system_packages.ensure(("run",))

    assert (
        "sudo apt-get update && sudo apt-get satisfy --no-install-recommends"
        " 'libasound2t64 | libasound2'"
    ) in str(caught.value)


def test_sudo_is_used_where_it_asks_for_nothing(system: Callable[..., list[list[str]]]) -> None:
    asked = system(installed="", sudo=True)

    system_packages.ensure(("run",))

    assert asked[-1][:2] == ["sudo", "-n"]


def test_a_person_without_apt_is_left_to_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    system_packages.ensure(("run", "test"))

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", "disk is full"),
        ("NewConnectionError: Temporary failure in name resolution", "cannot be reached"),
        ("E: Failed to fetch x  Could not resolve 'deb'", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "differs from what the lock"),
        ("SSLError(SSLCertVerificationError(CERTIFICATE_VERIFY_FAILED))", "not trusted"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "Permission denied"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "Another package manager"),
        ("npm error code EINTEGRITY", "differs from what the lock"),
        ("npm error code EAI_AGAIN", "cannot be reached"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "not trusted"),
        ("something else", ""),
    ],
)
def test_a_known_cause_gets_a_sentence(output: str, words: str) -> None:
    sentence = console.cause_of(output)

    assert words in sentence
    assert bool(sentence) == bool(words)
