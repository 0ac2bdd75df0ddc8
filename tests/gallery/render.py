"""Renders the states of all windows and of the icon to PNG files, contact sheets and an index.

    python tests/gallery/render.py [--out DIR] [--part PART]

Each scale needs a process of its own (`QT_SCALE_FACTOR` is read once), so this program starts
itself again per scale. Time and zone are fixed: the same code gives the same pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
SCALES = (1, 2)
LANGUAGES = ("en", "zh_CN")
SCHEMES = ("light", "dark", "high-light", "high-dark")
_SCREEN = {
    "name": "gallery",
    "x": 0,
    "y": 0,
    "width": 1600,
    "height": 1600,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
LEFTWARDS = "rtl"  # a selection of all windows in a language that runs from right to left
PARTS = ("icons", "panel", "history", "chat", "conversations", "settings", "dialogs", "menus")


def main() -> int:
    options = _options()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    if options.scale:
        sys.path[:0] = [str(_ROOT), str(_HERE.parent)]
        from gallery.pictures import draw

        draw(options.part, options.scale, out)
        return 0
    parts = (options.part,) if options.part else (*PARTS, LEFTWARDS)
    jobs = [(part, scale) for part in parts for scale in (SCALES if part != "icons" else (1,))]
    for part, scale in jobs:
        _run_scaled(part, scale, out)
    (out / "index.html").write_text("\n".join(_index(out)), encoding="utf-8")
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


def appearance(scheme: str) -> tuple[str, str]:
    """The settings `colour_scheme` and `contrast` of one of `SCHEMES`."""
    return scheme.rpartition("-")[2], "high" if scheme.startswith("high-") else "normal"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=_ROOT / "build" / "gallery")
    parser.add_argument("--part", choices=(*PARTS, LEFTWARDS), default="")
    parser.add_argument("--scale", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _run_scaled(part: str, scale: int, out: Path) -> None:
    screen = out / "screen.json"  # the platform's own is 800 × 800
    screen.write_text(json.dumps({"screens": [_SCREEN]}))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
        "QT_SCALE_FACTOR": str(scale),
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, __file__, "--out", str(out), "--part", part, "--scale", str(scale)]
    subprocess.run(command, env=environment, check=True)
    screen.unlink()


def _index(out: Path) -> Iterator[str]:
    yield "<!doctype html><meta charset='utf-8'><title>Tidegauge pictures</title>"
    yield "<style>body{font:14px sans-serif;background:#e9ecf1}img{max-width:100%}</style>"
    for sheet in sorted(out.glob("sheet-*.png")):
        yield f"<h2>{escape(sheet.stem[6:])}</h2><img src='{escape(sheet.name)}' alt=''>"
    yield "<h2>Single pictures</h2><ul>"
    for picture in sorted(out.glob("*.png")):
        if not picture.name.startswith("sheet-"):
            yield f"<li><a href='{escape(picture.name)}'>{escape(picture.stem)}</a></li>"
    yield "</ul>"


if __name__ == "__main__":
    sys.exit(main())
