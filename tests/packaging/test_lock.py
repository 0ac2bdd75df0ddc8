"""The lock files: complete, checked by hash, without an address, and in step with pyproject."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
USES = ("run", "test", "dev")


@cache
def text_of(use: str) -> str:
    return (CHECKOUT / "requirements" / f"{use}.txt").read_text("utf-8")


def entries(use: str) -> list[tuple[Requirement, list[str]]]:
    """Each pinned requirement with its hashes."""
    joined = text_of(use).replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [
        (Requirement(line.partition("--hash")[0].strip()), re.findall(r"--hash=(\S+)", line))
        for line in lines
    ]


def project() -> dict[str, Any]:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))


def wanted(use: str) -> list[Requirement]:
    """What pyproject asks for directly, for `use`."""
    content = project()
    lines = list(content["project"]["dependencies"])
    for extra in content["project"]["optional-dependencies"].values():
        lines += extra
    for name in USES[1 : USES.index(use) + 1]:
        lines += [line for line in content["dependency-groups"][name] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


def environment(python: str, system: str) -> dict[str, str]:
    """A marker environment as on `system` ("linux", "win32", "darwin")."""
    return {
        **{name: str(value) for name, value in default_environment().items()},
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[system],
    }


def applies(requirement: Requirement, where: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(where)


@pytest.mark.parametrize("use", USES)
def test_a_lock_names_no_address_and_no_folder(use: str) -> None:
    text = text_of(use)

    assert "://" not in text
    assert not re.search(r"--(?:index|extra-index|find-links|trusted-host)", text)
    assert not re.search(r"(?<![\w.])/[a-z]+/", text)
    assert "python3 packaging/dev.py lock" in text


@pytest.mark.parametrize("use", USES)
def test_every_requirement_is_pinned_and_hashed(use: str) -> None:
    for requirement, hashes in entries(use):
        assert re.fullmatch(r"==[\w.+!]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_the_lock_answers_pyproject(use: str, python: str, system: str) -> None:
    where = environment(python, system)
    pinned = {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement, _ in entries(use)
        if applies(requirement, where)
    }
    unmet = [
        str(requirement)
        for requirement in wanted(use)
        if applies(requirement, where)
        and not requirement.specifier.contains(
            pinned.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    ]

    assert not unmet, "run: python3 packaging/dev.py lock"


@pytest.mark.parametrize(("python", "qt"), [("3.11", "6.11"), ("3.12", "6.12"), ("3.13", "6.12")])
def test_each_python_gets_the_qt_that_runs_on_it(python: str, qt: str) -> None:
    """A1: PySide6 6.12 aborts on CPython 3.11."""
    versions = [
        str(requirement.specifier)
        for requirement, _ in entries("run")
        if requirement.name == "pyside6-essentials"
        and applies(requirement, environment(python, "linux"))
    ]

    assert len(versions) == 1
    assert versions[0].startswith(f"=={qt}.")


def test_the_wider_lock_repeats_the_narrower_one() -> None:
    """So that an environment made to run the program can grow into one that tests it."""
    for narrow, wide in (("run", "test"), ("test", "dev")):
        pins = {(r.name, str(r.specifier)) for r, _ in entries(wide)}
        assert {(r.name, str(r.specifier)) for r, _ in entries(narrow)} <= pins


def test_binary_packages_are_hashed_for_every_system() -> None:
    """Five wheels each: Linux and Windows on two processors, macOS for both at once."""
    hashes = {
        str(requirement): len(values)
        for requirement, values in entries("run")
        if requirement.name in {"pyside6-essentials", "pyside6-webengine", "shiboken6"}
    }

    assert hashes
    assert min(hashes.values()) >= 5


def test_the_judges_are_pinned_and_hashed_and_name_no_address() -> None:
    """npm asks the registry it is set up for, and takes what the sum fits."""
    folder = CHECKOUT / "tests" / "judges"
    manifest = json.loads((folder / "package.json").read_text("utf-8"))
    text = (folder / "package-lock.json").read_text("utf-8")
    lock = json.loads(text)["packages"]
    root = lock.pop("")

    assert "://" not in text
    assert root["dependencies"] == manifest["dependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in manifest["dependencies"].values())
    assert lock
    for package in lock.values():
        kind, _, value = package["integrity"].partition("-")
        assert kind == "sha512"
        assert len(base64.b64decode(value)) == 64
        assert "hasInstallScript" not in package
