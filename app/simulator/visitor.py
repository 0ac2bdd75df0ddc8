"""A person at the sign-in page: opens it, picks an account, decides, follows the redirects.

Like a browser it keeps cookies per host and sends `Sec-Fetch-*`; unlike one it goes nowhere
but loopback.
"""

from __future__ import annotations

import http.client
import ipaddress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

MAX_REDIRECTS = 10
TIMEOUT_S = 30.0


class VisitError(Exception):
    """The visit could not go on: no form, an error page, an address off loopback."""


@dataclass(frozen=True, slots=True)
class LastPage:
    """Where the visit ended."""

    url: str
    status: int
    text: str


def visit(
    authorize_url: str, account: str = "ann@example.com", decision: str = "allow"
) -> LastPage:
    """Open `authorize_url` (or a local page that leads there), decide and go on to the callback.

    `account` is the e-mail address on the page, `decision` "allow" or "deny". Returns the page
    the browser would show at the end, whatever its status. Blocking. Raises `VisitError`, and
    `OSError` when nobody listens.
    """
    browser = _Browser()
    page = browser.get(authorize_url)
    form = _Form.read(page)
    fields = {**form.hidden, "account": account, "decision": decision}
    if account not in form.accounts:
        message = f"the page offers no account {account!r}"
        raise VisitError(message)
    return browser.post(urljoin(page.url, form.action), fields)


def approve_device(
    page_url: str, user_code: str, account: str = "ann@example.com", decision: str = "allow"
) -> LastPage:
    """Type a device code into the page at `page_url` and decide."""
    browser = _Browser()
    page = browser.get(page_url)
    form = _Form.read(page)
    fields = {**form.hidden, "user_code": user_code, "account": account, "decision": decision}
    return browser.post(urljoin(page.url, form.action), fields)


@dataclass(slots=True)
class _Browser:
    """Follows redirects; one new connection for each request."""

    cookies: dict[str, dict[str, str]] = field(default_factory=dict)  # host -> name -> value

    def get(self, url: str) -> LastPage:
        return self._follow("GET", url, b"", "none")

    def post(self, url: str, fields: dict[str, str]) -> LastPage:
        return self._follow("POST", url, urlencode(fields).encode("ascii"), "same-origin")

    def _follow(self, method: str, url: str, body: bytes, site: str) -> LastPage:
        for _ in range(MAX_REDIRECTS):
            page, location = self._request(method, url, body, site)
            if location is None:
                return page
            target = urljoin(url, location)
            if urlsplit(target).netloc != urlsplit(url).netloc and site != "none":
                site = "cross-site"
            method, url, body = "GET", target, b""
        message = "too many redirects"
        raise VisitError(message)

    def _request(
        self, method: str, url: str, body: bytes, site: str
    ) -> tuple[LastPage, str | None]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "http" or not _is_loopback(host):
            message = f"the visitor stays on loopback, not {parts.scheme}://{host}"
            raise VisitError(message)
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target or "/", body or None, self._headers(url, body, site))
            reply = connection.getresponse()
            text = reply.read().decode("utf-8", "replace")
            self._keep_cookies(host, reply.headers.get_all("set-cookie", []))
            location = reply.headers.get("location") if 300 <= reply.status < 400 else None
            return LastPage(url, reply.status, text), location
        finally:
            connection.close()

    def _headers(self, url: str, body: bytes, site: str) -> dict[str, str]:
        parts = urlsplit(url)
        headers = {
            "Upgrade-Insecure-Requests": "1",
            "User-Agent": "Mozilla/5.0 (simulated visitor)",
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            "Sec-Fetch-Site": site,
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-User": "?1",
            "Sec-Fetch-Dest": "document",
            "Accept-Encoding": "identity",
            "Accept-Language": "en",
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
        cookies = self.cookies.get(parts.hostname or "", {})
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return headers

    def _keep_cookies(self, host: str, lines: list[str]) -> None:
        jar = self.cookies.setdefault(host, {})
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    jar.pop(name, None)
                else:
                    jar[name] = morsel.coded_value


class _Form(HTMLParser):
    """The first form of a page: where it posts, its hidden fields, the accounts it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.accounts: list[str] = []

    @classmethod
    def read(cls, page: LastPage) -> _Form:
        form = cls()
        form.feed(page.text)
        form.close()
        if page.status != 200 or not form.action:
            message = f"no form at {urlsplit(page.url).path}, status {page.status}"
            raise VisitError(message)
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = names.get("action", "")
        elif tag == "input" and names.get("type") == "hidden":
            self.hidden[names.get("name", "")] = names.get("value", "")
        elif tag == "input" and names.get("name") == "account":
            self.accounts.append(names.get("value", ""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
