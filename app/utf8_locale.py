"""An environment in which text is UTF-8, whatever the language is (F-D12). Pure.

Qt insists on it and says so in four lines; `LANG=C` in a unit file, a language that is not
installed, or an old encoding are no reason to.
"""

from __future__ import annotations

from collections.abc import Mapping


def utf8_changes(environment: Mapping[str, str], codeset: str) -> dict[str, str | None]:
    """Variables to set, or with None to remove, so that the language stays and the text is UTF-8.

    `codeset` is the C library's name of the encoding now in force.
    """
    if codeset.lower().replace("-", "") == "utf8":
        return {}
    overall = environment.get("LC_ALL", "")
    changes: dict[str, str | None] = {"LC_CTYPE": "C.UTF-8"}
    if overall:  # it outranks the others, which must not come back with its removal
        changes.update(dict.fromkeys((n for n in environment if n.startswith("LC_")), None))
        changes["LC_CTYPE"] = "C.UTF-8"
        changes["LANG"] = overall
    return changes
