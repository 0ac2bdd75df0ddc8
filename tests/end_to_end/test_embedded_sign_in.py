"""The embedded sign-in with the real QtWebEngine, its sandbox on, on a private desktop."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.proxy_server import ProxyServer
from support.running_program import Shoot, hold_for, is_running
from support.sign_in_pages import Pages
from support.simulator import MakeSimulator
from support.window_process import (
    CHECKOUT,
    LIMIT_S,
    Window,
    arguments_of,
    as_ordinary_user,
    family_of,
    listening_ports,
    may_use_sandbox,
    renderers_of,
    run_as_ordinary_user,
    shown_window,
)

from app.embedded_window import EndKind, Opening
from app.wording.sign_in_window import window_words

pytestmark = pytest.mark.skipif(
    not may_use_sandbox(), reason="this system refuses the namespaces of Chromium's sandbox"
)

REDIRECT = "http://localhost:1455/auth/callback"
CHROMIUM_FLOOR = (150,)  # of the security patches (T-28); it only rises
HOSTILE = {
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --remote-debugging-port=9222",
    "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
}


@pytest.fixture(scope="module")
def desktop() -> Iterator[DesktopSession]:
    with desktop_session("none", screen="1000x900x24") as session:
        yield session


def opening(address: str, **more: object) -> Opening:
    return replace(Opening(address, REDIRECT, window_words()), **more)  # type: ignore[arg-type]


def local(pages: Pages, path: str = "/") -> str:
    return f"http://127.0.0.1:{pages.port}{path}"


def assert_gone(pids: list[int]) -> None:
    wait_until(lambda: not any(is_running(pid) for pid in pids), 10, "end of all processes")


# --- the whole way --------------------------------------------------------------------------


def test_sign_in_without_a_port_and_with_the_sandbox_on(
    desktop: DesktopSession, make_simulator: MakeSimulator, shoot: Shoot
) -> None:
    """T-18, T-19, T-27: hostile variables change nothing; and nothing of it stays."""
    simulator = make_simulator(any_port=False)
    script = CHECKOUT / "tests" / "support" / "embedded_sign_in.py"
    program = desktop.start(
        as_ordinary_user([sys.executable, str(script), simulator.url]),
        log="embedded",
        env={**desktop.env, **HOSTILE},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert program.stdout is not None
    window = Window(desktop, program)
    window.wait_until_shown()
    wait_until(lambda: renderers_of(program.pid), LIMIT_S, "a renderer")
    family = family_of(program.pid)

    assert listening_ports(family) == []
    for pid in family:
        line = " ".join(arguments_of(pid))
        assert "--no-sandbox" not in line
        assert "remote-debugging" not in line
        assert "oauth/authorize" not in line  # the state is in no argument
    for renderer in renderers_of(program.pid):
        status = Path(f"/proc/{renderer}/status").read_text()
        assert "Seccomp:\t2" in status
        for space in ("net", "pid"):
            theirs = os.readlink(f"/proc/{renderer}/ns/{space}")
            assert theirs != os.readlink(f"/proc/{program.pid}/ns/{space}")
    shoot(desktop, "embedded-sign-in")

    window.press_until(lambda: window.has_ended, "Tab", "Return")
    report = json.loads(program.stdout.read())
    program.stdout.close()

    assert report["account"] == "ann@example.com", report
    assert report["obstacle"] == ""
    assert report["engine"] == []
    assert not report["engine_libraries"]
    assert report["pss_after"] - report["pss_before"] < 8_000  # kB: the exchange's own modules
    assert_gone(family)


def test_a_redirect_by_the_server_is_never_followed(
    desktop: DesktopSession, tmp_path: Path
) -> None:
    """T-27, T-23: no connection to the redirect's address, nothing of the visit on the disk."""
    sentinel = "sentinel-" + os.urandom(8).hex()
    folder = desktop.folder / "tmp"
    folder.mkdir(exist_ok=True)
    script = (
        f"<script>localStorage.setItem('a', '{sentinel}');"
        f"indexedDB.open('{sentinel}').onsuccess = () =>"
        " { location.href = '/back' }</script>"
    )
    headers = {"Set-Cookie": f"session={sentinel}; Max-Age=9999", "Cache-Control": "max-age=999"}
    with Pages({}) as listener:
        back = f"http://localhost:{listener.port}/auth/callback"
        pages = {"/": script, "/back": f"->{back}?code=c&state=s"}
        with (
            Pages(pages, headers=headers) as site,
            shown_window(
                desktop, replace(opening(local(site)), redirect_uri=back), {"TMPDIR": str(folder)}
            ) as window,
        ):
            ending = window.ending()

    assert ending.kind is EndKind.REDIRECT
    assert ending.text == f"{back}?code=c&state=s"
    assert "/back" in site.requests
    assert listener.requests == []
    errors = (desktop.folder / "window.log").read_text(errors="replace")
    assert "Release of profile" not in errors  # the page went before the profile
    kept = [
        path
        for path in desktop.folder.rglob("*")
        if path.is_file() and sentinel.encode() in path.read_bytes()
    ]
    assert kept == []
    assert not [path for path in desktop.folder.rglob("*") if "webengine" in path.name.lower()]


