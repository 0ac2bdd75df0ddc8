"""What the program is made of, as the installed packages tell it."""

from __future__ import annotations

import platform
import re
import tomllib
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

import app.components
from app.components import DIRECT, Component, bill, components, licence_texts

CHECKOUT = Path(__file__).parents[2]


class Package(Distribution):
    """An installed package made of values."""

    def __init__(self, name: str, headers: str = "", files: dict[str, str] | None = None) -> None:
        self._headers = f"Name: {name}\nVersion: 1.0\n{headers}"
        self._files = files or {}

    @property
    def metadata(self) -> Any:
        from email import message_from_string

        return message_from_string(self._headers)

    def read_text(self, filename: Any) -> str | None:
        return self._files.get(str(filename))

    def locate_file(self, path: Any) -> Any:
        return Path(path)

    @property
    def requires(self) -> list[str] | None:
        found: Message = self.metadata
        return found.get_all("Requires-Dist")


PACKAGES = {
    "First": Package(
        "First",
        "License-Expression: MIT\nLicense-File: LICENSE\nRequires-Dist: mid_part>=1\n"
        'Requires-Dist: extra-only; extra == "x"\nRequires-Dist: absent; sys_platform == "win32"\n',
        {"licenses/LICENSE": "MIT text"},
    ),
    "mid_part": Package(
        "mid-part",
        "License: a whole licence that goes on and on for far more than sixty characters of text\n"
        "Classifier: License :: OSI Approved :: BSD License\nLicense-File: COPYING\n"
        "License-File: NONE\nRequires-Dist: First\nRequires-Dist: Mid.Part\n",
        {"COPYING": "BSD text"},
    ),
    "Mid.Part": Package("never asked for twice"),
    "silent": Package("silent"),
    "modest": Package(
        "modest",
        "License-Expression: MIT\n",
        {
            "RECORD": "modest.py,,\nmodest-1.0.dist-info/licenses/LICENSE.md,sha256=x,3\n",
            "licenses/LICENSE.md": "modest text",
        },
    ),
    "PySide6-Essentials": Package("PySide6-Essentials", "License: LGPL-3.0-only OR GPL-3.0-only\n"),
}


def find(name: str) -> Distribution:
    if name not in PACKAGES:
        raise PackageNotFoundError(name)
    return PACKAGES[name]


def test_what_is_asked_for_and_what_that_needs_each_once() -> None:
    assert components(["First", "silent"], find) == (
        Component("First", "1.0", "MIT", ("MIT text",)),
        Component("mid-part", "1.0", "BSD License", ("BSD text",)),
        Component("silent", "1.0", ""),
    )


def test_every_text_stands_below_the_name_of_what_it_is_for() -> None:
    texts = licence_texts(components(["First"], find))

    assert texts.startswith("First 1.0\nMIT\n\nMIT text\n\nmid-part 1.0\nBSD License\n\nBSD text")


def test_a_licence_that_is_there_but_not_told_of_is_found() -> None:
    (modest,) = components(["modest"], find)

    assert modest.texts == ("modest text",)


def test_qt_which_lies_in_a_package_without_texts_brings_its_own() -> None:
    """The LGPL asks for its text, that of the GPL it refers to, and a way to replace Qt."""
    package, qt = components(["PySide6-Essentials"], find)

    assert package.texts == ()
    assert (qt.name, qt.version, qt.licence) == ("Qt", "1.0", "LGPL-3.0-only")
    note, lesser, general = qt.texts
    assert "You may replace them" in note
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser
    assert "GNU GENERAL PUBLIC LICENSE" in general


def test_the_python_of_a_bundle_is_named_with_its_licence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Python" not in {one.name for one in components(["silent"], find)}
    (tmp_path / "Python.txt").write_text("PSF text", "utf-8")
    monkeypatch.setattr(app.components, "resource", lambda _folder, name: tmp_path / name)

    python, _silent = components(["silent"], find)

    assert python == Component("Python", platform.python_version(), "PSF-2.0", ("PSF text",))


def test_the_roots_are_what_the_project_asks_for() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["embedded"], *extras["demo"]]

    assert {re.split(r"[><;= ]", one)[0] for one in wanted} == set(DIRECT)


def test_those_installed_here_tell_their_licences() -> None:
    made_of = components()

    assert {"httpx", "qasync", "keyring"} <= {one.name for one in made_of}
    assert all(one.licence for one in made_of)


def test_a_checkout_has_no_bill() -> None:
    assert bill() == ""
