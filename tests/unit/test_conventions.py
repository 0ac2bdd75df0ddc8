"""The project's own rules that no linter states, read from the sources' syntax trees."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
APP = CHECKOUT / "app"
MODULES = sorted(APP.rglob("*.py"))

LONGEST_MODULE = 400  # lines
LONGEST_CLASS = 300
LONGEST_FUNCTION = 60

# Names that say nothing about what a module owns, so that everything ends up in it.
DRAWERS = {
    *("base", "common", "core", "data", "general", "helper", "helpers", "info", "lib"),
    *("main", "manager", "misc", "service", "services", "shared", "stuff", "tools"),
    *("types", "util", "utils"),
}

QT_PARTS = {"QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtDBus", "QtSvg"}  # all LGPL

# The sign-in window is a process of its own, with the browser engine in it and one plain loop.
WINDOW = APP / "sign_in_window"
ENGINE_PARTS = {"QtWebEngineCore", "QtWebEngineWidgets"}
OUTERMOST_LOOP = WINDOW / "application.py"

# They run a loop inside the loop: every waiting coroutine is lost.
NESTED_LOOPS = {"exec", "exec_", "question", "information", "warning", "critical"}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def calls_in(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@every_module
def test_a_module_says_what_it_owns(path: Path) -> None:
    is_empty = not path.read_text("utf-8").strip()

    assert is_empty or ast.get_docstring(tree_of(path))


@every_module
def test_a_module_is_named_after_what_it_owns(path: Path) -> None:
    head_noun = path.stem.split("_of_")[0].split("_")[-1]

    assert path.stem == "__main__" or head_noun not in DRAWERS


@every_module
def test_modules_classes_and_functions_stay_short(path: Path) -> None:
    limits = {
        ast.ClassDef: LONGEST_CLASS,
        ast.FunctionDef: LONGEST_FUNCTION,
        ast.AsyncFunctionDef: LONGEST_FUNCTION,
    }
    too_long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > limits[type(node)]
    ]

    assert not too_long
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@every_module
def test_no_nested_event_loop(path: Path) -> None:
    offending = [
        f"line {call.lineno}: {ast.unparse(target)}()"
        for call in calls_in(path)
        if isinstance(target := call.func, ast.Attribute)
        and target.attr in NESTED_LOOPS
        and not (path == OUTERMOST_LOOP and ast.unparse(target) == "application.exec")
        and (
            target.attr.startswith("exec")
            or (isinstance(target.value, ast.Name) and target.value.id.startswith("Q"))
        )
    ]

    assert not offending


def qt_parts_in(path: Path) -> set[str]:
    """The modules of PySide6 that `path` imports, such as "QtCore"."""
    parts: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "PySide6":
            names = [f"PySide6.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        parts.update(name.split(".")[1] for name in names if name.startswith("PySide6."))
    return parts


@every_module
def test_only_free_and_light_parts_of_qt(path: Path) -> None:
    """QtCharts and its like would make the program GPL; QtWebEngine is a process of its own."""
    allowed = QT_PARTS | ENGINE_PARTS if path.parent == WINDOW else QT_PARTS

    assert qt_parts_in(path) <= allowed


@every_module
def test_labels_come_from_the_factory_that_shows_plain_text(path: Path) -> None:
    """A QLabel guesses rich text from a stranger's words (T-55)."""
    uses = any(
        isinstance(node, ast.alias) and node.name == "QLabel" for node in ast.walk(tree_of(path))
    )

    assert not uses or name_of(path) == "app/ui/labels.py"


@every_module
def test_type_checks_are_silenced_by_code_only(path: Path) -> None:
    """A bare ignore, or one for a whole file, would hide what it was not meant for."""
    text = path.read_text("utf-8")

    assert not re.search(r"#\s*type:\s*ignore(?!\[)", text)
    assert not re.search(r"#\s*(ruff|flake8|mypy):", text)
    assert not re.search(r"#\s*noqa(?!: ?[A-Z])", text)
    assert "pragma: no cover" not in text


@every_module
def test_no_certificate_goes_unchecked(path: Path) -> None:
    """T-36: there is no such option, not even a hidden one."""
    words = re.compile(
        r"verify=(False|None|0)|CERT_NONE|CERT_OPTIONAL|check_hostname|_unverified_c"
    )

    assert not words.search(path.read_text("utf-8"))


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    silenced = re.compile(r"mark\.(skip|xfail)\b|pytest\.(skip|xfail)\(|importorskip")
    here = Path(__file__)
    found = [
        name_of(path)
        for path in (CHECKOUT / "tests").rglob("*.py")
        if path != here and silenced.search(path.read_text("utf-8"))
    ]

    assert not found


def test_the_same_modules_are_pure_for_imports_and_for_coverage() -> None:
    tools = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]
    (contract,) = (c for c in tools["importlinter"]["contracts"] if c["name"].startswith("Pure"))

    assert contract["source_modules"] == tools["tidegauge"]["pure"]


def test_whoever_says_pure_is_checked_for_it() -> None:
    """A module whose docstring claims "Pure." is in the list, so the claim is tested."""
    tools = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]
    claiming = {
        name_of(path).removesuffix(".py").replace("/", ".")
        for path in MODULES
        if re.search(r"\bPure\.", (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0])
        and path.name != "__init__.py"
        and "simulator" not in path.parts
        and not qt_parts_in(path)  # geometry may be pure in Qt's own values
    }

    assert claiming - set(tools["tidegauge"]["pure"]) == set()


def tracked_texts() -> Iterator[tuple[str, str]]:
    """(path, text) of every file that version control would carry."""
    listing = None
    if shutil.which("git"):
        listing = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
    if listing is not None and listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
    else:  # an unpacked archive
        kept = ("app", "packaging", "requirements", "resources", "tests")
        names = [name_of(p) for folder in kept for p in (CHECKOUT / folder).rglob("*.*")]
        names += [path.name for path in CHECKOUT.iterdir() if path.is_file()]
    for name in names:
        path = CHECKOUT / name
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8", "replace")


def test_no_file_names_a_package_index_or_a_folder_of_somebody() -> None:
    """A lock or a script that names either works in one place only."""
    hosts = ("pypi" + ".org", "python" + "hosted.org", "files.python" + "hosted")
    strangers = re.compile(
        "|".join(re.escape(host) for host in hosts)
        + r"|--?find-links[ =]|extra-index-url"
        + r"|(?<![\w.])/(?:home|Users|work|root)/[\w.]"
    )
    here = name_of(Path(__file__))
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts()
        if name != here
        for match in strangers.finditer(text)
    ]

    assert not found