# --- what a page may not do ---------------------------------------------------------------------

_CALLS = """
<!doctype html><title>t</title><input type="file" id="file"><p>press a key</p>
<a id="download" download="x.txt" href="data:text/plain,x">x</a>
<script>
const wait = ms => new Promise(done => setTimeout(() => done('nothing'), ms));
const named = async (name, call) => {
  let outcome;
  try { outcome = await Promise.race([call(), wait(1500)]) } catch (e) { outcome = e.name }
  return [name, String(outcome)];
};
const calls = {
  camera: () => navigator.mediaDevices.getUserMedia({video: true}),
  microphone: () => navigator.mediaDevices.getUserMedia({audio: true}),
  screen: () => navigator.mediaDevices.getDisplayMedia({video: true}),
  location: () => new Promise((y, n) => navigator.geolocation.getCurrentPosition(
    () => y('granted'), e => y('denied ' + e.code))),
  notifications: () => Notification.requestPermission(),
  clipboard: () => navigator.clipboard.readText().then(() => 'granted'),
  fonts: () => queryLocalFonts().then(f => f.length ? 'granted ' + f.length : 'none'),
  usb: () => navigator.usb.requestDevice({filters: []}).then(() => 'granted'),
  picker: () => showOpenFilePicker().then(() => 'granted'),
  file: async () => { const f = document.getElementById('file'); f.click(); await wait(700);
    return f.files.length ? 'granted' : 'no file' },
  download: async () => { document.getElementById('download').click(); return 'nothing' },
  print: async () => { print(); return 'nothing' },
  protocol: async () => { navigator.registerProtocolHandler('web+x', '/?%s'); return 'nothing' },
  fullscreen: () => document.documentElement.requestFullscreen().then(() => 'granted'),
  webgl: async () => document.createElement('canvas').getContext('webgl') ? 'granted' : 'null',
  dialogs: async () => { alert('x'); return `${confirm('x')} ${prompt('x')}` },
};
let begun = false;
addEventListener('keydown', async () => {
  if (begun) return;
  begun = true;
  const found = await Promise.all(Object.entries(calls).map(([n, c]) => named(n, c)));
  await fetch('/found', {method: 'POST', body: JSON.stringify(Object.fromEntries(found))});
});
</script>
"""
_REFUSED = {
    "camera": {"NotAllowedError", "NotFoundError", "TypeError"},
    "microphone": {"NotAllowedError", "NotFoundError", "TypeError"},
    "screen": {"NotAllowedError", "NotSupportedError", "AbortError", "InvalidStateError"},
    "location": {"denied 1", "denied 2"},
    "notifications": {"denied", "default"},
    "clipboard": {"NotAllowedError", "TypeError"},
    "fonts": {"none", "NotAllowedError", "SecurityError", "ReferenceError"},
    "usb": {"TypeError", "NotFoundError", "SecurityError"},
    "picker": {"AbortError", "NotAllowedError", "SecurityError", "ReferenceError"},
    "file": {"no file"},
    "download": {"nothing"},
    "print": {"nothing"},
    "protocol": {"nothing"},
    "fullscreen": {"TypeError", "nothing"},
    "webgl": {"null"},
    "dialogs": {"false null"},
}


