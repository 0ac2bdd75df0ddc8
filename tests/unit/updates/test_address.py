"""Whether this build has an address for releases."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from app import PROJECT_URL, RELEASES_URL
from app.updates.address import VARIABLE, project_url, releases_url

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/tidegauge/latest.json",
        "https://releases.example.com/x",
        "https://tidegauge.example/x",
        "https://x.invalid/",
        "https://x.test/",
        "http://releases.tidegauge.io/x",
        "ftp://tidegauge.io/x",
        "https://user:word@tidegauge.io/x",
        "https://tidegauge.io:port/x",
        "https:///x",
        "https://tidegauge.io/a b",
        "https://tidegauge.io/\n",
        "https://潮.io/",
        "",
    ],
)
def test_a_placeholder_or_an_unsafe_address_is_none(address: str) -> None:
    assert releases_url({}, address) == ""
    assert project_url(address) == ""


@pytest.mark.parametrize(
    "address", ["https://tidegauge.io/latest.json", "http://127.0.0.1:8080/x", "https://[::1]/"]
)
def test_https_and_loopback_are_taken_as_they_are(address: str) -> None:
    assert releases_url({}, address) == address
    assert releases_url({VARIABLE: f" {address} "}) == address


def test_the_environment_comes_first() -> None:
    built_in = "https://tidegauge.io/latest.json"
    assert releases_url({VARIABLE: "https://mirror.io/x"}, built_in) == "https://mirror.io/x"
    assert releases_url({VARIABLE: ""}, built_in) == built_in
    assert releases_url({VARIABLE: "http://mirror.io/x"}, built_in) == ""


def test_what_packages_tell_is_the_same_address() -> None:
    """One place for the program, and no package that tells another one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    metainfo = ROOT / "packaging/linux/io.github.tidegauge.Tidegauge.metainfo.xml"
    (homepage,) = re.findall(r'<url type="homepage">(.*?)</url>', metainfo.read_text("utf-8"))
    (control,) = re.findall(
        r"^Homepage: (.*)$", (ROOT / "packaging/linux/deb-control.in").read_text("utf-8"), re.M
    )
    assert project["urls"]["Homepage"] == homepage == control == PROJECT_URL
    assert RELEASES_URL.startswith("https://")
