"""Which language is spoken, and that its catalogue is whole."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from gettext import NullTranslations
from pathlib import Path
from types import ModuleType

import polib
import pytest

from app import catalogues
from app.catalogues import (
    LOCALES,
    activate,
    choose_locale,
    clock_of,
    load_catalogue,
    system_clock,
)
from app.settings import Settings
from app.wording import labels, language

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "packaging" / "translations.py"


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    yield
    language.use(NullTranslations(), "en")


@pytest.fixture
def translations(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))  # where a script finds its neighbours
    spec = importlib.util.spec_from_file_location("translations", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("environment", "system", "locale"),
    [
        ({}, (), "en"),
        ({"LANG": "zh_CN.UTF-8"}, (), "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, (), "zh_CN"),
        ({"LANG": "zh-Hans"}, (), "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, (), "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, (), "zh_CN"),
        ({"LC_ALL": "en_GB", "LC_MESSAGES": "zh_CN"}, (), "en"),
        ({"LANG": "de_DE", "LANGUAGE": "fr:zh_CN:en"}, (), "zh_CN"),
        ({"LANG": "de_DE", "LANGUAGE": "en:zh_CN"}, (), "en"),
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, (), "en"),
        ({"LANG": "C.UTF-8"}, ("zh-Hans-CN", "en-US"), "zh_CN"),
        ({"LANG": "POSIX"}, ("en-US", "zh-Hans-CN"), "en"),
        ({}, ("de-DE", "zh-CN"), "zh_CN"),
        ({"LANG": "tr_TR.ISO-8859-9"}, (), "en"),
        ({"LANG": "ZH_cn@latin"}, (), "zh_CN"),
        ({"LANG": "\udcff_"}, (), "en"),
    ],
)
def test_the_system_names_the_language(
    environment: Mapping[str, str], system: tuple[str, ...], locale: str
) -> None:
    """F-D12: any environment gives a language."""
    assert choose_locale("system", environment, system) == locale


def test_the_setting_overrides_the_system() -> None:
    assert choose_locale("en", {"LANG": "zh_CN"}) == "en"
    assert choose_locale("zh_CN", {"LANG": "en_US"}) == "zh_CN"


@pytest.mark.parametrize(
    ("environment", "system", "clock"),
    [
        ({}, (), "24h"),
        ({"LANG": "en_US.UTF-8"}, (), "12h"),
        ({"LANG": "en_GB.UTF-8"}, (), "24h"),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "de_DE.UTF-8"}, (), "24h"),
        ({"LANG": "zh_TW"}, (), "24h"),
        ({"LANG": "C"}, ("en-US",), "12h"),
        ({}, ("zh-Hans-CN",), "24h"),
    ],
)
def test_the_system_names_the_clock(
    environment: Mapping[str, str], system: tuple[str, ...], clock: str
) -> None:
    assert system_clock(environment, system) == clock


@pytest.mark.parametrize(
    ("time_format", "clock"),
    [
        ("h:mm\u202fAp", "12h"),
        ("Aph:mm", "12h"),
        ("h:mm a", "12h"),
        ("HH:mm", "24h"),
        ("H.mm", "24h"),
        ("HH 'a' mm", "24h"),
        ("", "24h"),
    ],
)
def test_a_time_format_tells_its_clock(time_format: str, clock: str) -> None:
    assert clock_of(time_format) == clock


def test_the_language_is_switched_while_running() -> None:
    activate("zh_CN", {"LANG": "en_US"})
    assert (labels.stop(), language.locale(), language.system_clock()) == ("停止", "zh_CN", "12h")

    activate("en", {})
    assert (labels.stop(), language.locale(), language.system_clock()) == ("Stop", "en", "24h")


def test_every_language_on_offer_can_be_loaded() -> None:
    offered = Settings.__dataclass_fields__["language"].metadata["choices"]

    assert set(offered) == {"system", *LOCALES}
    assert {load_catalogue(locale).gettext("Stop") for locale in LOCALES} == {"Stop", "停止"}


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b'msgid "a'])
def test_a_catalogue_that_cannot_be_read_leaves_english(
    content: bytes | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("catalogue zh_CN cannot be read")
    path = tmp_path / "zh_CN.po"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(catalogues, "resource", lambda *_parts: path)

    assert load_catalogue("zh_CN").gettext("Stop") == "Stop"


def test_english_starts_without_the_catalogue_library() -> None:
    """The icon does not wait for it."""
    program = "import sys; from app.catalogues import activate; activate('en', {}); "
    program += "sys.exit('polib' in sys.modules)"

    assert (
        subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=False).returncode == 0
    )


# --- the catalogues themselves -------------------------------------------------------------------


def test_the_catalogues_are_complete_and_current(translations: ModuleType) -> None:
    """Every message of app/ is there and translated, with the same placeholders; none is stale."""
    assert translations.check() == 0


def test_messages_are_found_where_they_stand(translations: ModuleType) -> None:
    source = """
