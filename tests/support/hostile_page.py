"""A hostile page in a real browser: every way in which a page can make it ask a local port.

The same vectors can be aimed at a server of ours that notes what arrives, so that a refusal is
known to be one: `HostileSite.arrived` names the vectors that the browser really carried out.
"""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlsplit

from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait
from support.threaded_server import ThreadedServer

PATHS = (
    "/auth/callback?code=stolen&state=guess",
    "/auth/callback?error=access_denied",
    "/",
    "/success",
    "/cancel",
    "/signed-in",
    "/start/guess",
)
# Vectors of a page that stays; those that leave it are in `_LEAVING`.
_STAYING_SCRIPT = """\
const [base, paths, done] = arguments;
const pause = ms => new Promise(wake => setTimeout(wake, ms));
const event = (thing, ...names) => Promise.race(
  [pause(1500), ...names.map(name => new Promise(wake => { thing["on" + name] = wake; }))]);
const put = (tag, values) => {
  const made = Object.assign(document.createElement(tag), values);
  const ended = event(made, "load", "error");
  document.body.append(made);
  return ended;
};
const submit = (method, u) => {
  const form = document.createElement("form");
  const frame = document.createElement("iframe");
  frame.name = "frame" + Math.random();
  const [address, query] = u.split("?");
  Object.assign(form, {method, action: method === "POST" ? u : address, target: frame.name});
  for (const [name, value] of new URLSearchParams(query))
    form.append(Object.assign(document.createElement("input"), {name, value}));
  document.body.append(frame, form);
  const ended = Promise.race([pause(700), event(frame, "load")]);
  form.submit();
  return ended;
};
const vectors = {
  fetch: u => fetch(u),
  "fetch-no-cors": u => fetch(u, {mode: "no-cors", credentials: "include", keepalive: true}),
  "fetch-post": u => fetch(u, {method: "POST", mode: "no-cors", credentials: "include"}),
  "fetch-header": u => fetch(u, {headers: {"X-Hostile": "1"}, credentials: "include"}),
  xhr: u => { const x = new XMLHttpRequest(); x.withCredentials = true; x.open("GET", u);
              const ended = event(x, "load", "error"); x.send(); return ended; },
  img: u => put("img", {src: u}),
  iframe: u => put("iframe", {src: u}),
  "iframe-sandbox": u => put("iframe", {src: u, sandbox: "allow-scripts"}),
  object: u => put("object", {data: u, type: "text/html"}),
  embed: u => put("embed", {src: u, type: "text/html"}),
  "form-get": u => submit("GET", u),
  "form-post": u => submit("POST", u),
  "window-open": async u => { const w = window.open(u); await pause(300); if (w) w.close(); },
  prefetch: u => put("link", {rel: "prefetch", href: u}),
  preload: u => put("link", {rel: "preload", as: "image", href: u}),
  modulepreload: u => put("link", {rel: "modulepreload", href: u}),
  stylesheet: u => put("link", {rel: "stylesheet", href: u}),
  icon: u => { put("link", {rel: "icon", href: u}); return pause(50); },
  "css-import": u => put("style", {textContent: `@import url("${u}");`}),
  "css-image": u => { document.body.style.backgroundImage = `url("${u}")`; return pause(100); },
  font: u => new FontFace("hostile", `url("${u}")`).load(),
  script: u => put("script", {src: u}),
  "script-module": u => put("script", {src: u, type: "module"}),
  "dynamic-import": u => import(u),
  video: u => { const v = document.createElement("video"); v.src = u; return event(v, "error"); },
  websocket: u => event(new WebSocket(u.replace("http", "ws")), "close"),
  eventsource: async u => { const s = new EventSource(u); await event(s, "error"); s.close(); },
  beacon: u => { navigator.sendBeacon(u, "x"); return pause(50); },
  ping: u => { const a = document.createElement("a"); a.href = "#ping"; a.ping = u;
               document.body.append(a); a.click(); return pause(50); },
  "speculation-prefetch": u => speculate("prefetch", u),
  "speculation-prerender": u => speculate("prerender", u),
  worker: u => inWorker(new Worker("/worker.js"), u),
  "service-worker": async u => {
    const found = await navigator.serviceWorker.register("/worker.js");
    await navigator.serviceWorker.ready;
    return inWorker(found.active, u);
  },
};
const speculate = (kind, u) => {
  put("script", {type: "speculationrules",
    textContent: JSON.stringify({[kind]: [{urls: [u], eagerness: "immediate"}]})});
  return pause(150);
};
const inWorker = (worker, u) => {
  const {port1, port2} = new MessageChannel();
  const ended = event(port1, "message");
  worker.postMessage(u, [port2]);
  return ended;
};
(async () => {
  for (const [name, vector] of Object.entries(vectors))
    await Promise.all(paths.map(path => Promise.race([pause(2000), (async () => {
      try { await vector(base + path + (path.includes("?") ? "&" : "?") + "via=" + name); }
      catch (refused) { /* as it should be */ }
    })()])));
  done(Object.keys(vectors));
})();
"""
_WORKER = """\
const ask = async e => {
  try { await fetch(e.data, {mode: "no-cors", credentials: "include"}); } catch (refused) {}
  e.ports[0].postMessage("asked");
};
self.onmessage = ask;
self.oninstall = () => self.skipWaiting();
self.onactivate = e => e.waitUntil(self.clients.claim());
"""
# The browser leaves the hostile page for the address: a person's own click looks the same.
_LEAVING = {
    "location": "location.href = arguments[0]",
    "redirect": "location.href = '/away?to=' + encodeURIComponent(arguments[0])",
    "refresh": "document.head.insertAdjacentHTML('beforeend',"
    ' `<meta http-equiv="refresh" content="0;url=${arguments[0]}">`)',
    "form-post-top": "document.body.insertAdjacentHTML('beforeend',"
    ' `<form method="post" action="${arguments[0]}"></form>`); document.forms[0].submit()',
}


