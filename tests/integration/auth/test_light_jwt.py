"""Reading claims without the weight of signature checking."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
{before}
from app.auth.light_jwt import import_light_jwt
from app.auth.tokens import read_claims
import_light_jwt()
assert read_claims("eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln") == {{"a": 1}}
import_light_jwt()
loaded = [name for name in sys.modules if name.partition(".")[0] == "cryptography"]
assert bool(loaded) == {loaded}, loaded
"""


@pytest.mark.parametrize(("before", "loaded"), [("", False), ("import cryptography", True)])
def test_cryptography_is_loaded_only_if_somebody_else_needs_it(before: str, loaded: bool) -> None:
    code = PROGRAM.format(before=before, loaded=loaded)
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
