"""Looks for secrets in files and memory, in every form in which a program might leave one."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote

from app.simulator.server import Simulator

_SHORTEST = 16  # characters: what is shorter is found by chance


def forms_of(secret: str) -> dict[str, bytes]:
    """The secret by the name of the form: raw, base64 at each of its three alignments, hex, …"""
    raw = secret.encode()
    forms = {
        "raw": raw,
        "URL": quote(secret, safe="").encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "JSON in JSON": json.dumps(json.dumps(secret))[3:-3].encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "UTF-16LE": secret.encode("utf-16-le"),
        "UTF-16BE": secret.encode("utf-16-be"),
    }
    for shift in range(3):
        # What surrounds the secret changes the characters at its two ends only.
        text = base64.b64encode(b"\0" * shift + raw)[4:-4]
        forms[f"base64+{shift}"] = text
        forms[f"base64url+{shift}"] = text.replace(b"+", b"-").replace(b"/", b"_")
    return forms


def hits(secrets: Mapping[str, str], content: bytes) -> list[str]:
    """`name as form` for every secret that `content` holds, packed streams included."""
    assert all(len(secret) >= _SHORTEST for secret in secrets.values())
    found = []
    for layer in (content, *_unpacked(content)):
        for name, secret in secrets.items():
            found += [
                f"{name} as {form}" for form, word in forms_of(secret).items() if word in layer
            ]
    return found


def hits_in_files(
    secrets: Mapping[str, str], folders: Iterable[Path], without: Iterable[Path] = ()
) -> list[str]:
    """`path: name as form` for every secret in any file below `folders`, names included."""
    left_out = set(without)
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if left_out & {path, *path.parents}:
                continue
            found += [f"{path}: {hit}" for hit in hits(secrets, str(path).encode())]
            if path.is_file() and not path.is_symlink():
                found += [f"{path}: {hit}" for hit in hits(secrets, path.read_bytes())]
    return found


def secrets_of_life(simulator: Simulator) -> dict[str, str]:
    """All that one sign-in and its refreshes brought about and nobody else may learn."""
    found: dict[str, str] = {}
    for request in simulator.requests:
        query = parse_qs(request.query)
        for name in ("state", "code_challenge", "code"):
            found |= {f"{name} {value}": value for value in query.get(name, [])}
        if request.path == "/oauth/token":
            body = request.form()
            if "code_verifier" not in body:
                sent = request.json()
                assert isinstance(sent, dict)
                body = sent
            for name in ("code", "code_verifier", "refresh_token"):
                found |= {f"{name} {body[name]}": body[name]} if name in body else {}
        bearer = (request.header("authorization") or "").removeprefix("Bearer ")
        if bearer:
            found[f"access token {bearer}"] = bearer
            found[f"signature {bearer}"] = bearer.rpartition(".")[2]
    kinds: dict[str, int] = {}
    named = {}
    for name, value in found.items():
        kind = name.partition(" ")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
        named[f"{kind} {kinds[kind]}"] = value
    return named


def _unpacked(content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    elif content[:1] == b"\x78":
        try:
            yield zlib.decompress(content)
        except zlib.error:
            return
