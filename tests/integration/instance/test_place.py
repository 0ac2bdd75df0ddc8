"""The lock and the socket of the one program, on a real file system."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.instance.client import Outcome, tell
from app.instance.messages import Message, Verb
from app.instance.place import Instance, Place, listen
from app.paths import Paths

CHECKOUT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets in folders")

_HOLDER = """
import sys, time
from pathlib import Path
from app.instance.place import Place, listen
from app.paths import Paths
instance = Place(Paths.below(Path(sys.argv[1]))).take()
instance and instance.open(listen)
print("taken" if instance else "refused", flush=True)
time.sleep(60)
"""


def place_in(folder: Path) -> Place:
    return Place(Paths.below(folder))


def taken(place: Place) -> Instance:
    instance = place.take()
    assert instance is not None
    instance.open(listen)
    return instance


def test_the_second_finds_it_taken_until_the_first_leaves(tmp_path: Path) -> None:
    """F-D13"""
    first = taken(place_in(tmp_path))
    assert place_in(tmp_path).take() is None
    first.close()
    taken(place_in(tmp_path)).close()


def test_the_demo_lives_beside_the_real_program(tmp_path: Path) -> None:
    first = taken(place_in(tmp_path))
    demo = taken(Place(Paths.below(tmp_path), demo=True))
    demo.close()
    first.close()


def test_lock_and_socket_are_private_and_only_the_lock_stays(tmp_path: Path) -> None:
    """T-44, T-46"""
    place = place_in(tmp_path)
    instance = taken(place)
    modes = [stat.S_IMODE(os.stat(p).st_mode) for p in (place.folder, place.lock, place.socket)]
    assert modes == [0o700, 0o600, 0o600]
    instance.close()
    assert place.lock.exists()
    assert not place.socket.exists()


def test_what_a_killed_program_left_is_taken_over(tmp_path: Path) -> None:
    """F-D07, F-D14, T-46"""
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"taken\n"
            assert place_in(tmp_path).take() is None
            holder.send_signal(signal.SIGKILL)
            holder.wait(10)
        place = place_in(tmp_path)
        assert place.socket.exists()
        taken(place).close()


def test_removed_files_are_noticed_and_made_anew(tmp_path: Path) -> None:
    """F-D14: somebody cleans up the folder while the program runs."""
    place = place_in(tmp_path)
    instance = taken(place)
    assert instance.is_intact()
    place.lock.unlink()
    assert not instance.is_intact()
    assert instance.renew()
    assert instance.is_intact()
    assert place_in(tmp_path).take() is None
    place.socket.unlink()
    assert not instance.is_intact()
    assert instance.renew()
    instance.open(listen)
    assert instance.is_intact()
    instance.close()


def test_who_was_replaced_meanwhile_does_not_take_the_place_back(tmp_path: Path) -> None:
    """F-D14"""
    place = place_in(tmp_path)
    first = taken(place)
    place.lock.unlink()
    second = taken(place_in(tmp_path))
    assert not first.renew()
    first.close()
    assert place.socket.exists()
    assert second.is_intact()
    second.close()
    assert not place.socket.exists()


def test_something_else_in_the_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    """T-46, T-40"""
    place = place_in(tmp_path)
    place.folder.mkdir(mode=0o700)
    (tmp_path / "target").write_text("kept")
    place.lock.symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match=r".+"):
        place.take()
    assert (tmp_path / "target").read_text() == "kept"


def test_a_folder_too_deep_for_a_socket_still_has_its_lock(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    instance = taken(place_in(deep))
    assert instance.listener is None
    assert instance.is_intact()
    assert place_in(deep).take() is None
    instance.close()


def test_without_anybody_the_wait_ends(tmp_path: Path) -> None:
    """F-D15"""
    assert tell(tmp_path / "none", Message(Verb.SHOW), 0.1) is Outcome.NOBODY


def test_a_program_that_hangs_is_told_from_none(tmp_path: Path) -> None:
    """F-D15: the listener is there, nobody reads."""
    instance = taken(place_in(tmp_path))
    assert tell(instance.place.socket, Message(Verb.SHOW), 0.2) is Outcome.SILENT
    instance.close()
