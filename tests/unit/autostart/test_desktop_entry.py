"""Quoting by the specification, and reading back what anybody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.autostart.desktop_entry import (
    entry,
    hidden_entry,
    is_shown_in,
    program_of,
    read_entry,
)
from app.errors import AppError, FaultKind

# T-47: what an install path may hold.
HOSTILE = [
    "/opt/tidegauge/tidegauge",
    "/srv/ann/my programs/tidegauge",
    "/opt/100% real/tidegauge",
    '/opt/"quoted"/tidegauge',
    "/opt/it's/tidegauge",
    "/opt/back\\slash/tidegauge",
    "/opt/$HOME/`id`/tidegauge",
    "/opt/a;b|c&d>e<f(g)*?#~/tidegauge",
    "/opt/%u%f/tidegauge",
    "/opt/潮汐/tidegauge",
]


def written(program: str, *arguments: str) -> str:
    return entry((program, *arguments), name="Tidegauge", icon="icon", comments={"": "One line."})


@pytest.mark.parametrize("program", HOSTILE)
def test_the_program_is_read_back_as_it_was(program: str) -> None:
    """T-47"""
    values = read_entry(written(program, "--autostarted"))
    assert program_of(values["Exec"]) == program
    assert values["TryExec"] == program


@given(st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="="), min_size=1))
def test_any_printable_path_survives(name: str) -> None:
    """T-47"""
    program = f"/opt/{name} x/tidegauge"
    values = read_entry(written(program, "--autostarted"))
    assert program_of(values["Exec"]) == program
    assert values["Exec"].endswith(" --autostarted")


@pytest.mark.parametrize("program", ["/opt/new\nline/x", "/opt/a=b/x", "/opt/\x1b[31m/x", "/a\tb"])
def test_a_path_that_no_entry_can_name_is_refused(program: str) -> None:
    """T-47"""
    with pytest.raises(AppError) as caught:
        written(program)
    assert caught.value.fault.kind is FaultKind.CONFIGURATION


def test_the_entry_says_what_desktops_ask() -> None:
    text = entry(
        ("/usr/bin/tidegauge", "--autostarted", "two words", ""),
        name="Tidegauge",
        icon="io.github.tidegauge.Tidegauge",
        comments={"": "Shows the limits", "zh_CN": "显示限额"},
    )
    assert text.splitlines() == [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Tidegauge",
        "Comment=Shows the limits",
        "Comment[zh_CN]=显示限额",
        'Exec=/usr/bin/tidegauge --autostarted "two words" ""',
        "TryExec=/usr/bin/tidegauge",
        "Icon=io.github.tidegauge.Tidegauge",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
        "X-KDE-autostart-after=panel",
    ]


def test_a_hidden_entry_switches_one_of_the_system_off() -> None:
    assert read_entry(hidden_entry("Tidegauge"))["Hidden"] == "true"


def test_only_the_main_group_counts_and_the_first_of_two() -> None:
    text = (
        "# a comment = no key\nExec=before any group\n[Desktop Action show]\nExec=other\n"
        "[Desktop Entry]\n  Exec = one \nExec=two\n#Exec=three\nno key here\n"
        "[Desktop Action quit]\nExec=four\n"
    )
    assert read_entry(text) == {"Exec": "one"}


@pytest.mark.parametrize(
    ("value", "program"),
    [
        ("", ""),
        ("   ", ""),
        ("tidegauge %U", "tidegauge"),
        ("%U tidegauge", "tidegauge"),
        ('"/opt/a b/x" --y', "/opt/a b/x"),
        ('"/opt/never closed', "/opt/never closed"),
        ('"/opt/\\"', '/opt/"'),
        ('"/opt/\\', "/opt/"),
        ("a\tb", "a"),
        ("env A=b tidegauge", "tidegauge"),
        ('/usr/bin/env "/opt/100%% real/x" --y', "/opt/100% real/x"),
        ("env A=b", "env"),
        ("env", "env"),
    ],
)
def test_the_program_of_an_exec_value(value: str, program: str) -> None:
    assert program_of(value) == program


def test_escapes_of_values() -> None:
    values = read_entry("[Desktop Entry]\nName=a\\sb\\nc\\td\\re\\\\f\\xg\\")
    assert values["Name"] == "a b\nc\td\re\\f\\xg\\"


@pytest.mark.parametrize(
    ("values", "desktops", "is_shown"),
    [
        ({}, "", True),
        ({}, "ubuntu:GNOME", True),
        ({"OnlyShowIn": "KDE;LXQt;"}, "ubuntu:GNOME", False),
        ({"OnlyShowIn": "KDE;LXQt;"}, "LXQt", True),
        ({"OnlyShowIn": "KDE;"}, "", False),
        ({"OnlyShowIn": ";"}, "", True),
        ({"NotShowIn": "GNOME;"}, "ubuntu:GNOME", False),
        ({"NotShowIn": "GNOME;"}, "KDE", True),
        ({"NotShowIn": "GNOME;"}, "", True),
    ],
)
def test_an_entry_may_be_for_some_desktops_only(
    values: dict[str, str], desktops: str, is_shown: bool
) -> None:
    assert is_shown_in(values, desktops) is is_shown
