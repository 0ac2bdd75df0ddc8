"""What the program is made of: names, versions and licences, as the installed packages tell them.

Blocking: reads small files. Qt lies in packages that bring no licence text, and the Python of a
bundle in none: their texts are resources. A bundle that carries no package metadata has the list
that was made with it, `third-party-licences.txt` among the resources.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from app.assets import resource
from app.values import dataclass

BILL = "third-party-licences.txt"
# What the program asks for by itself; whatever these need follows from them.
DIRECT = (
    *("PySide6-Essentials", "PySide6-Addons", "PySide6-WebEngine", "qasync", "httpx", "h11"),
    *("truststore", "keyring", "PyJWT", "platformdirs", "tomli-w", "polib", "Pygments", "segno"),
    *("jeepney", "starlette", "uvicorn"),
)
_QT_HOLDER = "pyside6-essentials"
_QT_TEXTS = ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt")
_PYTHON_TEXT = "Python.txt"  # written for a bundle only
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r";.*\bextra\b")
_UNTOLD = re.compile(
    r"[^/]+\.dist-info/((?:licenses/)?(?:LICEN[CS]E|COPYING|NOTICE)[^/,]*),", re.IGNORECASE
)
_LICENCE_CLASSIFIER = "License :: "
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Component:
    """One package. `licence` is its SPDX expression or what it says instead; `texts` in full."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...] = ()


Find = Callable[[str], Distribution]


def components(roots: Iterable[str] = DIRECT, find: Find = distribution) -> tuple[Component, ...]:
    """What is there of `roots` and of all that they need, by name."""
    found: dict[str, Component] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if _normal(name) in found:
            continue
        try:
            package = find(name)
        except PackageNotFoundError:  # of another system or another Python
            continue
        found[_normal(name)] = _component(package)
        waiting += _needed(package)
    found |= {_normal(one.name): one for one in _of_no_package(found.get(_QT_HOLDER))}
    return tuple(found[name] for name in sorted(found))


def bill() -> str:
    """The list that was made with a bundle; empty without one."""
    try:
        return resource(BILL).read_text("utf-8", "replace")
    except OSError:
        return ""


def licence_texts(made_of: Iterable[Component]) -> str:
    """Every licence in full, each below the name of what it is for."""
    parts = []
    for one in made_of:
        parts.append(f"{one.name} {one.version}\n{one.licence}")
        parts += one.texts
    return "\n\n".join(parts)


def _of_no_package(qt_holder: Component | None) -> Iterable[Component]:
    if qt_holder is not None:
        texts = tuple(filter(None, map(_text_beside, _QT_TEXTS)))
        yield Component("Qt", qt_holder.version, "LGPL-3.0-only", texts)
    python = _text_beside(_PYTHON_TEXT)
    if python:
        yield Component("Python", platform.python_version(), "PSF-2.0", (python,))


def _text_beside(name: str) -> str:
    """A licence among the resources; empty if it is not there."""
    try:
        return resource("licences", name).read_text("utf-8", "replace")
    except OSError:
        return ""


def _needed(found: Distribution) -> list[str]:
    names = (_NAME.match(one) for one in found.requires or () if not _EXTRA.search(one))
    return [match.group() for match in names if match]


def _component(found: Distribution) -> Component:
    texts = tuple(filter(None, (found.read_text(name) for name in _licence_files(found))))
    return Component(found.metadata["Name"], found.version, _licence(found), texts)


def _licence_files(found: Distribution) -> list[str]:
    """Below the folder of the metadata; some packages have licences there but do not say so."""
    told = found.metadata.get_all("License-File")
    if told:
        return [place for name in told for place in (f"licenses/{name}", name)]
    listed = (found.read_text("RECORD") or "").splitlines()
    return [match[1] for match in map(_UNTOLD.match, listed) if match]


def _licence(found: Distribution) -> str:
    """The expression, else a licence's short name, else what the classifiers say."""
    told = found.metadata
    names = [*(told.get_all("License-Expression") or ()), *(told.get_all("License") or ())]
    classes = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier") or ()
        if one.startswith(_LICENCE_CLASSIFIER)
    ]
    short = (one for one in names if 0 < len(one) <= _LONGEST_NAME and "\n" not in one)
    return next(short, ", ".join(classes))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()
