"""The log file: private, rotating, without secrets, and never a reason to fail."""

from __future__ import annotations

import logging
import os
import re
import stat
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import logs
from app.paths import Paths

LOG = logging.getLogger("app.test_logs")
ROOT = Path(__file__).parents[2]
SECRET = "live-secret-0123456789"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.below(tmp_path)


@pytest.fixture
def running(paths: Paths) -> Iterator[Path]:
    undo = logs.set_up(paths)
    yield paths.log_file
    undo()


def test_a_record_becomes_one_line_with_time_and_name(running: Path) -> None:
    LOG.info("polled %s", "usage")

    line = running.read_text("utf-8")
    assert line.endswith(" INFO app.test_logs: polled usage\n")
    assert line[4] == "-"


def test_file_and_folder_are_private(running: Path) -> None:
    """F-D27."""
    assert stat.S_IMODE(running.stat().st_mode) == 0o600
    assert stat.S_IMODE(running.parent.stat().st_mode) == 0o700


def test_nothing_below_info_unless_debugging(running: Path) -> None:
    LOG.debug("not this")
    logging.getLogger("httpx").info("nor this")
    logging.getLogger("httpcore.http11").info("nor that")

    assert running.read_text() == ""


def test_debugging_logs_everything_of_ours_to_the_terminal_too(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    undo = logs.set_up(paths, debug=True)
    LOG.debug("ours")
    logging.getLogger("httpx").info("not theirs")
    logging.getLogger("asyncio").debug("not theirs")
    undo()

    for text in (paths.log_file.read_text(), capsys.readouterr().err):
        assert "DEBUG app.test_logs: ours" in text
        assert "theirs" not in text


def test_undoing_leaves_nothing_behind(paths: Paths) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("httpx").level)

    logs.set_up(paths)()

    assert (root.level, list(root.handlers), logging.getLogger("httpx").level) == before


@pytest.mark.expected_log("failed|py.warnings")
def test_secrets_are_gone_from_every_part_of_a_record(running: Path, private_home: Path) -> None:
    """T-35: message, arguments, exception chain, stack, warnings."""
    logs.remember_secret(SECRET)
    LOG.info(f"in the message {SECRET}")
    LOG.info("in the arguments %s %r", SECRET, {"refresh_token": "short"})
    LOG.info("in a mapping %(a)s", {"a": SECRET})
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(f"Bearer {SECRET[::-1]}") from error
    except RuntimeError:
        LOG.exception("failed", stack_info=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"look at {SECRET}", ResourceWarning, stacklevel=1)
    LOG.info("mail ann@example.com in %s", private_home / "x")

    text = running.read_text("utf-8")
    assert "Traceback" in text
    assert "ResourceWarning" in text
    assert "in ~/x" in text
    for hidden in (SECRET, SECRET[::-1], "short", "ann@", str(private_home)):
        assert hidden not in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
@given(
    secret=st.text(st.characters(exclude_categories=("C", "Z")), min_size=8, max_size=60),
    form=st.sampled_from(["%s", "a %s b", "%r", "[%s]", "%-90s"]),
    with_error=st.booleans(),
)
def test_any_live_secret_in_any_record_is_gone(
    running: Path, secret: str, form: str, with_error: bool
) -> None:
    """T-35, figure 28."""
    logs.remember_secret(secret)
    os.truncate(running, 0)
    error = ValueError(f"x{secret}x") if with_error else None

    LOG.info(form, secret, exc_info=error)
    LOG.info(form.replace("%s", secret.replace("%", "%%")).replace("%r", "").replace("%-90s", ""))

    prefix = "x***x *** [***] a b"
    assert secret not in running.read_text("utf-8") or secret in prefix


def test_a_passing_secret_is_known_for_as_long_as_it_passes(running: Path) -> None:
    """Figure 13: afterwards nothing here keeps it alive; others are not forgotten with it."""
    first, second, lasting = "first-passing-secret", "second-passing-secret", "a-lasting-secret"
    logs.remember_secret(lasting)
    with logs.passing_secrets(first) as remember:
        remember(second)
        LOG.info("%s %s %s", first, second, lasting)
        logs.forget_secrets(second)
    assert not {first, second} & set(logs._live_secrets)
    assert lasting in logs._live_secrets
    logs.forget_secrets(lasting, "never remembered")
    assert lasting not in logs._live_secrets
    text = running.read_text("utf-8")
    assert not [secret for secret in (first, second, lasting) if secret in text]


def test_short_words_are_not_taken_for_secrets(running: Path) -> None:
    logs.remember_secret("is")
    logs.remember_secret("")
    LOG.info("this is it")

    assert "this is it" in running.read_text()


def test_a_message_cannot_forge_a_line(running: Path) -> None:
    LOG.info("one\n2026-01-01 INFO app: forged\x1b[2J")

    text = running.read_text("utf-8")
    assert text.count("\n") == 1
    assert "\\x0a" in text
    assert "\\x1b" in text


