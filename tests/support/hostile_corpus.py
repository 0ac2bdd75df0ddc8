"""More than five hundred hostile answers: every way to embed or link, with every kind of address.

Classes are written by hand, documents are their products (A9, T-51…T-54, T-59). `file` is a
file nobody may open, `url` an address on this machine that nobody may call.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from support.hostile_markdown import LINKING, LOADING, TOO_MUCH

# `{}` is the address.
EMBEDDING: tuple[str, ...] = (
    "![a]({})",
    "![a](<{}>)",
    "![a]({} 'title')",
    "![a][r]\n\n[r]: {}",
    "![r]\n\n[r]: <{}>",
    "[![a]({})]({})",
    "# ![a]({})",
    "- item\n  - ![a]({})",
    "1. x\n\n   ![a]({})",
    "> > ![a]({})",
    "| ![a]({}) | b |\n|---|---|\n| ![b]({}) | 2 |",
    "**![*a*]({})**",
    "<img src='{}'>",
    '<IMG SRC="{}" WIDTH=1 HEIGHT=1 />',
    "<table background='{}'><tr><td background='{}'>x</td></tr></table>",
    "<body background='{}' style='background: url({})'>x</body>",
    "<style>@import '{}'; p {{ background-image: url('{}') }}</style>\n\nx",
    "<link rel='stylesheet' href='{}'>\n\nx",
    "<script src='{}'></script>",
    "<iframe src='{}'></iframe><object data='{}'></object><embed src='{}'>",
    "<svg><image href='{}'/></svg>",
    "<ul style='list-style-image: url({})'><li>x</li></ul>",
    "<meta http-equiv='refresh' content='0;url={}'>",
    "[x]({})",
    "<{}>",
    "[x][r]\n\n[r]: {} 'title'",
    "see {} there",
    "<a href='{}'>x</a>",
    "```html\n<img src='{}'>\n```",
    "`<img src='{}'>`",
)

DECEIVING: tuple[str, ...] = (
    "`rm \u202e-rf \u2066/\u2069`",
    "```sh\necho \u200bhi\u2062 # \u202egnp.exe\n```",
    "\u202e" * 200 + "abc" + "\u2069" * 200,
    "\u2066" * 1_000 + "x",
    "[https://bank.example](https://evil.example)",
    "[bank\u200b.example](https://evil.example)",
    "[**https**://bank.example](https://evil.example)",
    "[x](https://b\u00e4nk.example)",
    "[x](https://xn--bnk-qla.example)",
    "[x](https://\u0430pple.example)",
    "\x1b]8;;https://evil.example\x07bank\x1b]8;;\x07",
    "\x1b[2J\x1b[31mred",
    "\x00" * 50,
    "a\u2028b\u2029c\x85d\x0be\x0cf",
    "\ud800\udfff",
    "\ufffc\ufdd0\uffff",
    "Z" + "\u0300\u0316" * 2_000,
    "\U000e0041\U000e0042" * 100,
    "\u05d0\u05d1 abc \u0627\u0644 **x** `\u05d0`",
    "| \u202ea | b |\n|---|---|\n| \u2066c | d |",
    "&#x202e;&#0;&lt;img src=x&gt;",
    "---\ntitle: x\n---\n\n<!-- --><![CDATA[<img src=x>]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>\n\n&e;",
    "Title\n" + "=" * 5_000,
    "\\" * 5_000 + "![a](x)",
)


def addresses(file: str, url: str) -> dict[str, str]:
    """Every kind of address by its name."""
    host = urlsplit(url).netloc
    return {
        "url": url,
        "url with a query": f"{url}?q=all+of+the+chat",
        "url in capitals": url.replace("http", "HTTP"),
        "two slashes": f"//{host}/share/x.png",
        "user and host": f"http://bank.example@{host}/x",
        "ftp": f"ftp://{host}/x.png",
        "websocket": f"ws://{host}/x",
        "smb": f"smb://{host}/x",
        "unc": f"\\\\{host}\\share\\x.png",
        "path": file,
        "file": f"file://{file}",
        "file and host": f"FILE://localhost{file}",
        "file without slashes": f"file:{file}",
        "file encoded": f"file://{quote(file, safe='').replace('%2F', '/')}",
        "relative": "../" * 12 + file.lstrip("/"),
        "data": f"data:image/svg+xml,<svg xmlns:x='{url}'/>",
        "large data": "data:image/png;base64," + "A" * 3_000,
        "resource": "qrc:/qt-project.org/qmessagebox/images/qtlogo-64.png",
        "script": "javascript:fetch('x')",
    }


def documents(file: str, url: str) -> dict[str, str]:
    """All of them, by names that say what they try."""
    found = {
        f"{frame.split('{}')[0]!r} with {name}": frame.replace("{}", address)
        for frame in EMBEDDING
        for name, address in addresses(file, url).items()
    }
    for group, texts in (("load", LOADING), ("link", LINKING), ("deceive", DECEIVING)):
        found |= {f"{group} {n}": text for n, text in enumerate(texts)}
    found |= {f"too much: {name}": text for name, text in TOO_MUCH.items()}
    return found
