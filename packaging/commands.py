"""What each command of dev.py does once the environment stands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import checks
import environment
import node_packages
from console import SetupError, say
from environment import CHECKOUT

Arguments = list[str]
DIST = CHECKOUT / "dist"
ICONS = CHECKOUT / "build" / "icons"
NO_COMMIT = "1577836800"  # 2020: what hatchling takes as well


def run(command: str, arguments: Arguments) -> int:
    """The exit code of `command`."""
    action = _COMMANDS.get(command)
    if action is None:
        say(f"Unknown command {command!r}. Known: {', '.join(_COMMANDS)}.")
        return 2
    try:
        return action(arguments)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def _become(command: list[str]) -> int:
    """Go on as `command`: its signals and exit code are ours."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    # Windows has no exec: Ctrl-C reaches the child by itself, so wait for what it makes of it.
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def _program(arguments: Arguments) -> int:
    # -P: an "app" in the working directory must not stand in for ours.
    return _become([str(environment.ensure("run")), "-P", "-m", "app", *arguments])


def _test(arguments: Arguments) -> int:
    python = environment.ensure("test")
    if arguments:
        os.chdir(CHECKOUT)
        return _become([str(python), "-m", "pytest", *arguments])
    return checks.everything(python)


def _lint(arguments: Arguments) -> int:
    if arguments:
        raise SetupError("lint takes no arguments.")
    return 1 if checks.static(environment.ensure("test")) else 0


def _format(arguments: Arguments) -> int:
    ruff = [str(environment.ensure("test")), "-m", "ruff"]
    where = arguments or ["."]
    fixed = subprocess.run([*ruff, "check", "--fix", *where], cwd=CHECKOUT, check=False)
    formatted = subprocess.run([*ruff, "format", *where], cwd=CHECKOUT, check=False)
    return fixed.returncode or formatted.returncode


def _script(path: str, defaults: Arguments) -> Callable[[Arguments], int]:
    def start(arguments: Arguments) -> int:
        python = environment.ensure("test")
        return _become([str(python), str(CHECKOUT / path), *(arguments or defaults)])

    return start


def _lock(arguments: Arguments) -> int:
    """Resolve requirements/*.txt anew for every supported Python and system, and the judges.

    The widest file comes first and binds the narrower ones, so that they never disagree. The
    files name no index, no address and no folder of this machine.
    """
    uv = [str(environment.ensure("dev")), "-m", "uv", "pip", "compile", "--quiet"]
    widest = "requirements/dev.txt"
    for use in reversed(environment.USES):
        output = f"requirements/{use}.txt"
        bound = [] if output == widest else ["--constraint", widest]
        group = [] if use == "run" else ["--group", use]
        done = subprocess.run(
            [
                *uv,
                *("--universal", "--python-version", "3.11", "--generate-hashes"),
                *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate"),
                *("--custom-compile-command", "python3 packaging/dev.py lock"),
                *("--extra", "embedded", "--extra", "demo", *group, *bound, *arguments),
                *("--output-file", output, "pyproject.toml"),
            ],
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            return done.returncode
        say(f"{output}: {_count(CHECKOUT / output)} packages")
    return _lock_judges()


def _lock_judges() -> int:
    resolved = subprocess.run(
        node_packages.resolution(environment.ensure("dev")),
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if resolved.returncode == 0:
        name = node_packages.LOCK.relative_to(CHECKOUT).as_posix()
        say(f"{name}: {node_packages.tidy()} packages")
    return resolved.returncode


def _count(lock: Path) -> int:
    return sum("==" in line for line in lock.read_text("utf-8").splitlines())


def _build(arguments: Arguments) -> int:
    """Wheel and source archive; of one commit always the same bytes (hatchling sees to it)."""
    python = environment.ensure("test")
    os.chdir(CHECKOUT)
    return _become([str(python), "-m", "build", "--no-isolation", *arguments])


def _icons(arguments: Arguments, use: str = "test") -> int:
    """The application's icon in every form, below the named folder or `build/icons`."""
    folder = Path(arguments[0]) if arguments else ICONS
    script = CHECKOUT / "packaging" / "application_icons.py"
    command = [str(environment.ensure(use)), str(script), str(folder)]
    return subprocess.run(command, check=False).returncode


def _bundle(arguments: Arguments) -> int:
    """The program with its Python and Qt in `dist/tidegauge`; arguments go to PyInstaller."""
    failed = _icons([], "dev")
    if failed:
        return failed
    command = [
        *(str(environment.ensure("dev")), "-m", "PyInstaller", "--noconfirm"),
        *("--distpath", str(DIST), "--workpath", str(CHECKOUT / "build" / "bundle")),
        *(*arguments, str(CHECKOUT / "packaging" / "bundle" / "tidegauge.spec")),
    ]
    where = {**os.environ, **_same_each_time(), "TIDEGAUGE_ICONS": str(ICONS)}
    return subprocess.run(command, check=False, env=where).returncode


def _same_each_time() -> dict[str, str]:
    """Variables that take chance and the clock out of what is built: the commit's own time."""
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    epoch = told.stdout.strip() if told.returncode == 0 else ""
    return {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or epoch or NO_COMMIT,
    }


def _deb(arguments: Arguments) -> int:
    """A Debian package of the bundle, which is made first."""
    failed = _bundle(arguments)
    if failed:
        return failed
    script = CHECKOUT / "packaging" / "debian_package.py"
    where = [str(path) for path in (DIST / "tidegauge", ICONS, DIST)]
    os.environ |= _same_each_time()
    return _become([str(environment.ensure("dev")), str(script), *where])


def _flatpak(arguments: Arguments) -> int:
    """What a Flatpak is built from, in `dist/flatpak`: manifest, source, wheels."""
    if arguments:
        raise SetupError("flatpak takes no arguments.")
    python = str(environment.ensure("dev"))
    sdist = [python, "-m", "build", "--no-isolation", "--sdist", "--outdir", str(DIST)]
    failed = subprocess.run([*sdist, str(CHECKOUT)], check=False, stdout=subprocess.DEVNULL)
    if failed.returncode:
        return failed.returncode
    archive = max(DIST.glob("tidegauge-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    script = CHECKOUT / "packaging" / "flatpak_sources.py"
    return _become([python, str(script), str(DIST / "flatpak"), str(archive)])


def _bill(arguments: Arguments) -> int:
    """What the program ships of others, in `dist`: a CycloneDX list and every licence text."""
    if arguments:
        raise SetupError("bill takes no arguments.")
    script = CHECKOUT / "packaging" / "bill.py"
    bundle = [str(path) for path in (DIST / "tidegauge",) if path.is_dir()]
    return _become([str(environment.ensure("dev")), str(script), str(DIST), *bundle])


_COMMANDS: dict[str, Callable[[Arguments], int]] = {
    "run": _program,
    "test": _test,
    "lint": _lint,
    "format": _format,
    "bench": _script("tests/bench/run.py", []),
    "shots": _script("tests/gallery/render.py", ["--out", str(CHECKOUT / "build" / "gallery")]),
    "lock": _lock,
    "build": _build,
    "icons": _icons,
    "bundle": _bundle,
    "deb": _deb,
    "flatpak": _flatpak,
    "bill": _bill,
}
