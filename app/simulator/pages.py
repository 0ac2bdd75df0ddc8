"""The simulator's HTML: plain forms that a person, a browser driver or `visitor` can use."""

from __future__ import annotations

import html

from app.simulator.accounts import ACCOUNTS, SimulatedAccount, choice_of

_STYLE = """
:root { color-scheme: light dark; --ground: #f6f8fb; --card: #ffffff; --line: #e3e7ed;
  --ink: #1b2430; --soft: #5b6675; --calm: #2563c9; --close: #a85f00; --on-calm: #ffffff }
@media (prefers-color-scheme: dark) { :root { --ground: #1d2229; --card: #252b34;
  --line: #2e353f; --ink: #eef1f5; --soft: #a9b3c0; --calm: #6ea8ff; --close: #f0ae3c;
  --on-calm: #1d2229 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 460px; background: var(--card); padding: 32px;
  border: 1px solid var(--line); border-radius: 12px }
.banner { margin: -32px -32px 24px; padding: 12px 32px; border-bottom: 1px solid var(--line);
  border-radius: 12px 12px 0 0; color: var(--close); font-size: 13px; font-weight: 600 }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.25 }
p { margin: 0 0 20px; color: var(--soft) }
fieldset { margin: 0 0 24px; padding: 0; border: 0; display: grid; gap: 8px }
legend { padding: 0; margin-bottom: 8px; font-weight: 600 }
label.account { display: flex; gap: 12px; align-items: center; padding: 8px 12px;
  border: 1px solid var(--line); border-radius: 8px; cursor: pointer }
label.account:has(input:checked) { border-color: var(--calm) }
label.account input { margin: 0; accent-color: var(--calm) }
label.account span { display: block }
label.account .what { color: var(--soft); font-size: 13px }
label.code { display: block; margin-bottom: 20px; font-weight: 600 }
label.code input { display: block; width: 100%; margin-top: 8px; padding: 10px 12px;
  font: 18px ui-monospace, monospace; letter-spacing: .1em; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: 8px }
.buttons { display: flex; flex-direction: row-reverse; gap: 8px }
button { padding: 9px 20px; font: inherit; font-weight: 600; border-radius: 7px; cursor: pointer;
  border: 1px solid var(--line); background: transparent; color: var(--ink) }
button.primary { border-color: var(--calm); background: var(--calm); color: var(--on-calm) }
code { overflow-wrap: anywhere; color: var(--ink) }
"""


def authorize_page(page_id: str, client_id: str, scope: str, plan: str | None) -> str:
    """The consent page; its form posts `page`, `account` and `decision`. `plan` None: their own."""
    return _page(
        "Sign in",
        f"""<h1>Sign in to continue</h1>
<p>The application <code>{html.escape(client_id)}</code> asks to read who you are and to use
your plan.</p>
<form id="authorize" method="post" action="/oauth/authorize/decision">
<input type="hidden" name="page" value="{html.escape(page_id)}">
{_accounts(plan)}
{_buttons()}
</form>
<p style="margin:20px 0 0;font-size:12px">Scope: {html.escape(scope)}</p>""",
    )


def device_page(plan: str | None) -> str:
    """Where a device code is typed in and allowed."""
    return _page(
        "Connect a device",
        f"""<h1>Connect a device</h1>
<p>Type the code that the application shows.</p>
<form id="device" method="post" action="/codex/device">
<label class="code">Code<input id="user_code" name="user_code" autocomplete="off"
 spellcheck="false" required></label>
{_accounts(plan)}
{_buttons()}
</form>""",
    )


def message_page(heading: str, text: str) -> str:
    """A page that only says something."""
    return _page(
        heading,
        f'<h1>{html.escape(heading)}</h1><p id="message" style="margin:0">{html.escape(text)}</p>',
    )


def _accounts(plan: str | None) -> str:
    rows = "\n".join(
        _account(account, plan or account.plan, index == 0)
        for index, account in enumerate(ACCOUNTS)
    )
    return f"<fieldset><legend>Account</legend>\n{rows}\n</fieldset>"


def _account(account: SimulatedAccount, plan: str, is_first: bool) -> str:
    what = f"{plan} plan" if account.is_entitled else "has no access to Codex"
    checked = " checked" if is_first else ""
    return (
        f'<label class="account" for="account-{account.key}">'
        f'<input type="radio" id="account-{account.key}" name="account"'
        f' value="{html.escape(choice_of(account))}"{checked}>'
        f"<span>{html.escape(account.email)}"
        f'<span class="what">{html.escape(account.name)}, {html.escape(what)}</span></span></label>'
    )


def _buttons() -> str:
    return (
        '<div class="buttons">'  # in this order, so that the Enter key allows
        '<button type="submit" id="allow" name="decision" value="allow" class="primary">'
        "Allow</button>"
        '<button type="submit" id="deny" name="decision" value="deny">Deny</button></div>'
    )


def _page(title: str, content: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)} · Tidegauge simulator</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<main>
<div class="banner" id="simulator">Tidegauge simulator. No real account is used.</div>
{content}
</main>
</body>
</html>
"""
