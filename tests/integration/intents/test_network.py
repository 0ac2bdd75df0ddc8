"""Another proxy or authority: in force at once, its password in the keyring, or said to be."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from support.fault_server import FaultServer
from support.person import Person, PersonAt, settled, until
from support.proxy_server import ProxyServer

from app.auth.keyring_text import KeyringText
from app.auth.proxy_password import ProxyPassword
from app.errors import FaultKind, fail
from app.settings import CaProblem, Note, NoteKind, Remark, RemarkKind
from app.transport import Bounds, Request

BOUNDS = Bounds(total_s=10, idle_s=10, body_bytes=1 << 20)
HOST = "service.invalid"
ADDRESS = "socks5://ann@proxy.example:1080"
TYPED = "socks5://ann:hidden-pw@proxy.example:1080"


class Entry(KeyringText):
    """The entry in a keyring that is locked, missing or fine, as a test wants it."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.trouble: FaultKind | None = None

    def _check(self) -> None:
        if self.trouble is not None:
            raise fail(self.trouble)

    async def read(self, *, unlock: bool = False) -> str | None:
        self._check()
        return self.text

    async def write(self, text: str, *, unlock: bool = False) -> None:
        self._check()
        self.text = text

    async def erase(self, *, unlock: bool = False) -> None:
        self._check()
        self.text = None


@pytest.fixture
def entry() -> Entry:
    return Entry()


def give_keyring(person: Person, entry: Entry) -> ProxyPassword:
    password = person.program.surroundings.proxy_password
    password._entry = entry
    return password


async def until_remark(person: Person, *remarks: Remark) -> None:
    await until(lambda: person.state.remarks == remarks, lambda: person.state.remarks)


async def test_a_password_leaves_the_address_and_goes_to_the_keyring(
    person_at: PersonAt, entry: Entry
) -> None:
    async with person_at() as person:
        give_keyring(person, entry)
        person.intents.change_setting("proxy", TYPED)
        assert person.state.settings.proxy == ADDRESS  # at once: it is on the screen
        await until_remark(person, Remark("proxy", RemarkKind.PASSWORD_KEPT))
        assert entry.text is not None
        assert "hidden-pw" in entry.text
        assert "hidden-pw" not in repr(person.state) + repr(person.saved)

        person.intents.change_setting("proxy", "none")
        await until(lambda: entry.text is None)
        await until_remark(person)
        assert [one.proxy for one in person.saved] == [ADDRESS, "none"]


async def test_the_same_address_with_another_password(person_at: PersonAt, entry: Entry) -> None:
    async with person_at() as person:
        give_keyring(person, entry)
        person.intents.change_setting("proxy", TYPED)
        await until_remark(person, Remark("proxy", RemarkKind.PASSWORD_KEPT))
        person.intents.change_setting("proxy", TYPED.replace("hidden", "other"))
        await until(lambda: "other-pw" in (entry.text or ""))
        assert len(person.saved) == 1
        person.intents.change_setting("proxy", ADDRESS)  # the same without: nothing changes
        await settled()
        assert "other-pw" in (entry.text or "")


@pytest.mark.parametrize("trouble", [FaultKind.KEYRING_LOCKED, FaultKind.KEYRING_MISSING])
async def test_a_keyring_that_does_not_take_it(
    person_at: PersonAt, entry: Entry, trouble: FaultKind
) -> None:
    """It is said, the password holds, and is stored with whatever the keyring takes next."""
    async with person_at() as person:
        password = give_keyring(person, entry)
        entry.trouble = trouble
        person.intents.change_setting("proxy", TYPED)
        await until_remark(person, Remark("proxy", RemarkKind.PASSWORD_HELD, trouble))
        assert await password.complete(ADDRESS) == TYPED
        was_empty = person.program.accounts.backlog.is_empty
        waits = person.program.accounts.backlog.waits_for_unlock
        assert waits is (trouble is FaultKind.KEYRING_LOCKED)

        entry.trouble = None
        await person.program.accounts.offer_again()
        await until_remark(person, Remark("proxy", RemarkKind.PASSWORD_KEPT))
        assert (was_empty, person.program.accounts.backlog.is_empty) == (False, True)
        assert "hidden-pw" in (entry.text or "")


