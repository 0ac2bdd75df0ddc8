"""`python -m app.simulator`: the stand-in alone, for trying things by hand."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from app.simulator.clock import SimulatedClock
from app.simulator.scenario import SCENARIOS
from app.simulator.server import Simulator


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m app.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (default) picks a free one")
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="demo")
    parser.add_argument("--speed", type=float, default=1.0, help="seconds per real second")
    parser.add_argument("--any-port", action="store_true", help="accept every callback port")
    options = parser.parse_args()
    simulator = Simulator(
        options.scenario,
        options.port,
        clock=SimulatedClock(speed=options.speed),
        any_port=options.any_port,
    )
    with simulator, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(
            f"TIDEGAUGE_AUTH_URL={simulator.url}\nTIDEGAUGE_BACKEND_URL={simulator.url}\n"
        )
        sys.stdout.flush()
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
