"""Pygments' lexers: each is loaded in a thread when code in its language first appears.

Importing Pygments takes 50 ms and a megabyte, compiling a lexer up to as much again; who reads
no code pays nothing, and nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MOST = 64  # languages kept; an answer may name as many as it likes


class CodeLexers(QObject):
    """To be used on the GUI thread; there is one, `code_lexers()`."""

    _loaded = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._lexers: dict[str, Lexer | None] = {}
        self._waiting: dict[str, list[Callable[[], None]]] = {}
        self._worker: ThreadPoolExecutor | None = None
        self._loaded.connect(self._on_loaded, Qt.ConnectionType.QueuedConnection)

    def __getitem__(self, language: str) -> Lexer | None:
        """The lexer for `language`, None if there is none; loaded here and now if need be."""
        language = language.lower()
        if language not in self._lexers:
            self._keep(language, _load(language))
        return self._lexers[language]

    def is_loaded(self, language: str, told: Callable[[], None]) -> bool:
        """True if asking for `language` costs nothing; else `told()` once that is so."""
        language = language.lower()
        if not language or language in self._lexers:
            return True
        waiting = self._waiting.setdefault(language, [])
        waiting.append(told)
        if len(waiting) == 1:
            self._worker = self._worker or ThreadPoolExecutor(1, "syntax colours")
            self._worker.submit(lambda: self._loaded.emit(language, _load(language)))
        return False

    def _on_loaded(self, language: str, lexer: Lexer | None) -> None:
        self._keep(language, lexer)
        for told in self._waiting.pop(language, []):
            told()
        if not self._waiting and self._worker is not None:
            self._worker.shutdown(wait=False)
            self._worker = None

    def _keep(self, language: str, lexer: Lexer | None) -> None:
        if len(self._lexers) >= _MOST:
            self._lexers.clear()
        self._lexers[language] = lexer


@lru_cache(maxsize=1)
def code_lexers() -> CodeLexers:
    """The one of this program."""
    return CodeLexers()


def _load(language: str) -> Lexer | None:
    """The lexer of the list Pygments ships; its search among plug-ins is never started."""
    from pygments.lexers import LEXERS, find_lexer_class  # noqa: PLC0415 - see the module

    for _module, name, aliases, _patterns, _types in LEXERS.values():
        if language in aliases:
            found = find_lexer_class(name)
            lexer = found(stripnl=False, ensurenl=False) if found else None
            if lexer is not None:
                list(lexer.get_tokens("x"))  # compiles what it needs
            return lexer
    return None