tr("a"); phrase("b"); tr_n("{n} c", "{n} cs", 2); tr_c("verb", "d"); other("e"); x.tr("f")
"""
    assert list(translations.messages_of(source, "x.py")) == [
        ("", "a", ""),
        ("", "b", ""),
        ("", "{n} c", "{n} cs"),
        ("verb", "d", ""),
    ]


def test_a_message_that_is_no_literal_is_refused(translations: ModuleType) -> None:
    with pytest.raises(SystemExit, match="must be a literal"):
        list(translations.messages_of("tr(name)", "x.py"))


def test_merging_keeps_what_is_translated_and_drops_what_is_gone(translations: ModuleType) -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="kept", msgstr="保留", tcomment="why"))
    old.append(polib.POEntry(msgid="gone", msgstr="没了"))

    new = translations.merged(old, {("", "kept", ""): ["app/a.py"], ("", "new", ""): []}, "zh_CN")

    assert [(e.msgid, e.msgstr, e.tcomment) for e in new] == [
        ("kept", "保留", "why"),
        ("new", "", ""),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from app.wording.language import tr as _",
        "from app.wording import language\nlanguage.tr('a')",
        "from app.wording import language as words\nwords.tr_n('a', 'b', 2)",
    ],
)
def test_a_message_behind_another_name_is_refused(translations: ModuleType, source: str) -> None:
    with pytest.raises(SystemExit, match="by their own names"):
        list(translations.messages_of(source, "x.py"))


def test_a_message_that_misses_its_plural_is_refused(translations: ModuleType) -> None:
    with pytest.raises(SystemExit, match="takes 2 literals"):
        list(translations.messages_of('tr_n("{n} a")', "x.py"))


def test_merging_does_not_take_a_doubt_for_certain(translations: ModuleType) -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="a", msgstr="甲", flags=["fuzzy"]))

    (entry,) = translations.merged(old, {("", "a", ""): []}, "zh_CN")

    assert entry.fuzzy


@pytest.mark.parametrize(
    ("message", "plural", "fault"),
    [
        ("Usage: ", "", "white space"),
        ("Done!", "", "loud"),
        ("Wait...", "", "typewriter"),
        ('the "limit"', "", "typewriter"),
        ("a {", "", "cannot be read"),
        ("{n} file", "{n:d} files", "cannot be read"),
        ("{size:.1f} MB", "", "cannot be read"),
        ("{} left", "", "cannot be read"),
        ("at most {n} files", "", "without plural forms"),
        ("about {low} to {high} cloud tasks", "", "without plural forms"),
    ],
)
def test_faults_of_a_message_are_named(
    translations: ModuleType, message: str, plural: str, fault: str
) -> None:
    (line,) = translations.faults_of_message(message, plural)

    assert fault in line


@pytest.mark.parametrize(
    ("message", "plural"),
    [("The service's answer", ""), ("{n} row", "{n} rows"), ("{n} % left", ""), ("Thinking…", "")],
)
def test_a_good_message_has_no_fault(translations: ModuleType, message: str, plural: str) -> None:
    assert not list(translations.faults_of_message(message, plural))


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="a", msgstr=""), "not translated"),
        (polib.POEntry(msgid="a", msgstr=" \n "), "not translated"),
        (polib.POEntry(msgid="a {n}", msgstr="甲"), "other placeholders"),
        (polib.POEntry(msgid="a", msgstr="甲 {n}"), "other placeholders"),
        (polib.POEntry(msgid="a {n}", msgstr="甲 {n} {"), "other placeholders"),
        (polib.POEntry(msgid="a {n}", msgstr="甲 {n!r}"), "other placeholders"),
        (polib.POEntry(msgid="a {n}", msgstr="甲 {n} {n}"), "other placeholders"),
        (polib.POEntry(msgid="a %(n)s", msgstr="甲 %(m)s"), "other placeholders"),
        (polib.POEntry(msgid="a", msgstr="甲 "), "white space"),
        (polib.POEntry(msgid="a", msgstr="甲\n乙"), "other lines"),
        (polib.POEntry(msgid="a", msgstr="甲！"), "loud"),
        (polib.POEntry(msgid="a", msgstr="甲,乙"), "half-width"),
        (polib.POEntry(msgid="a", msgstr="用 Enter发送"), "no space between"),
        (polib.POEntry(msgid="a", msgstr="第3项"), "no space between"),
        (polib.POEntry(msgid="a", msgstr="甲 乙"), "a space too many"),
        (polib.POEntry(msgid="a", msgstr="甲 ，乙"), "a space too many"),
        (polib.POEntry(msgid="a", msgstr="甲..."), "typewriter"),
        (polib.POEntry(msgid="Stop it", msgstr="Stop it"), "English left"),
        (polib.POEntry(msgid="Stop it", msgstr="停止 stop"), "English left"),
        (polib.POEntry(msgid="See “config list”.", msgstr="见“config show”。"), "quoted otherwise"),
        (polib.POEntry(msgid="the limit", msgstr="界限"), "another term"),
        (polib.POEntry(msgid="yours", msgstr="您的"), "您 where"),
        (
            polib.POEntry(
                msgid="{n} a", msgid_plural="{n} as", msgstr_plural={0: "{n} 甲", 1: "{n} 甲"}
            ),
            "1 plural forms",
        ),
        (
            polib.POEntry(msgid="{n} a", msgid_plural="{n} as", msgstr_plural={0: "甲"}),
            "other placeholders",
        ),
        (polib.POEntry(msgid="a {n}", msgstr="甲 {m}"), "other placeholders"),
        (polib.POEntry(msgid="a", msgstr="甲", flags=["fuzzy"]), "fuzzy"),
        (
            polib.POEntry(msgid="{n} a", msgid_plural="{n} as", msgstr_plural={0: ""}),
            "not translated",
        ),
    ],
)
def test_faults_of_a_translation_are_named(
    translations: ModuleType, entry: polib.POEntry, fault: str
) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Plural-Forms": translations.LOCALES["zh_CN"]}
    catalogue.append(entry)

    assert any(fault in line for line in translations.faults_of(catalogue, "zh_CN"))


@pytest.mark.parametrize(
    ("said", "is_right"), [("点“重试”。", True), ("点“再试”。", False), ("点“Try again”。", True)]
)
def test_a_button_is_named_by_its_own_words(
    translations: ModuleType, said: str, is_right: bool
) -> None:
    entry = polib.POEntry(msgid="Press “Try again”.", msgstr=said)
    found = list(translations.faults_of_quotes(entry, {"Try again": "重试"}))

    assert (not found) is is_right


def test_the_plural_rule_is_the_language_s_own(translations: ModuleType) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Plural-Forms": "nplurals=2; plural=(n != 1);"}

    (line,) = translations.faults_of(catalogue, "zh_CN")

    assert line.startswith("Plural-Forms")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('msgstr "停止"', 'msgstr ""'),
        ('msgid "Stop"\nmsgstr "停止"', '#, fuzzy\nmsgid "Stop"\nmsgstr "停止"'),
        ('msgstr "停止"', 'msgstr "停下"\n\nmsgid "Gone"\nmsgstr "没了"'),
        ("nplurals=1; plural=0;", "nplurals=2; plural=n!=1;"),
        ('msgstr "停止"', 'msgstr "停止 "'),
        ('msgstr "停止"', 'msgstr "Stop"'),
        ('msgstr "版本 {number}"', 'msgstr "版本"'),
        ('msgstr "版本 {number}"', 'msgstr "版本 {zahl}"'),
    ],
)
def test_a_fault_planted_in_the_catalogue_fails_the_check(
    translations: ModuleType,
    before: str,
    after: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("tidegauge.pot", "zh_CN.po"):
        text = (translations.FOLDER / name).read_text("utf-8")
        if name == "zh_CN.po":
            assert before in text
            text = text.replace(before, after)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    monkeypatch.setattr(translations, "TEMPLATE", tmp_path / "tidegauge.pot")

    assert translations.check() == 1
    assert "zh_CN" in capsys.readouterr().out
