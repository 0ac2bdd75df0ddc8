"""Every window as a screen reader finds it: all controls, by name, role and state."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.accessible_tree import CHECKED, FOCUSABLE, AccessibleProgram, Node
from support.desktop_session import desktop_session, wait_until

_PROGRAM = Path(__file__).parents[1] / "support" / "gallery_program.py"
_ROLES = {
    "button": {"push button", "toggle button", "check box", "radio button"},
    "choice": {"combo box"},
    "number": {"spin box"},
    "line": {"text"},
    "text": {"text", "label", "document text"},
    "list": {"list"},
    "value": {"progress bar"},
}
_PARTS = ("panel", "history", "chat", "conversations", "settings", "dialogs")


class Shown:
    """The gallery program, and its windows as they are found one after the other."""

    def __init__(self, process: subprocess.Popen[bytes], tree: AccessibleProgram) -> None:
        self._process = process
        self.tree = tree

    def windows(self) -> Iterator[dict[str, Any]]:
        """What the program says of each window, which is on the screen then."""
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        while line := self._process.stdout.readline():
            yield json.loads(line)
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()
        assert self._process.wait(10) == 0


@contextmanager
def shown(part: str) -> Iterator[Shown]:
    with desktop_session("none", accessibility=True, screen="1600x1600x24") as session:
        process = session.start(
            [sys.executable, str(_PROGRAM), part],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        tree = AccessibleProgram(session.bus_address, process.pid)
        try:
            wait_until(tree.nodes, 30, "the program on the bus")
            yield Shown(process, tree)
        finally:
            tree.close()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _faults(window: dict[str, Any], tree: AccessibleProgram) -> Iterator[str]:
    nodes = tree.nodes()
    places: list[tuple[tuple[int, int, int, int], Node]] = []
    for node in nodes:
        if FOCUSABLE in node.states and not node.name.strip():
            yield f"a {node.role} that takes the keyboard has no name"
        places.append((tree.extents(node), node))
    for control in window["controls"]:
        roles = _ROLES.get(control["kind"])
        here = [node for place, node in places if list(place) == control["at"]]
        if roles is None:  # whatever it is: just where it is, named before nameless
            found = sorted(here, key=lambda node: not node.name)
        else:
            here += [node for place, node in places if _lies_in(place, control["at"])]
            found = [node for node in here if node.role in roles]
        what = f"{control['what']} at {control['at']}"
        if not found:
            yield f"{what} is not found; there: {[(node.role, node.name) for node in here]}"
            continue
        yield from _faults_of(control, found[0], what, tree)


def _lies_in(place: tuple[int, int, int, int], room: list[int]) -> bool:
    """Whether something is a control or a part of it: of a check box the box alone may be told."""
    left, top, width, height = place
    return (
        width > 0
        and left >= room[0] - 1
        and top >= room[1] - 1
        and left + width <= room[0] + room[2] + 1
        and top + height <= room[1] + room[3] + 1
    )


def _faults_of(
    control: dict[str, Any], node: Node, what: str, tree: AccessibleProgram
) -> Iterator[str]:
    if not node.name.strip():
        yield f"{what}, a {node.role}, has no name"
    if "checked" in control and (CHECKED in node.states) != control["checked"]:
        yield f"{what} does not say whether it is on"
    if control["kind"] == "choice" and not any(label.name for label in tree.labels(node)):
        yield f"{what}, a choice of {node.name!r}, does not say what of"
    if control["kind"] in ("number", "value"):
        tree.value(node)
    if "rows" in control:
        rows = tree.children(node)
        if len(rows) < control["rows"] or not all(row.name.strip() for row in rows):
            yield f"{what}: {control['rows']} rows, read {[row.name for row in rows]}"


@pytest.mark.parametrize("part", _PARTS)
def test_every_control_of_every_window_is_found_by_name(part: str) -> None:
    """Whatever state a window is in, whoever cannot see it finds all that can be done there."""
    with shown(part) as gallery:
        bad = {}
        count = 0
        for window in gallery.windows():
            count += len(window["controls"])
            faults = sorted(set(_faults(window, gallery.tree)))
            if faults:
                bad[window["name"]] = faults
        assert count > 20
        assert not bad, json.dumps(bad, indent=1, ensure_ascii=False)
