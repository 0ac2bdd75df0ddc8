"""GET `codex/models` of the simulator."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.simulator import issue_tokens

from app.simulator.server import Simulator


def fetch(simulator: Simulator, version: str | None, **headers: str) -> httpx.Response:
    return httpx.get(
        f"{simulator.url}/backend-api/codex/models",
        params={} if version is None else {"client_version": version},
        headers={**issue_tokens(simulator).headers, **headers},
        trust_env=False,
    )


def slugs(reply: httpx.Response) -> set[str]:
    models: list[dict[str, Any]] = reply.json()["models"]
    return {model["slug"] for model in models}


@pytest.mark.parametrize("version", ["0.169.0", "0.155.0", "1.0.0"])
def test_current_clients_see_the_whole_list(simulator: Simulator, version: str) -> None:
    reply = fetch(simulator, version)
    assert {"gpt-6-sol", "gpt-6-luna", "gpt-6.1-sol", "gpt-5.5"} <= slugs(reply)
    listed = [model for model in reply.json()["models"] if model["visibility"] == "list"]
    assert min(listed, key=lambda model: model["priority"])["slug"] == "gpt-6.1-sol"
    assert reply.json()["models"] != sorted(
        reply.json()["models"], key=lambda model: model["priority"]
    )


@pytest.mark.parametrize("version", ["0.153.3", "0.0.0", "0.72.0"])
def test_old_clients_do_not_see_the_newest(simulator: Simulator, version: str) -> None:
    assert slugs(fetch(simulator, version)).isdisjoint({"gpt-6-sol", "gpt-6-luna"})
    assert "gpt-6.1-sol" in slugs(fetch(simulator, version))


@pytest.mark.parametrize("version", [None, "", "new", "1.2"])
def test_version_is_required(simulator: Simulator, version: str | None) -> None:
    assert fetch(simulator, version).status_code == 400


def test_unchanged_list_is_not_sent_again(simulator: Simulator) -> None:
    tag = fetch(simulator, "0.169.0").headers["etag"]
    again = fetch(simulator, "0.169.0", **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert fetch(simulator, "0.153.3", **{"if-none-match": tag}).status_code == 200


def test_token_is_required(simulator: Simulator) -> None:
    url = f"{simulator.url}/backend-api/codex/models?client_version=0.169.0"
    assert httpx.get(url, trust_env=False).status_code == 401
