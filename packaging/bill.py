"""What the program ships of others: a CycloneDX list and every licence text.

    python packaging/bill.py FOLDER [BUNDLE]

Both name every package of `requirements/run.txt`, those of other systems too. With a bundle the
list has the libraries it took from the system as well.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
import sysconfig
import uuid
from pathlib import Path
from typing import Any

from lock_file import Locked, normal, read_lock

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from app.components import Component, components, licence_texts  # noqa: E402 - the checkout's own

LOCK = CHECKOUT / "requirements" / "run.txt"
LIST = "sbom.cdx.json"
LICENCES = "third-party-licences.txt"
_SYSTEM_LIBRARIES = Path("_internal") / "licences" / "system-libraries.json"
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*")
# What older packages call a licence, and its SPDX identifier.
_IDENTIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "MIT License": "MIT",
    "MIT license": "MIT",
}

Entry = dict[str, Any]


class UnknownOriginError(Exception):
    """Something whose licence is not known; it must not be passed on."""


def main(folder: Path, bundle: Path | None = None) -> int:
    """Write both files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    document = sbom(bundle)
    _judge(document)
    (folder / LIST).write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    (folder / LICENCES).write_text(licences(), "utf-8")
    print(f"{folder / LIST}: {len(document['components'])} components")
    return 0


def licences() -> str:
    """Names and texts of all that is installed here, then the names of what is not."""
    locked = read_lock(LOCK)
    elsewhere = [one for one in locked if not one.is_here]
    lines = [f"{one.name} {one.version}, only where {one.marker}" for one in elsewhere]
    return "\n".join(
        [
            "What Tidegauge is made of, and under which licences.",
            "",
            licence_texts(_installed(locked).values()),
            "",
            "In packages for other systems or another Python, which bring the texts:",
            "",
            *lines,
            "",
        ]
    )


def sbom(bundle: Path | None = None) -> Entry:
    """A CycloneDX 1.6 document, the same for the same lock, environment and bundle.

    What a lock names for other systems has the scope "excluded".
    """
    locked = read_lock(LOCK)
    installed = _installed(locked)
    listed = [_package(one, installed.get(normal(one.name))) for one in locked]
    listed += [_other(one) for name, one in installed.items() if name in ("python", "qt")]
    listed += _system_libraries(bundle)
    subject = {
        "bom-ref": "tidegauge",
        "type": "application",
        "name": "tidegauge",
        "version": _version(),
        "licenses": [{"expression": "MIT"}],
    }
    document: Entry = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": subject},
        "components": listed,
        "dependencies": [
            {
                "ref": "tidegauge",
                "dependsOn": [one["bom-ref"] for one in listed if one["scope"] == "required"],
            }
        ],
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    return document | {"serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}"}


def _installed(locked: list[Locked]) -> dict[str, Component]:
    """What is here of the lock, by name, with Python itself and Qt."""
    names = [one.name for one in locked if one.is_here]
    found = {normal(one.name): one for one in components(names)}
    text = python_licence().read_text("utf-8", "replace")
    found["python"] = Component("Python", platform.python_version(), "PSF-2.0", (text,))
    return found


def python_licence() -> Path:
    """Where the running Python keeps its licence: Windows, its own make, Debian."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path("/usr/share/doc") / name / "copyright",
        Path("/usr/share/doc") / f"lib{name}-stdlib" / "copyright",
    )
    for place in places:
        if place.is_file():
            return place
    raise UnknownOriginError(f"no licence of Python in {', '.join(map(str, places))}")


def _package(one: Locked, installed: Component | None) -> Entry:
    is_here = one.is_here and installed is not None
    purl = f"pkg:pypi/{normal(one.name)}@{one.version}"
    entry: Entry = {
        "bom-ref": purl,
        "type": "library",
        "name": one.name,
        "version": one.version,
        "scope": "required" if is_here else "excluded",
        "purl": purl,
        # The wheels of all systems; one of them was installed.
        "externalReferences": [
            {
                "type": "distribution",
                "url": purl,
                "hashes": [{"alg": "SHA-256", "content": value} for value in one.hashes],
            }
        ],
    }
    if one.marker:
        entry["properties"] = [{"name": "tidegauge:marker", "value": one.marker}]
    if is_here and installed is not None:
        entry["licenses"] = _licences(installed.licence)
    return entry


def _other(one: Component) -> Entry:
    reference = f"pkg:generic/{one.name.lower()}@{one.version}"
    return {
        "bom-ref": reference,
        "type": "platform" if one.name == "Python" else "framework",
        "name": one.name,
        "version": one.version,
        "scope": "required",
        "purl": reference,
        "licenses": _licences(one.licence),
    }


def _licences(told: str) -> list[Entry]:
    known = _IDENTIFIERS.get(told, told)
    if _EXPRESSION.fullmatch(known):
        return [{"expression": known}]
    return [{"license": {"name": known}}]


def _system_libraries(bundle: Path | None) -> list[Entry]:
    if bundle is None or not (bundle / _SYSTEM_LIBRARIES).exists():
        return []
    index = json.loads((bundle / _SYSTEM_LIBRARIES).read_text("utf-8"))
    listed = []
    for package, told in index.items():
        purl = f"pkg:deb/debian/{package}@{told['version'].replace(':', '%3A')}"
        listed.append(
            {
                "bom-ref": purl,
                "type": "library",
                "name": package,
                "version": told["version"],
                "scope": "required",
                "purl": purl,
                "properties": [{"name": "tidegauge:file", "value": name} for name in told["files"]],
            }
        )
    return listed


def _version() -> str:
    from app import VERSION  # noqa: PLC0415 - beside the checkout's path above

    return VERSION


def _judge(document: Entry) -> None:
    """Hold it against the schema, where the judge is installed (the environment of `dev`)."""
    try:
        from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - not there for the tests
        from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415
    except ImportError:
        return
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document))
    if fault is not None:
        raise SystemExit(f"the list is no valid CycloneDX document: {fault}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.stderr.write(f"{__doc__}\n")
        sys.exit(2)
    sys.exit(main(*map(Path, sys.argv[1:])))