async def test_a_keyring_that_does_not_give_it_up(person_at: PersonAt, entry: Entry) -> None:
    async with person_at() as person:
        give_keyring(person, entry)
        person.intents.change_setting("proxy", TYPED)
        await until(lambda: entry.text)
        entry.trouble = FaultKind.KEYRING_LOCKED
        person.intents.change_setting("proxy", "system")
        left = Remark("proxy", RemarkKind.PASSWORD_LEFT, FaultKind.KEYRING_LOCKED)
        await until_remark(person, left)
        entry.trouble = None
        await person.program.accounts.offer_again()
        assert entry.text is None
        await until_remark(person)


@pytest.mark.parametrize("typed", ["socks4://ann:hidden-pw@p:1", "http://", "a b", "http://p:x"])
async def test_an_address_that_cannot_be_read_changes_nothing(
    person_at: PersonAt, typed: str
) -> None:
    async with person_at() as person:
        person.intents.change_setting("proxy", typed)
        await until_remark(person, Remark("proxy", RemarkKind.ADDRESS_REFUSED))
        assert person.state.settings.proxy == "none"
        assert person.saved == []
        assert "hidden" not in repr(person.state)
        person.intents.change_setting("proxy", "")  # an emptied field: the default
        assert person.state.settings.proxy == "system"
        assert person.state.remarks == ()


async def test_a_file_without_certificates_changes_nothing(
    person_at: PersonAt, tmp_path: Path
) -> None:
    async with person_at() as person:
        person.intents.change_setting("ca_file", str(tmp_path / "missing.pem"))
        refused = Remark("ca_file", RemarkKind.FILE_REFUSED, CaProblem.MISSING)
        await until_remark(person, refused)
        assert person.state.settings.ca_file == ""
        assert person.saved == []


async def test_proxy_and_authority_count_at_once(person_at: PersonAt, tmp_path: Path) -> None:
    """For connections that were made before and for those made after; without a restart."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    request = Request("GET", f"https://{HOST}/")
    with (
        FaultServer(lambda peer: peer.reply(b"{}"), tls) as server,
        ProxyServer({HOST: (server.host, server.port)}, user="ann", password="pw") as proxy,
    ):
        async with person_at() as person:
            source = person.program.accounts.clients
            before = source.new_http()
            person.intents.change_setting("ca_file", str(tmp_path / "own.pem"))
            await until(lambda: person.state.settings.ca_file)
            person.intents.change_setting("proxy", proxy.address("socks5", "ann:pw"))
            await settled()
            after = source.new_http()
            for http in (before, after):
                assert (await http.send(request, BOUNDS)).status == 200
            assert proxy.given == [("ann", "pw")] * 2
            assert await source.way() == (
                proxy.address("socks5", "ann:pw"),
                str(tmp_path / "own.pem"),
            )
            person.intents.change_setting("ca_file", "")
            await until(lambda: not proxy.open_connections)  # none of the old way is left
            await before.aclose()
            await after.aclose()


async def test_a_poll_tells_at_once_whether_the_new_way_leads_anywhere(
    person_at: PersonAt,
) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await person.until_idle()
        before = person.polls()
        person.intents.change_setting("proxy", "system")
        await until(lambda: person.polls() > before)
        await person.until_idle()


async def test_a_password_in_the_file_moves_to_the_keyring(
    person_at: PersonAt, entry: Entry
) -> None:
    """Then the file is written without it, and that is told."""
    async with person_at() as person:
        password = give_keyring(person, entry)
        password.hold(ADDRESS, "hidden-pw", is_from_file=True)
        settings = person.state.settings
        person.on_file = (type(settings)(proxy=ADDRESS), ())
        person.intents.look_at_settings()
        moved = Note(NoteKind.PASSWORD_MOVED, "proxy")
        await until(lambda: person.state.notes == (moved,), lambda: person.state.notes)
        assert "hidden-pw" in (entry.text or "")
        assert [one.proxy for one in person.saved][-1] == ADDRESS


async def test_a_password_in_the_file_that_no_keyring_takes(
    person_at: PersonAt, entry: Entry
) -> None:
    async with person_at() as person:
        password = give_keyring(person, entry)
        entry.trouble = FaultKind.KEYRING_LOCKED
        password.hold(ADDRESS, "hidden-pw", is_from_file=True)
        person.on_file = (type(person.state.settings)(proxy=ADDRESS), ())
        person.intents.look_at_settings()
        stays = Note(NoteKind.PASSWORD_IN_FILE, "proxy")
        await until(lambda: person.state.notes == (stays,), lambda: person.state.notes)
        assert person.saved == []
        entry.trouble = None
        await person.program.accounts.offer_again()
        moved = Note(NoteKind.PASSWORD_MOVED, "proxy")
        await until(lambda: person.state.notes == (moved,), lambda: person.state.notes)