def test_nothing_is_granted(desktop: DesktopSession) -> None:
    """T-20"""
    before = set(desktop.folder.rglob("x.txt"))
    with Pages({"/": _CALLS}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        window.press_until(lambda: site.posts.get("/found"), "a")
        found = json.loads(site.posts["/found"][0])

        assert len(window.windows()) == 1
        assert {n: o for n, o in found.items() if o not in _REFUSED[n]} == {}
        assert found.keys() == _REFUSED.keys()
        assert set(desktop.folder.rglob("x.txt")) == before


_ELSEWHERE = [
    "file:///etc/passwd",
    "chrome://gpu/",
    "data:text/html,x",
    "qrc:///x",
    "view-source:https://auth.invalid/",
    "mailto:ann@auth.invalid",
    "tidegauge-test://x",
    "http://auth.invalid/",
]


def test_a_page_leads_nowhere_else(desktop: DesktopSession, shoot: Shoot) -> None:
    """T-21: the page stays, and goes on working, whatever it tries to open."""
    steps = json.dumps(_ELSEWHERE)
    page = f"""<script>
      (async () => {{
        for (const address of {steps}) {{
          try {{ location.href = address }} catch (e) {{ }}
          await new Promise(done => setTimeout(done, 200));
          await fetch('/still-here', {{method: 'POST', body: address}});
        }}
      }})();
    </script>stays"""
    with Pages({"/": page}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        wait_until(
            lambda: len(site.posts.get("/still-here", [])) == len(_ELSEWHERE), LIMIT_S, "all steps"
        )
        shoot(desktop, "embedded-refused")

        assert site.posts["/still-here"] == _ELSEWHERE
        assert not window.has_ended


def test_a_pop_up_is_a_window_of_the_same_kind(desktop: DesktopSession, shoot: Shoot) -> None:
    """T-21: an identity provider's pop-up opens, talks to its opener and closes itself."""
    pages = {
        "/": """<script>
          addEventListener('message', m => fetch('/told', {method: 'POST', body: m.data}));
          addEventListener('keydown', () => { window.w ||= open('/pop-up') });
          setTimeout(() => { open('/uninvited') }, 0);
        </script>""",
        "/pop-up": """<p>identity provider</p><script>
          addEventListener('keydown', () => { opener.postMessage('signed in'); close() });
          fetch('/ready', {method: 'POST', body: ''});
        </script>""",
        "/uninvited": "no",
    }
    with Pages(pages) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        window.press_until(lambda: site.posts.get("/ready"), "a")
        window.wait_until_shown(2)
        shoot(desktop, "embedded-pop-up")
        window.press_until(lambda: site.posts.get("/told"), "b")

        wait_until(lambda: len(window.windows()) == 1, 10, "the pop-up to close")
        assert site.posts["/told"] == ["signed in"]
        assert "/uninvited" not in site.requests  # nobody pressed anything
        assert not window.has_ended


# --- certificates and hosts ---------------------------------------------------------------------


def tls_for(host: str, authority: trustme.CA, ends: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, not_after=ends).configure_cert(context)
    return context


@pytest.mark.parametrize("fault", ["stranger", "other name", "expired"])
def test_a_bad_certificate_ends_it(desktop: DesktopSession, tmp_path: Path, fault: str) -> None:
    """T-22: with host and reason, and without a way to go on."""
    authority, bundle = trustme.CA(), tmp_path / "authorities.pem"
    (trustme.CA() if fault == "stranger" else authority).cert_pem.write_to_path(str(bundle))
    tls = tls_for(
        "other.localhost" if fault == "other name" else "localhost",
        authority,
        datetime.now(UTC) - timedelta(days=1) if fault == "expired" else None,
    )
    with (
        Pages({"/": "x"}, tls=tls) as site,
        shown_window(
            desktop, opening(f"https://localhost:{site.port}/"), {"SSL_CERT_FILE": str(bundle)}
        ) as window,
    ):
        ending = window.ending()

    expected = EndKind.AUTHORITY if fault == "stranger" else EndKind.CERTIFICATE
    assert ending.kind is expected
    assert ending.host == "localhost"
    assert ending.text
    assert site.requests == []


def test_the_systems_authorities_and_a_name_in_another_alphabet(
    desktop: DesktopSession, tmp_path: Path, shoot: Shoot
) -> None:
    """T-22: a company's own authority counts. T-24: the name is shown as punycode."""
    authority = trustme.CA()
    bundle = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(str(bundle))
    host = "xn--80ak6aa92e.localhost"  # all Cyrillic, and looks like a name one knows
    page = "<h1>Sign in</h1><script>fetch('/ready', {method: 'POST', body: ''})</script>"
    with (
        Pages({"/u/login": page}, tls=tls_for(host, authority)) as site,
        shown_window(
            desktop,
            opening(f"https://аррӏе.localhost:{site.port}/u/login"),
            {"SSL_CERT_FILE": str(bundle)},
        ) as window,
    ):
        window.wait_until_shown()
        wait_until(lambda: site.posts.get("/ready"), LIMIT_S, "the page")
        shoot(desktop, "embedded-punycode")
        assert not window.has_ended


def test_the_proxy_of_the_settings_is_used(desktop: DesktopSession) -> None:
    """T-39: and if it does not help, there is no direct connection instead."""
    with Pages({}) as proxy:
        asked = opening("https://auth.invalid/", proxy=f"http://127.0.0.1:{proxy.port}")
        with shown_window(desktop, asked) as window:
            wait_until(lambda: "CONNECT auth.invalid:443" in proxy.requests, LIMIT_S, "the proxy")
            window.press_until(lambda: window.has_ended, "space")

            assert window.ending().kind is EndKind.USE_BROWSER


def test_an_authority_of_the_settings(desktop: DesktopSession, tmp_path: Path) -> None:
    """T-22, T-36: on Linux; it vouches for what it signed, beside those of the system."""
    authority, file = trustme.CA(), desktop.folder / "own.pem"
    authority.cert_pem.write_to_path(str(file))
    file.chmod(0o644)
    page = "<h1>Sign in</h1><script>fetch('/ready', {method: 'POST', body: ''})</script>"
    with Pages({"/": page}, tls=tls_for("localhost", authority)) as site:
        asked = opening(f"https://localhost:{site.port}/", ca_file=str(file))
        with shown_window(desktop, asked) as window:
            wait_until(lambda: site.posts.get("/ready"), LIMIT_S, "the page")
            assert not window.has_ended
    with Pages({"/": page}, tls=tls_for("localhost", trustme.CA())) as site:
        asked = opening(f"https://localhost:{site.port}/", ca_file=str(file))
        with shown_window(desktop, asked) as window:
            assert window.ending().kind is EndKind.AUTHORITY


@pytest.mark.parametrize("is_right", [True, False])
def test_a_proxy_that_wants_a_sign_in(desktop: DesktopSession, is_right: bool) -> None:
    """What the settings and the keyring hold is given to it; nobody is asked by a page."""
    with ProxyServer(user="ann", password="p@ss") as proxy:
        password = "p%40ss" if is_right else "other"
        asked = opening("https://auth.invalid/", proxy=proxy.address("http", f"ann:{password}"))
        with shown_window(desktop, asked) as window:
            given = ("ann", "p@ss" if is_right else "other")
            wait_until(lambda: given in proxy.given, LIMIT_S, "the sign-in at the proxy")
            if is_right:
                wait_until(lambda: "auth.invalid:443" in proxy.asked, LIMIT_S, "the page")
            else:
                assert proxy.asked == []
            window.press_until(lambda: window.has_ended, "alt+F4")


# --- when it does not work ----------------------------------------------------------------------


def test_the_browser_is_one_key_away_after_a_crash(desktop: DesktopSession, shoot: Shoot) -> None:
    """F-L18, F-D25"""
    page = "<p>x</p><script>fetch('/ready', {method: 'POST', body: ''})</script>"
    with Pages({"/": page}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        wait_until(lambda: site.posts.get("/ready"), LIMIT_S, "the page")
        for renderer in renderers_of(window.process.pid):
            os.kill(renderer, signal.SIGKILL)
        window.press_until(lambda: window.has_ended, "space")
        shoot(desktop, "embedded-crashed")

        assert window.ending().kind is EndKind.USE_BROWSER


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browser_is_offered_when_a_page_does_not_come(
    desktop: DesktopSession, shoot: Shoot, scheme: str
) -> None:
    """F-L18, with less patience than in life."""
    with Pages({}, stuck=("/",)) as site:
        asked = opening(local(site), patience_s=1.0, colour_scheme=scheme)
        with shown_window(desktop, asked) as window:
            window.wait_until_shown()
            wait_until(lambda: site.requests, LIMIT_S, "the request")
            hold_for(2.5, lambda: not window.has_ended)
            shoot(desktop, f"embedded-stalled-{scheme}")
            window.press_until(lambda: window.has_ended, "space")

            assert window.ending().kind is EndKind.USE_BROWSER


def test_the_browser_is_offered_when_a_page_shows_nothing(desktop: DesktopSession) -> None:
    """F-L18"""
    with (
        Pages({"/": "<!doctype html>"}) as site,
        shown_window(desktop, opening(local(site), patience_s=1.0)) as window,
    ):
        window.wait_until_shown()
        hold_for(3.5, lambda: not window.has_ended)
        window.press_until(lambda: window.has_ended, "space")

        assert window.ending().kind is EndKind.USE_BROWSER


def test_closing_the_window_is_giving_up(desktop: DesktopSession) -> None:
    with Pages({"/": "x"}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        window.press_until(lambda: window.has_ended, "alt+F4")

        assert window.ending().kind is EndKind.CANCELLED


def test_the_window_goes_with_its_program(desktop: DesktopSession) -> None:
    """A cancelled sign-in, and a program that died, close the pipe."""
    with Pages({"/": "x"}) as site, shown_window(desktop, opening(local(site))) as window:
        window.wait_until_shown()
        wait_until(lambda: renderers_of(window.process.pid), LIMIT_S, "a renderer")
        family = family_of(window.process.pid)
        assert window.process.stdin is not None
        window.process.stdin.close()

        assert window.ending(5).kind is EndKind.CANCELLED
        assert_gone(family)


# --- the engine -----------------------------------------------------------------------------------

_ENGINE = """
import json, os
from PySide6.QtWebEngineCore import (
    QWebEngineSettings, qWebEngineChromiumSecurityPatchVersion as patches)
from PySide6.QtWidgets import QApplication
from app.sign_in_window.navigation import Rules
from app.sign_in_window.private_profile import OFF, ON, private_profile
import shiboken6
application = QApplication([])
profile, gate = private_profile(Rules("", False), "zh_CN")
settings = profile.settings()
names = lambda them: sorted(one.name for one in them)
report = {
    "every": names(QWebEngineSettings.WebAttribute),
    "decided": names([*ON, *OFF]),
    "on": names(one for one in QWebEngineSettings.WebAttribute if settings.testAttribute(one)),
    "wanted": names(ON),
    "off the record": profile.isOffTheRecord(),
    "cookies": profile.persistentCookiesPolicy().name,
    "cache": profile.httpCacheType().name,
    "storage": os.path.exists(profile.persistentStoragePath()),
    "schemes": settings.unknownUrlSchemePolicy().name,
    "language": profile.httpAcceptLanguage(),
    "patches": patches(),
}
shiboken6.delete(profile)
print(json.dumps(report))
"""


def test_every_switch_of_the_engine_is_set(desktop: DesktopSession) -> None:
    """T-23, T-26, T-28"""
    done = run_as_ordinary_user(desktop, _ENGINE)
    report = json.loads(done.stdout or "{}")

    assert report, done.stderr
    assert report["decided"] == report["every"]
    assert report["on"] == report["wanted"]
    assert report["off the record"]
    assert report["cookies"] == "NoPersistentCookies"
    assert report["cache"] == "MemoryHttpCache"
    assert not report["storage"]
    assert report["schemes"] == "DisallowUnknownUrlSchemes"
    assert report["language"] == "zh-CN,zh;q=0.9,en;q=0.8"
    patches = tuple(int(part) for part in report["patches"].split("."))
    assert patches >= CHROMIUM_FLOOR, f"Chromium's security patches are of {report['patches']}"
