"""A browser on another computer: nobody listens where the sign-in sends it."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from app.simulator.accounts import ANN


class _Form(HTMLParser):
    action = ""
    page = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = names.get("action", "")
        elif names.get("name") == "page":
            self.page = names.get("value", "")


def last_address(address: str, account: str = ANN.email, decision: str = "allow") -> str:
    """Sign in at the simulator's page; the address it redirects to, which does not load."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        form = _Form()
        form.feed(connection.getresponse().read().decode())
        action = urlsplit(urljoin(address, form.action)).path
        body = urlencode({"page": form.page, "account": account, "decision": decision})
        headers = {"content-type": "application/x-www-form-urlencoded"}
        connection.request("POST", action, body, headers)
        reply = connection.getresponse()
        assert reply.status == 302, reply.status
        return str(reply.headers["location"])
    finally:
        connection.close()
