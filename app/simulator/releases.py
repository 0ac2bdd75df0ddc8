"""The page that tells the newest release: JSON with an entity tag, answered once per version."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.simulator.models import etag
from app.simulator.state import ServiceState

PATH = "/releases/latest.json"


class ReleaseRoutes:
    """Behind no token: anybody may ask."""

    def __init__(self, state: ServiceState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        return [Route(PATH, self._latest, methods=["GET"])]

    async def _latest(self, request: Request) -> Response:
        body = json.dumps({"version": self._state.newest_release}).encode()
        tag = etag(body)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(body, media_type="application/json", headers={"etag": tag})
