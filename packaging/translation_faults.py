"""What can be wrong with a message or its translation, and how each fault is told.

Placeholders, plural forms, white space and fuzzy marks for every language; for Chinese also
punctuation, spacing, English words left standing, and the terms the interface keeps to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from string import Formatter

import polib

# What a Chinese sentence may say in Latin letters: names, keys, forms of files, units. Words to
# type stand in “…” as in the English message, or begin with two dashes.
_NAMES = frozenset(
    {"AppIndicator", "ChatGPT", "Codex", "CLI", "GNOME", "KWallet", "Keyring", "MIT", "OpenAI"}
    | {"PySide6", "Python", "Tidegauge", "Ctrl+C", "Ctrl+Enter", "Shift+Enter", "Enter", "Home"}
    | {"End", "CSV", "JSON", "JPEG", "GIF", "PNG", "WebP", "Markdown", "VPN", "B", "KB", "MB"}
    | {"SOCKS5", "HTTP", "HTTPS", "PEM", "URL", "IP", "TLS", "PAC", "UTC", "Windows", "macOS"}
    | {
        "FILE",
        "codex",
        "http",
        "https",
        "socks5",
        "root",
        "on",
        "off",
        "status",
        "low",
        "high",
        "SBOM",
        "CycloneDX",
        "Qt",
    }
    | {"ID", "PID", "DNS", "GitHub", "WebEngine", "QtWebEngine", "LGPL", "AT-SPI"}
)
_TO_TYPE = re.compile(r"--[a-z-]+|\b[a-z]+/\d+|\b\d+[a-z]\b|\b\w+://\S+|\b\d[\d.-]*\b")

# The terms of the interface: where the English word stands, one of the Chinese words has to.
_TERMS = {
    r"\bquiet hours\b": ("免打扰",),
    r"\bsnooze\b": ("不再提醒",),
    r"\bcredits\b": ("点数",),
    r"\bcode review\b": ("代码审查",),
    r"\bkeyrings?\b": ("密钥环",),
    r"\bworkspace\b": ("工作区",),
    r"\bplan\b": ("套餐",),
    r"\bsign(ed|ing)? out\b": ("退出",),
    r"\bsign(ed|ing)?[ -]in\b": ("登录",),
    r"\bconversations?\b": ("对话",),
    r"\bin reserve\b": ("富余",),
    r"\bover pace\b": ("超出",),
    r"\blimits?\b": ("限额", "上限"),
    r"\bgauges?\b": ("仪表",),
    r"\bpolls?\b": ("查询",),
    r"\bsettings?\b": ("设置",),
    r"\bproxy\b": ("代理",),
}
# Words another text would use for the same, so that the interface would call it by two names.
_AVOIDED = {
    "您": "你",
    "计算机": "电脑",
    "账号": "账户",
    "帐": "账户",
    "登陆": "登录",
    "额度": "限额",
    "配额": "限额",
    "用完": "用尽",
    "警告": "提醒",
    "救回": "恢复",
    "邮件地址": "邮箱",
    "注销": "退出登录",
    "缺省": "默认",
    "平均节奏": "均匀节奏",
    "显示屏": "显示器",
    "回车": "Enter",
}
_PERCENT = re.compile(r"%(?:\(\w+\))?[srd](?![a-z])")
_PLURAL_NOUN = re.compile(r"\{(?:n|count|high)\} (?:[a-z]+ )?[a-z]{3,}s\b")


def faults_of_message(message: str, plural: str) -> Iterator[str]:
    """What is wrong with an English message, whoever translates it."""
    for text in filter(None, (message, plural)):
        if text != text.strip():
            yield f"white space at an end: {text!r}"
        if "!" in text:
            yield f"loud: {text!r}"
        if "..." in text or re.search(r"\w'(?!\w)|(?<!\w)'\w|\"", text.replace("s' ", " ")):
            yield f"typewriter marks: {text!r}"
        if placeholders(text) is None:
            yield f"placeholders that cannot be read: {text!r}"
    if not plural and _PLURAL_NOUN.search(message):
        yield f"a number meets a noun without plural forms: {message!r}"


def faults_of_entry(entry: polib.POEntry, locale: str, plurals: int) -> Iterator[str]:
    """What is wrong with one translation; `plurals` is how many forms the language has."""
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid!r}"
    if entry.msgid_plural and sorted(entry.msgstr_plural) != list(range(plurals)):
        yield f"{plurals} plural forms wanted: {entry.msgid!r}"
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(text.strip() for text in texts):
        yield f"not translated: {entry.msgid!r}"
        return
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    for text in texts:
        if placeholders(text) != wanted:
            yield f"other placeholders: {entry.msgid!r} -> {text!r}"
        if text != text.strip():
            yield f"white space at an end: {text!r}"
        if text.count("\n") != entry.msgid.count("\n"):
            yield f"other lines: {entry.msgid!r} -> {text!r}"
        if locale.startswith("zh"):
            yield from _chinese(entry.msgid, text)


def faults_of_quotes(entry: polib.POEntry, known: Mapping[str, str]) -> Iterator[str]:
    """A sentence that names a button by its words has to name it by the translated ones."""
    text = entry.msgstr or "".join(entry.msgstr_plural.values())
    for quoted in re.findall(r"“([^”{}]+)”", entry.msgid):
        named = {quoted, known.get(quoted, quoted)}
        if text and quoted in known and not any(f"“{name}”" in text for name in named):
            yield f"“{quoted}” is called otherwise: {text!r}"


def placeholders(text: str) -> list[str] | None:
    """The names between braces and the signs of percent, sorted; None if a brace stands alone."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    fields = [part[1:] for part in parts if part[1] is not None]
    if any(
        not name or not name.isidentifier() or spec or conversion
        for name, spec, conversion in fields
    ):
        return None
    return sorted([name for name, _, _ in fields] + _PERCENT.findall(text))


