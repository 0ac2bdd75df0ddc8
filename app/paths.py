"""The folders the program keeps its files in, private to the user.

On systems with XDG folders the base directory specification is followed here, because the
icon must not wait for the import of platformdirs (a tenth of the start budget); elsewhere
platformdirs knows the system's own places. `TIDEGAUGE_HOME` puts everything below one folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app.errors import FaultKind, fail
from app.values import dataclass

HOME_VARIABLE = "TIDEGAUGE_HOME"
_FOLDER = "tidegauge"
_CODEX_VARIABLE = "CODEX_HOME"


@dataclass(frozen=True, slots=True)
class Paths:
    """Absolute folders; none of them need exist (`private_folder` makes one)."""

    config: Path
    state: Path  # kept: history, conversations
    cache: Path  # may vanish at any time
    logs: Path
    runtime: Path  # lock and socket of the running program

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.toml"

    @property
    def settings_lock(self) -> Path:
        return self.state / "settings.lock"

    @property
    def log_file(self) -> Path:
        return self.logs / "tidegauge.log"

    @classmethod
    def below(cls, folder: Path) -> Paths:
        """Everything below one folder: `TIDEGAUGE_HOME`, the demo, tests."""
        root = folder.absolute()
        return cls(
            *(root / name for name in ("config", "state", "cache", "logs", "run")),
        )

    @classmethod
    def of_user(cls, environment: Mapping[str, str], platform: str = sys.platform) -> Paths:
        """The user's folders; nothing is created.

        Raises `AppError(CONFIGURATION)` if `TIDEGAUGE_HOME` is relative, or if no home folder
        can be found at all (F-D10).
        """
        override = environment.get(HOME_VARIABLE, "")
        if override:
            if not os.path.isabs(override):
                raise fail(FaultKind.CONFIGURATION, f"{HOME_VARIABLE} must be an absolute path")
            return cls.below(Path(override))
        if platform in ("win32", "darwin"):
            return cls._of_platform()
        return cls._of_xdg(environment)

    @classmethod
    def _of_xdg(cls, environment: Mapping[str, str]) -> Paths:
        def base(variable: str, default: str) -> Path:
            value = environment.get(variable, "")
            # The specification: relative paths are invalid and to be ignored.
            folder = Path(value) if os.path.isabs(value) else _home(environment) / default
            return folder / _FOLDER

        state = base("XDG_STATE_HOME", ".local/state")
        runtime = environment.get("XDG_RUNTIME_DIR", "")
        return cls(
            config=base("XDG_CONFIG_HOME", ".config"),
            state=state,
            cache=base("XDG_CACHE_HOME", ".cache"),
            logs=state / "log",
            runtime=Path(runtime) / _FOLDER if _is_private(runtime) else state / "run",  # F-D11
        )

    @classmethod
    def _of_platform(cls) -> Paths:
        from platformdirs import PlatformDirs  # noqa: PLC0415 - see the module's docstring

        folders = PlatformDirs("Tidegauge", appauthor=False, roaming=False)
        return cls(
            config=folders.user_config_path / "config",
            state=folders.user_state_path / "state",
            cache=folders.user_cache_path,
            logs=folders.user_log_path,
            runtime=folders.user_state_path / "run",
        )


def private_folder(folder: Path) -> Path:
    """Make `folder` and its missing parents (mode 0700) if need be, and return it.

    Blocking, but short. Raises `AppError(CONFIGURATION)` if something else is in its place,
    if it belongs to somebody else, or if it cannot be made (F-D09, F-D10).
    """
    try:
        for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would follow the umask
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.stat()
        if hasattr(os, "getuid"):
            if status.st_uid != os.getuid():
                raise fail(FaultKind.CONFIGURATION, f"{folder} belongs to another user")
            if status.st_mode & 0o077:
                folder.chmod(0o700)
    except OSError as error:
        raise fail(FaultKind.CONFIGURATION, f"{folder}: {error.strerror}") from error
    return folder


def _home(environment: Mapping[str, str]) -> Path:
    home = environment.get("HOME", "")
    if os.path.isabs(home):
        return Path(home)
    try:
        import pwd  # noqa: PLC0415 - absent on Windows

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):
        raise fail(FaultKind.CONFIGURATION, "HOME names no absolute folder") from None


def _is_private(folder: str) -> bool:
    """True for an existing folder of our own that nobody else can enter."""
    if not os.path.isabs(folder):
        return False
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    is_folder = (status.st_mode & 0o170000) == 0o040000
    return is_folder and status.st_uid == os.getuid() and not status.st_mode & 0o077


def codex_file(environment: Mapping[str, str]) -> Path:
    """Where the Codex CLI keeps its login."""
    home = environment.get(_CODEX_VARIABLE, "")
    return (Path(home) if home else Path.home() / ".codex") / "auth.json"
