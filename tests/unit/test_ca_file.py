"""A file of certificates is judged before anything relies on it."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest
import trustme

from app.ca_file import LARGEST_FILE, UnusableCaFileError, full_path, read_ca_file
from app.settings import CaProblem


def problem_of(path: Path | str) -> CaProblem:
    with pytest.raises(UnusableCaFileError) as caught:
        read_ca_file(str(path))
    return caught.value.problem


@pytest.fixture
def pem() -> bytes:
    return trustme.CA().cert_pem.bytes()


def test_every_certificate_is_read_and_nothing_else(tmp_path: Path, pem: bytes) -> None:
    file = tmp_path / "own.pem"
    second = trustme.CA().cert_pem.bytes()
    file.write_bytes(
        "\ufeff# Prüfstelle\r\n".encode() + pem + "— und noch eine\n".encode() + second
    )

    found = read_ca_file(str(file))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=found)
    assert len(context.get_ca_certs()) == 2
    assert "noch" not in found


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", CaProblem.NOT_PEM),
        (b"hello", CaProblem.NOT_PEM),
        (b"\x30\x82\x01\x01" + bytes(300), CaProblem.NOT_PEM),  # DER
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            CaProblem.NOT_PEM,
        ),
        (b"x" * (LARGEST_FILE + 1), CaProblem.TOO_LARGE),
    ],
)
def test_what_holds_no_certificates(tmp_path: Path, content: bytes, problem: CaProblem) -> None:
    file = tmp_path / "own.pem"
    file.write_bytes(content)
    assert problem_of(file) is problem


def test_a_private_key_is_never_taken_even_beside_a_certificate(tmp_path: Path) -> None:
    made = trustme.CA().issue_cert("a.invalid")
    file = tmp_path / "own.pem"
    file.write_bytes(made.private_key_and_cert_chain_pem.bytes())
    assert problem_of(file) is CaProblem.PRIVATE_KEY


def test_what_is_no_file(tmp_path: Path) -> None:
    """A pipe does not make anybody wait."""
    os.mkfifo(tmp_path / "pipe")
    assert problem_of(tmp_path / "missing.pem") is CaProblem.MISSING
    assert problem_of(tmp_path) is CaProblem.UNREADABLE
    assert problem_of(tmp_path / "pipe") is CaProblem.UNREADABLE
    assert problem_of("a\0b") is CaProblem.UNREADABLE
    assert problem_of("") is CaProblem.MISSING


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError

    with monkeypatch.context() as patched:  # whoever clears up opens files, too
        patched.setattr(os, "open", refused)
        assert problem_of(tmp_path / "own.pem") is CaProblem.UNREADABLE


def test_a_path_means_the_same_file_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pem: bytes
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.pem").write_bytes(pem)
    assert full_path("") == ""
    assert full_path("file:///a%20b/own.pem") == "/a b/own.pem"
    assert full_path("~/own.pem") == full_path("own.pem") == str(tmp_path / "own.pem")
    assert read_ca_file("~/own.pem") == read_ca_file(str(tmp_path / "own.pem"))