def _chinese(message: str, text: str) -> Iterator[str]:
    plain = re.sub(r"\{\w*\}|%(?:\(\w+\))?[srd]", "{}", text)
    if "！" in text or "!" in text:
        yield f"loud: {text!r}"
    for left, right in pairwise(plain):
        if _is_han(left) and right in ",.:;?()":
            yield f"half-width {right!r}: {text!r}"
        if {_is_han(left), _is_han(right)} == {True, False} and _is_latin(left + right):
            yield f"no space between {left!r} and {right!r}: {text!r}"
    if re.search(
        r"[\u3400-\u9fff] [\u3400-\u9fff]|  |\s[，。：；？、）”]|[，。：；？、（“]\s", plain
    ):
        yield f"a space too many: {text!r}"
    if "..." in text or '"' in text:
        yield f"typewriter marks: {text!r}"
    yield from _english_left(message, text)
    words = re.sub(r"\{\w*\}|\w+://\S+", "", message)
    for english, chinese in _TERMS.items():
        if re.search(english, words, re.IGNORECASE) and not any(one in text for one in chinese):
            yield f"another term for {english}: {message!r} -> {text!r}"
    for avoided, term in _AVOIDED.items():
        if avoided in text:
            yield f"{avoided} where the interface says {term}: {text!r}"


def _english_left(message: str, text: str) -> Iterator[str]:
    for quoted in re.findall(r"“([^”]*)”", text):
        if re.search(r"[A-Za-z]", re.sub(r"\{\w*\}", "", quoted)) and f"“{quoted}”" not in message:
            yield f"quoted otherwise than in English: {text!r}"
    bare = re.sub(r"“[^”]*”|\{\w*\}|%(?:\(\w+\))?[srd]", " ", text)
    words = re.findall(r"[A-Za-z][A-Za-z0-9+/'-]*", _TO_TYPE.sub(" ", bare))
    left = [word for word in words if word not in _NAMES]
    if left:
        yield f"English left standing ({', '.join(left)}): {text!r}"


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _is_latin(pair: str) -> bool:
    return any(character.isascii() and character.isalnum() for character in pair)
