"""What a page of the embedded sign-in may do: nothing, with the real QtWebEngine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import Shoot
from support.sign_in_pages import Pages
from support.window_process import (
    LIMIT_S,
    local,
    may_use_sandbox,
    opening,
    run_as_ordinary_user,
    shown_window,
)

pytestmark = pytest.mark.skipif(
    not may_use_sandbox(), reason="this system refuses the namespaces of Chromium's sandbox"
)

CHROMIUM_FLOOR = (150,)  # of the security patches (T-28); it only rises


@pytest.fixture(scope="module")
def desktop() -> Iterator[DesktopSession]:
    with desktop_session("none", screen="1000x900x24") as session:
        yield session


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
