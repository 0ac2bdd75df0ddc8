"""The bundle beside the program from source: size, start, memory. `dev.py bundle` makes it."""

from __future__ import annotations

import os
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bench.processes import median_start, pss_mb
from bench.resident import FLOOR, PROGRAM, ROUNDS, SETTLE_S, floor_pss, poll_rarely, sign_in
from bench.table import Row
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.tray_host import TrayReader

from app.simulator.server import Simulator

_CHECKOUT = Path(__file__).parents[2]
_NOTE = (
    "a bundle has libraries of its own; the program from source and its floor share Python and"
    " OpenSSL with the measuring process, which PSS counts in part only"
)
_BUNDLE = Path(os.environ.get("TIDEGAUGE_BUNDLE") or _CHECKOUT / "dist" / "tidegauge")


def measure() -> list[Row]:
    """Its rows; none if there is no bundle, which is then told on the way."""
    program = _BUNDLE.resolve() / "tidegauge"
    if not program.exists():
        print(f"No bundle in {_BUNDLE}: its rows are left out (dev.py bundle makes one).")
        return []
    size = Row("bundle: size, against its packages", _size_mb(_BUNDLE), "MB", 0.7, _packages_mb())
    with desktop_session("double", keyring=True) as session, Simulator("demo") as simulator:
        session.env["PYTHONPATH"] = str(_CHECKOUT)
        session.env["TIDEGAUGE_AUTH_URL"] = session.env["TIDEGAUGE_BACKEND_URL"] = simulator.url
        poll_rarely(session)
        commands = {"floor": FLOOR, "source": PROGRAM, "bundle": [str(program)]}
        starts = median_start(session, commands, ROUNDS)
        sign_in(session)
        floor, _ = floor_pss(session)
        from_source = _pss_after_first_poll(session, PROGRAM)
        bundled = _pss_after_first_poll(session, commands["bundle"])
    floor_ms = starts["floor"] * 1000
    return [
        size,
        Row("bundle: start to tray icon registered", starts["bundle"] * 1000, "ms", 1.3, floor_ms),
        Row("  the same from source", starts["source"] * 1000, "ms", 1.3, floor_ms),
        Row("bundle: PSS after the first poll", bundled, "MB", 2.0, floor, note=_NOTE),
        Row("  the same from source", from_source, "MB", 1.6, floor),
    ]


def _pss_after_first_poll(session: DesktopSession, command: list[str]) -> float:
    process = session.start(command, log="bundle")
    reader = TrayReader(session.bus_address)
    reader.wait_for(lambda: "%" in reader.tooltip(), 30, "a first poll")
    time.sleep(SETTLE_S)
    pss = pss_mb(process)
    reader.click("Quit")
    process.wait(5)
    wait_until(lambda: not reader.items(), 10, "the icon gone")
    reader.close()
    return pss


def _size_mb(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def _packages_mb() -> float:
    """What the locked packages take in the environment, without the interpreter."""
    lines = (_CHECKOUT / "requirements" / "run.txt").read_text("utf-8").splitlines()
    total = 0
    for name in {line.partition("==")[0] for line in lines if "==" in line}:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        paths = {Path(str(file.locate())) for file in files}
        total += sum(path.stat().st_size for path in paths if path.is_file())
    return total / 1e6


if __name__ == "__main__":
    from bench.table import rendered

    print(rendered(measure()))
