"""Keeps the translation catalogues in step with the sources.

`python packaging/translations.py update` extracts every message of app/ into tidegauge.pot and
merges it into each .po file; `check` fails if that would change anything, if a message is not
translated, or if a translation uses other placeholders than its message.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
TEMPLATE = FOLDER / "tidegauge.pot"
LOCALES = {"zh_CN": "nplurals=1; plural=0;"}

Key = tuple[str, str, str]  # context, message, plural

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def messages_of(source: str, name: str) -> Iterator[Key]:
    """The messages in one module: literal arguments of `tr`, `phrase`, `tr_n` and `tr_c`."""
    for call in ast.walk(ast.parse(source, name)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        count = {"tr": 1, "phrase": 1, "tr_n": 2, "tr_c": 2}.get(call.func.id)
        if count is None:
            continue
        texts = [_literal(argument, name) for argument in call.args[:count]]
        match call.func.id, texts:
            case "tr_n", [one, many]:
                yield "", one, many
            case "tr_c", [context, message]:
                yield context, message, ""
            case _, [message]:
                yield "", message, ""


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
            entry.msgstr = known[key].msgstr
            entry.msgstr_plural = known[key].msgstr_plural or entry.msgstr_plural
        catalogue.append(entry)
    return catalogue


def faults_of(catalogue: polib.POFile) -> Iterator[str]:
    """What is wrong with the translations of one catalogue, one line each."""
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(texts):
            yield f"not translated: {entry.msgid!r}"
            continue
        wanted = _placeholders(entry.msgid)
        for text in texts:
            if _placeholders(text) != wanted:
                yield f"other placeholders: {entry.msgid!r} -> {text!r}"
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"


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
    faults = []
    if TEMPLATE.read_text("utf-8") != _text(template(found)):
        faults.append(f"{TEMPLATE.name} is not current: run packaging/translations.py update")
    for locale in LOCALES:
        catalogue = _read(_path(locale))
        faults += [f"{locale}: {fault}" for fault in faults_of(catalogue)]
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


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


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
