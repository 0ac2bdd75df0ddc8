"""Which mechanism this system has."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app.autostart.own_command import own_command
from app.autostart.state import Mechanism

FLATPAK_MARK = Path("/.flatpak-info")


def mechanism(
    environment: Mapping[str, str],
    comments: Mapping[str, str],
    state: Path,
    *,
    flatpak_mark: Path = FLATPAK_MARK,
) -> Mechanism:
    """`comments` by locale go into what the system shows; `state` is the program's own folder."""
    command = own_command(environment)
    if sys.platform == "win32":
        from app.autostart.run_key import RunKey  # noqa: PLC0415 - one of four
        from app.autostart.windows_registry import UserRegistry  # noqa: PLC0415

        return RunKey(UserRegistry(), command)
    if sys.platform == "darwin":
        from app.autostart.launch_agent import LaunchAgent  # noqa: PLC0415

        return LaunchAgent(Path.home(), command, os.getuid())
    if flatpak_mark.exists():
        from app.autostart.portal import BackgroundPortal  # noqa: PLC0415

        return BackgroundPortal(state / "autostart.json", comments.get("", ""))
    from app.autostart.xdg import XdgAutostart  # noqa: PLC0415

    return XdgAutostart(environment, command, comments)