class HostileSite(ThreadedServer):
    """`with HostileSite() as site`: pages that attack, on every name of this machine."""

    def __init__(self) -> None:
        self._vectors: set[str] = set()
        super().__init__(self._handler())

    @property
    def arrived(self) -> set[str]:
        """The vectors that led the browser to this site instead of the listener."""
        return set(self._vectors)

    def at(self, host: str) -> str:
        """The site under a name; `localhost` and `127.0.0.1` are two sites to a browser."""
        return f"http://{host}:{self.port}"

    def attack(self, browser: WebDriver, host: str, base: str) -> set[str]:
        """Carry out every vector from the page at `host` against `base`; their names."""
        browser.set_script_timeout(120)
        browser.get(self.at(host))
        names = set(browser.execute_async_script(_STAYING_SCRIPT, base, PATHS))
        for name, script in _LEAVING.items():
            for path in PATHS:
                browser.get(self.at(host))
                browser.execute_script(
                    script, f"{base}{path}{'&' if '?' in path else '?'}via={name}"
                )
                self._wait_until_left(browser, host)
        return names | _LEAVING.keys()

    def _wait_until_left(self, browser: WebDriver, host: str) -> None:
        page = self.at(host) + "/"
        WebDriverWait(browser, 10, 0.02).until(lambda d: d.current_url != page)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = parse_qs(parts.query)
                site._vectors.update(query.get("via", ()))
                if parts.path == "/worker.js":
                    self._reply(200, "text/javascript", _WORKER)
                elif parts.path == "/away":
                    self._reply(302, "text/html", "", query["to"][0])
                elif parts.path == "/" and not query:
                    self._reply(200, "text/html", "<!DOCTYPE html><title>win</title><body>")
                else:
                    self._reply(404, "text/html", "nothing")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.do_GET()

            def do_OPTIONS(self) -> None:
                self.do_GET()

            def _reply(self, status: int, kind: str, body: str, location: str = "") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if location:
                    self.send_header("Location", quote(location, safe=":/?&=%"))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        return Handler
