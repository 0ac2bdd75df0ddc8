"""Locates the files of `resources/`: inside the package in a wheel, beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def resources_folder(package: Path = _PACKAGE) -> Path:
    """The folder that holds the resources. Raises `FileNotFoundError` if there is none."""
    for folder in (package / "resources", package.parent / "resources"):
        if (folder / "translations").is_dir():
            return folder
    raise FileNotFoundError(f"no resources folder in or beside {package.name}")


def resource(*parts: str) -> Path:
    """The path of one file of the resources, e.g. `resource("icons", "tidegauge.svg")`."""
    return resources_folder().joinpath(*parts)
