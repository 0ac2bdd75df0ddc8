"""Only this installation decides what code its processes run (T-48, T-50).

Not the working directory, not the variables of Python and not those of Qt: they are put aside
before anything else is imported, so this module imports nothing but what every Python has loaded.
What Python itself has read by them before the program's first line (`sitecustomize`, a module in
the place of another) cannot be taken back, so such a start begins anew without them.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` may be somebody else's still
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

# They decide what Python imports, or what it runs before and after the program.
_OF_PYTHON = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "PYTHONPLATLIBDIR",
    "PYTHONPYCACHEPREFIX",
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "PYTHONBREAKPOINT",
)
# They name folders of code, or plugins that listen on a port.
_OF_QT = (
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "QT_QPA_GENERIC_PLUGINS",
    "QML_IMPORT_PATH",
    "QML2_IMPORT_PATH",
)
_PLATFORM = "QT_QPA_PLATFORM"
# The others draw on a bare screen, or hand the windows to whoever connects (`vnc`).
_PLATFORMS = ("xcb", "wayland", "wayland-egl", "offscreen", "minimal", "windows", "cocoa")
_BOOTSTRAP = (
    "import sys; folder = sys.argv[1]; del sys.argv[:2]; "
    "folder in sys.path or sys.path.insert(0, folder); "
    "from app.__main__ import main; sys.exit(main())"
)


def isolate() -> None:
    """Let nothing from outside be imported from now on; perhaps this process begins anew."""
    own = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if not getattr(sys, "frozen", False):
        if _can_begin_anew(os.environ):
            _begin_anew(own)
        sys.path[:] = kept_path(sys.path, os.environ, own, is_safe=sys.flags.safe_path)
    forget_variables(os.environ, bundle=getattr(sys, "_MEIPASS", ""))


def leave_working_directory() -> None:
    """Stand in the home folder: a program that runs for weeks holds on to no other (T-50)."""
    for folder in (os.path.expanduser("~"), os.sep):
        try:
            os.chdir(folder)
        except OSError:
            continue
        return


def kept_path(
    path: list[str], environment: Mapping[str, str], own: str, *, is_safe: bool
) -> list[str]:
    """`path` without what the variables and the way of the start have put there.

    `own` is the folder of `app`, which stays; `is_safe`: Python was told not to put the folder of
    the script, or the working directory, in front.
    """
    foreign = set(filter(None, environment.get("PYTHONPATH", "").split(os.pathsep)))
    if not is_safe and path:
        foreign.add(path[0])
    foreign.discard("")
    real = {os.path.realpath(folder) for folder in foreign}
    return [
        folder
        for folder in path
        if folder and (os.path.realpath(folder) == own or os.path.realpath(folder) not in real)
    ]


def forget_variables(environment: MutableMapping[str, str], *, bundle: str = "") -> None:
    """Take out what decides over code; the children inherit what is left.

    `bundle` is the folder of a frozen program, whose own start has set some of them.
    """
    for name in (*_OF_PYTHON, *_OF_QT):
        if not bundle or not environment.get(name, "").startswith(bundle + os.sep):
            environment.pop(name, None)
    platforms = environment.get(_PLATFORM, "")
    if any(one.partition(":")[0] not in _PLATFORMS for one in platforms.split(";") if one):
        del environment[_PLATFORM]


def _can_begin_anew(environment: Mapping[str, str]) -> bool:
    """Python has heeded such variables. On Windows a process cannot take another's place."""
    is_told = any(environment.get(name) for name in _OF_PYTHON)
    return is_told and not sys.flags.ignore_environment and os.name == "posix"


def _begin_anew(own: str) -> None:
    options = [f"-W{one}" for one in sys.warnoptions]
    options += [
        f"-X{name}" if value is True else f"-X{name}={value}"
        for name, value in sys._xoptions.items()
    ]
    words = [sys.executable, "-E", "-P", *options, "-c", _BOOTSTRAP, own, *sys.argv]
    try:
        os.execv(sys.executable, words)  # noqa: S606 - our own interpreter
    except OSError:
        return
