"""The list of what the program ships of others, held against the lock files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import bill
import bundle_licences
import pytest
from lock_file import Locked, foreign_modules, normal, read_lock

import app

CHECKOUT = Path(__file__).resolve().parents[2]
RUN = CHECKOUT / "requirements" / "run.txt"

# What may go into an MIT program that is passed on as a whole, with Qt as shared libraries.
FREE = {
    *("MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "MPL-2.0"),
    *("LGPL-3.0-only", "Python-2.0"),
}


@pytest.fixture(scope="module")
def listed() -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = bill.sbom()["components"]
    return components


def test_the_lock_is_read_line_by_line(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    one, two = "a" * 64, "b" * 64
    lock.write_text(
        f"# a comment\nfirst==1.0 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n"
        f"se_cond==2.0 ; sys_platform == 'linux' \\\n    --hash=sha256:{two}\n"
    )

    assert read_lock(lock) == [
        Locked("first", "1.0", "", (one, two)),
        Locked("se_cond", "2.0", "sys_platform == 'linux'", (two,)),
    ]


def test_every_line_of_the_lock_is_in_the_list(listed: list[dict[str, Any]]) -> None:
    told = {(one["name"], one["version"]) for one in listed}
    lines = re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", RUN.read_text("utf-8"))

    assert len(lines) > 30
    assert set(lines) == {one for one in told if one[0] not in ("Python", "Qt")}
    for component in listed:
        if component["purl"].startswith("pkg:pypi/"):
            (source,) = component["externalReferences"]
            assert source["hashes"]


def test_what_is_here_names_a_licence_that_may_be_passed_on(listed: list[dict[str, Any]]) -> None:
    required = [one for one in listed if one["scope"] == "required"]

    assert len(required) > 25
    for one in required:
        (licence,) = one["licenses"]
        assert FREE.intersection(re.split(r" OR | AND ", licence["expression"])), one["name"]


def test_the_list_is_the_same_each_time() -> None:
    document = bill.sbom()

    assert document == bill.sbom()
    assert document["bomFormat"] == "CycloneDX"
    assert document["metadata"]["component"]["version"] == app.VERSION
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["serialNumber"])
    references = [one["bom-ref"] for one in document["components"]]
    assert len(references) == len(set(references))


def test_the_libraries_of_a_bundle_are_listed_too(tmp_path: Path) -> None:
    index = tmp_path / "_internal" / "licences" / "system-libraries.json"
    index.parent.mkdir(parents=True)
    index.write_text(json.dumps({"libnss3": {"version": "2:3.87-1", "files": ["libnss3.so"]}}))

    (library,) = (one for one in bill.sbom(tmp_path)["components"] if one["name"] == "libnss3")

    assert library["purl"] == "pkg:deb/debian/libnss3@2%3A3.87-1"
    assert library["properties"] == [{"name": "tidegauge:file", "value": "libnss3.so"}]


def test_every_package_has_its_licence_in_full_or_says_where_it_is_used() -> None:
    text = bill.licences()
    installed = bill._installed(read_lock(RUN))

    for one in read_lock(RUN):
        written = one.name.replace("-", "[-_.]")
        if one.is_here:
            assert re.search(rf"(?im)^{written} {re.escape(one.version)}$", text), one.name
            name = normal(one.name)
            assert installed[name].texts or name.startswith(("pyside6", "shiboken6")), name
        else:
            assert re.search(rf"(?m)^{written} {re.escape(one.version)}, only where ", text)
    for title in ("GNU LESSER GENERAL PUBLIC LICENSE", "PYTHON SOFTWARE FOUNDATION LICENSE"):
        assert title in text


def test_modules_of_the_tools_are_foreign_and_those_of_the_lock_are_not() -> None:
    foreign = set(foreign_modules(read_lock(RUN)))

    assert {"pytest", "hypothesis", "PIL"} <= foreign
    assert not {"httpx", "PySide6", "shiboken6", "keyring", "qasync", "jwt", "app"} & foreign


def test_a_library_nobody_owns_stops_the_bundle(tmp_path: Path) -> None:
    library = tmp_path / "libstray.so.1"
    library.write_bytes(b"")

    assert bundle_licences.is_of_system(library)
    with pytest.raises(bill.UnknownOriginError, match="libstray"):
        bundle_licences.owner_of(library)


def test_notices_of_qt_and_chromium_are_whole(tmp_path: Path) -> None:
    bundle_licences.write(tmp_path / "licences", [])

    chromium = (tmp_path / "licences" / "chromium.txt").read_text("utf-8")
    for name in ("BoringSSL", "Skia", "V8 JavaScript Engine", "ffmpeg", "libopus0", "WebRTC"):
        assert name in chromium
    qt = (tmp_path / "licences" / "qt-third-parties.txt").read_text("utf-8")
    for name in ("libqt6core6", "libqt6webenginecore6", "src/3rdparty/harfbuzz-ng"):
        assert name in qt
