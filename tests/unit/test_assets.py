"""The resources are found in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.assets import resource, resources_folder


def test_in_a_checkout_they_lie_beside_the_package() -> None:
    assert resource("translations", "zh_CN.po").is_file()
    assert resource("icons").is_dir()


def test_in_a_wheel_they_lie_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "app"
    (package / "resources" / "translations").mkdir(parents=True)
    (tmp_path / "resources" / "translations").mkdir(parents=True)

    assert resources_folder(package) == package / "resources"


def test_without_any_the_error_says_so(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()  # somebody else's folder of that name

    with pytest.raises(FileNotFoundError):
        resources_folder(tmp_path / "app")


def test_every_asset_has_an_origin() -> None:
    """resources/README.md names each file, or the folder that holds it."""
    folder = resource()
    readme = (folder / "README.md").read_text("utf-8")
    files = [p.relative_to(folder) for p in folder.rglob("*.*") if p.name != "README.md"]

    unnamed = [
        path.as_posix()
        for path in files
        if f"`{path.as_posix()}`" not in readme and f"`{path.parts[0]}/`" not in readme
    ]

    assert files
    assert not unnamed