def test_old_lines_rotate_away(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-D27: at most 5 files of 1 MiB, here of less."""
    assert (logs.LARGEST_FILE, logs.OLD_FILES) == (1 << 20, 4)
    monkeypatch.setattr(logs, "LARGEST_FILE", 2000)
    undo = logs.set_up(paths)
    for number in range(200):
        LOG.info("line %d", number)
    undo()

    files = sorted(paths.logs.iterdir())
    assert len(files) == 5
    assert all(file.stat().st_size <= 2000 for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert paths.log_file.read_text().endswith("line 199\n")


def test_a_rotation_that_fails_loses_no_line(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D27: another process holds a file, as happens on Windows."""
    running.write_bytes(b"x" * logs.LARGEST_FILE)
    monkeypatch.setattr(os, "replace", _refuse)

    LOG.info("first")
    LOG.info("second")

    assert running.read_text().count("\n") == 2


def test_the_full_file_is_closed_before_it_is_moved_away(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D27: Windows renames no open file."""
    (handler,) = (
        h for h in logging.getLogger().handlers if isinstance(h, logs._PrivateFileHandler)
    )
    full, replace = handler.stream, os.replace
    assert full is not None

    def replace_closed(source: str, target: str) -> None:
        if not full.closed:
            raise PermissionError(13, "used by another process")
        replace(source, target)

    monkeypatch.setattr(os, "replace", replace_closed)
    running.write_bytes(b"x" * logs.LARGEST_FILE)
    LOG.info("told")

    assert running.read_text("utf-8").count("\n") == 1
    assert running.with_name("tidegauge.log.1").stat().st_size == logs.LARGEST_FILE


def test_a_file_that_cannot_be_opened_for_a_while_is_tried_again(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D27: too many open files, just when the full one was moved away."""
    with monkeypatch.context() as patch:
        patch.setattr(logs, "LARGEST_FILE", 10)
        patch.setattr(logs._PrivateFileHandler, "_open", _refuse)
        LOG.info("lost")
    LOG.info("told")

    assert running.read_text("utf-8").count("\n") == 1
    assert "told" in running.read_text("utf-8")


def _refuse(*_arguments: object) -> None:
    raise PermissionError(13, "not now")


def test_two_processes_that_share_the_file_rotate_it_once(paths: Paths) -> None:
    """F-D27: the second one finds it moved away and goes on in the new one."""
    first = logs.set_up(paths)
    second = logs.set_up(paths)  # a handler of its own, as another process has
    paths.log_file.write_bytes(b"x" * logs.LARGEST_FILE)
    LOG.info("told")
    second()
    first()

    assert sorted(file.name for file in paths.logs.iterdir()) == [
        "tidegauge.log",
        "tidegauge.log.1",
    ]
    assert paths.log_file.read_text("utf-8").count("told") == 2


def test_many_processes_that_find_it_full_at_once_rotate_it_once(paths: Paths) -> None:
    """F-D27: no old file is pushed out by an empty one, and no line is torn."""
    script = """
import sys, logging
from pathlib import Path
from app import logs
from app.paths import Paths
logs.LARGEST_FILE = 8_000
logs.set_up(Paths.below(Path(sys.argv[1])))
sys.stdin.readline()
for number in range(400):
    logging.getLogger("many").info("%s %04d %s", sys.argv[2], number, "x" * 60)
"""
    root = paths.logs.parent
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(root), name], cwd=ROOT, stdin=subprocess.PIPE
        )
        for name in "abcd"
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    assert [process.wait(60) for process in started] == [0] * 4
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
    files = sorted(paths.logs.iterdir())
    assert len(files) == 1 + logs.OLD_FILES
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert all(re.search(r" many: [a-d] \d{4} x{60}$", line) for line in lines)
    assert all(file.stat().st_size > 6_000 for file in files if file != paths.log_file)


def test_a_full_disk_is_no_reason_to_fail(
    running: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """F-D27."""
    (handler,) = (
        h for h in logging.getLogger().handlers if isinstance(h, logs._PrivateFileHandler)
    )

    def full(_text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handler.stream, "write", full)
    LOG.info("lost")

    assert capsys.readouterr().err == ""


def test_without_a_place_for_the_file_warnings_go_to_the_terminal(
    paths: Paths, capsys: pytest.CaptureFixture[str], expected_log: Callable[[str], None]
) -> None:
    """F-D09, F-D27."""
    expected_log("no log file|something")
    paths.logs.write_text("a file where the folder should be")
    undo = logs.set_up(paths)
    LOG.info("not shown")
    LOG.warning("something with Bearer %s", SECRET)
    undo()

    shown = capsys.readouterr().err
    assert "no log file" in shown
    assert "something with Bearer ***" in shown
    assert "not shown" not in shown


def test_a_link_in_place_of_the_file_is_not_followed(
    paths: Paths, expected_log: Callable[[str], None]
) -> None:
    """T-40."""
    expected_log("no log file")
    paths.logs.mkdir(mode=0o700)
    target = paths.logs.parent / "target"
    paths.log_file.symlink_to(target)

    logs.set_up(paths)()

    assert not target.exists()


def test_without_a_terminal_there_is_silence(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    """As in a windowed program on Windows, where there is no stderr."""
    expected_log("no log file|lost")
    paths.logs.write_text("")
    monkeypatch.setattr(sys, "stderr", None)
    root = logging.getLogger()
    before = tuple(root.handlers)
    undo = logs.set_up(paths)
    LOG.warning("lost")
    added = [type(one) for one in root.handlers if one not in before]
    undo()
    assert added == [logging.NullHandler]


def test_a_closed_terminal_is_no_reason_to_fail(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    expected_log("gone")
    with open(os.devnull, "w", encoding="utf-8") as closed:
        monkeypatch.setattr(sys, "stderr", closed)
        undo = logs.set_up(paths, debug=True)
    LOG.warning("gone")
    undo()
