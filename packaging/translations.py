"""Keeps the translation catalogues in step with the sources.

`python packaging/translations.py update` extracts every message of app/ into tidegauge.pot and
merges it into each .po file; `check` fails if that would change anything, and on every fault
of a message or a translation that `translation_faults.py` knows.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from translation_faults import faults_of_entry, faults_of_message, faults_of_quotes

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
TEMPLATE = FOLDER / "tidegauge.pot"
LOCALES = {"zh_CN": "nplurals=1; plural=0;"}

Key = tuple[str, str, str]  # context, message, plural

_TAKING = {"tr": 1, "phrase": 1, "tr_n": 2, "tr_c": 2}  # how many literals each takes


def messages_of(source: str, name: str) -> Iterator[Key]:
    """The messages in one module: literal arguments of `tr`, `phrase`, `tr_n` and `tr_c`.

    These are called by their own names only: behind another one a message would be missed.
    """
    tree = ast.parse(source, name)
    for place in _hidden_messages(tree):
        raise SystemExit(f"{name}:{place}: import tr, phrase, tr_n and tr_c by their own names")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        count = _TAKING.get(node.func.id)
        if count is None:
            continue
        texts = [_literal(argument, name) for argument in node.args[:count]]
        if len(texts) != count:
            raise SystemExit(f"{name}:{node.lineno}: {node.func.id} takes {count} literals")
        match node.func.id, texts:
            case "tr_n", [one, many]:
                yield "", one, many
            case "tr_c", [context, message]:
                yield context, message, ""
            case _, [message]:
                yield "", message, ""


def _hidden_messages(tree: ast.Module) -> Iterator[int]:
    """The lines on which a message would go by another name than those that are looked for."""
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "app.wording":
            modules |= {one.asname or one.name for one in node.names if one.name == "language"}
        if isinstance(node, ast.ImportFrom) and node.module == "app.wording.language":
            for one in node.names:
                if one.name in _TAKING and one.asname not in (None, one.name):
                    yield node.lineno
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in _TAKING:
            continue
        if isinstance(node.value, ast.Name) and node.value.id in modules:
            yield node.lineno


def extracted(root: Path = ROOT) -> dict[Key, list[str]]:
    """Every message of app/ with the files it stands in, in the order of files and lines."""
    found: dict[Key, list[str]] = {}
    language = root / "app" / "wording" / "language.py"
    for path in sorted((root / "app").rglob("*.py")):
        if path == language:  # there the message is a variable
            continue
        place = path.relative_to(root).as_posix()
        for key in dict.fromkeys(messages_of(path.read_text("utf-8"), place)):
            found.setdefault(key, []).append(place)
    return found


def template(found: dict[Key, list[str]]) -> polib.POFile:
    """The .pot file: no dates and no line numbers, so that it changes only with the messages."""
    catalogue = _empty("")
    for (context, message, plural), places in found.items():
        catalogue.append(_entry(context, message, plural, places))
    return catalogue


def merged(old: polib.POFile, found: dict[Key, list[str]], locale: str) -> polib.POFile:
    """The catalogue of `locale` with today's messages, keeping what is translated."""
    known = {(e.msgctxt or "", e.msgid, e.msgid_plural): e for e in old}
    catalogue = _empty(locale)
    for key, places in found.items():
        entry = _entry(*key, places)
        if key in known:
            entry.tcomment = known[key].tcomment
            entry.flags = known[key].flags
            entry.msgstr = known[key].msgstr
            entry.msgstr_plural = known[key].msgstr_plural or entry.msgstr_plural
        catalogue.append(entry)
    return catalogue


def faults_of(catalogue: polib.POFile, locale: str) -> Iterator[str]:
    """What is wrong with the translations of one catalogue, one line each."""
    plurals = int(LOCALES[locale].partition("nplurals=")[2].partition(";")[0])
    if catalogue.metadata.get("Plural-Forms") != LOCALES[locale]:
        yield f"Plural-Forms is not {LOCALES[locale]!r}"
    known = {entry.msgid: entry.msgstr for entry in catalogue}
    for entry in catalogue:
        yield from faults_of_entry(entry, locale, plurals)
        yield from faults_of_quotes(entry, known)


def update() -> int:
    """Write the template and the catalogues."""
    found = extracted()
    FOLDER.mkdir(parents=True, exist_ok=True)
    _write(TEMPLATE, template(found))
    for locale in LOCALES:
        _write(_path(locale), merged(_read(_path(locale)), found, locale))
    return check()


def check() -> int:
    """Print every fault; 1 if there is one."""
    found = extracted()
    faults = [fault for _, one, many in found for fault in faults_of_message(one, many)]
    if TEMPLATE.read_text("utf-8") != _text(template(found)):
        faults.append(f"{TEMPLATE.name} is not current: run packaging/translations.py update")
    for locale in LOCALES:
        catalogue = _read(_path(locale))
        faults += [f"{locale}: {fault}" for fault in faults_of(catalogue, locale)]
        if _path(locale).read_text("utf-8") != _text(merged(catalogue, found, locale)):
            faults.append(f"{locale}.po is not current: run packaging/translations.py update")
    print("\n".join(faults) or "catalogues are complete and current")
    return 1 if faults else 0


def _literal(argument: ast.expr, name: str) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise SystemExit(f"{name}:{argument.lineno}: a message must be a literal")


def _entry(context: str, message: str, plural: str, places: list[str]) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=context or None,
        msgid=message,
        msgid_plural=plural,
        msgstr_plural={0: ""} if plural else {},
        occurrences=[(place, "") for place in places],
    )


def _empty(locale: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.header = "Words of Tidegauge. Distributed under the licence of the program (MIT)."
    catalogue.metadata = {
        "Project-Id-Version": "Tidegauge",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    if locale:
        catalogue.metadata |= {"Language": locale, "Plural-Forms": LOCALES[locale]}
    return catalogue


def _path(locale: str) -> Path:
    return FOLDER / f"{locale}.po"


def _read(path: Path) -> polib.POFile:
    return polib.pofile(path.read_text("utf-8")) if path.exists() else polib.POFile()


def _text(catalogue: polib.POFile) -> str:
    return f"{catalogue}"


def _write(path: Path, catalogue: polib.POFile) -> None:
    path.write_text(_text(catalogue), "utf-8", newline="\n")


if __name__ == "__main__":
    commands = {"update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit("usage: translations.py update|check")
    raise SystemExit(commands[sys.argv[1]]())
