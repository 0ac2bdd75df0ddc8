"""Sign-in routes: authorize page, token endpoint, revocation, device codes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.simulator.accounts import account_named
from app.simulator.authorization import (
    CLIENTS,
    InvalidRequestError,
    SignInRequest,
    challenge_of,
    read_sign_in_request,
)
from app.simulator.pages import authorize_page, device_page, message_page
from app.simulator.state import ServiceState
from app.simulator.tokens import RefreshRefusedError

DEVICE_SCOPE = "openid profile email offline_access"
_REFUSALS = {
    "refresh_token_reused": "This refresh token was used before; sign in again.",
    "refresh_token_invalidated": "This refresh token was revoked; sign in again.",
    "refresh_token_expired": "This refresh token is too old; sign in again.",
}


class OAuthRoutes:
    """The authorization server."""

    def __init__(self, state: ServiceState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/authorize", self.authorize, methods=["GET"]),
            Route("/oauth/authorize/decision", self.decide, methods=["POST"]),
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/oauth/revoke", self.revoke, methods=["POST"]),
            Route("/api/accounts/deviceauth/usercode", self.device_code, methods=["POST"]),
            Route("/api/accounts/deviceauth/token", self.device_token, methods=["POST"]),
            Route("/codex/device", self.show_device_page, methods=["GET"]),
            Route("/codex/device", self.decide_device, methods=["POST"]),
        ]

    async def authorize(self, request: Request) -> Response:
        try:
            sign_in = read_sign_in_request(
                parse_qsl(request.url.query, keep_blank_values=True),
                any_port=self._state.scenario.any_port,
            )
        except InvalidRequestError as error:
            return HTMLResponse(message_page("This sign-in cannot go on", str(error)), 400)
        page_id = self._state.codes.open_page(sign_in)
        page = authorize_page(page_id, sign_in.client_id, sign_in.scope, self._state.scenario.plan)
        return HTMLResponse(page, headers={"cache-control": "no-store"})

    async def decide(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        sign_in = self._state.codes.close_page(form.get("page", ""))
        account = account_named(form.get("account", ""))
        if sign_in is None or account is None:
            return HTMLResponse(message_page("This page is out of date", "Start again."), 400)
        if form.get("decision") != "allow":
            denied = {"error": "access_denied", "error_description": "The request was denied."}
            return RedirectResponse(sign_in.answer(**denied), 302)
        if not account.is_entitled:
            refused = {"error": "access_denied", "error_description": "missing_codex_entitlement"}
            return RedirectResponse(sign_in.answer(**refused), 302)
        code = self._state.codes.issue(sign_in, account)
        return RedirectResponse(sign_in.answer(code=code, scope=sign_in.scope), 302)

    async def token(self, request: Request) -> Response:
        """Both grants, form or JSON encoded."""
        fields = await _fields(request)
        if fields is None:
            return _grant_error("invalid_request", "The body cannot be read.")
        if fields.get("client_id") not in CLIENTS:
            return _grant_error("invalid_client", "client_id is not known.", 401)
        if fields.get("grant_type") == "authorization_code":
            return self._exchange(fields)
        if fields.get("grant_type") == "refresh_token":
            return self._refresh(fields)
        return _grant_error("unsupported_grant_type", "This grant_type is not supported.")

    def _exchange(self, fields: Mapping[str, str]) -> Response:
        found = self._state.codes.find(fields.get("code", ""))
        if found is None:
            return _grant_error("invalid_grant", "The code is not known.")
        if found.family is not None:
            self._state.tokens.revoke_family(found.family)
            return _grant_error("invalid_grant", "The code was used before.")
        refusal = self._state.codes.refusal(found, fields)
        if refusal is not None:
            return _grant_error("invalid_grant", refusal)
        plan = self._state.meter_of(found.account).plan
        found.family, reply = self._state.tokens.start_family(
            found.account, found.request.client_id, found.request.scope, plan
        )
        return _token_reply(reply)

    def _refresh(self, fields: Mapping[str, str]) -> Response:
        try:
            reply = self._state.tokens.refresh(
                fields.get("refresh_token", ""), fields.get("client_id", "")
            )
        except RefreshRefusedError as refused:
            if refused.code not in _REFUSALS:
                return _grant_error(refused.code, "The refresh token is not known.")
            error = {
                "message": _REFUSALS[refused.code],
                "type": "invalid_request_error",
                "param": None,
                "code": refused.code,
            }
            return JSONResponse({"error": error}, self._state.refresh_refusal_status)
        return _token_reply(reply)

    async def revoke(self, request: Request) -> Response:
        """RFC 7009 in JSON; a refresh token needs its client. Unknown tokens are fine."""
        fields = await _fields(request)
        if fields is None or not fields.get("token"):
            return _grant_error("invalid_request", "token is missing.")
        is_refresh = fields.get("token_type_hint") == "refresh_token"
        if is_refresh and fields.get("client_id") not in CLIENTS:
            return _grant_error("invalid_client", "client_id is not known.", 401)
        self._state.tokens.revoke(fields["token"])
        return JSONResponse({})

    async def device_code(self, request: Request) -> Response:
        devices = self._state.devices
        fields = await _fields(request)
        if not devices.is_enabled:
            return JSONResponse({"detail": "Not Found"}, 404)
        if fields is None or fields.get("client_id") not in CLIENTS:
            return _grant_error("invalid_client", "client_id is not known.", 401)
        code = devices.issue(fields["client_id"])
        return JSONResponse(
            {
                "device_auth_id": code.device_auth_id,
                "user_code": code.user_code,
                "interval": str(devices.interval_s),  # a string on the real wire too
            }
        )

    async def device_token(self, request: Request) -> Response:
        """403 while nobody decided; then, once, the code and the service's own PKCE pair."""
        fields = await _fields(request) or {}
        devices = self._state.devices
        code = devices.find(fields.get("device_auth_id", ""), fields.get("user_code", ""))
        if code is None or code.is_denied or code.is_spent:
            return JSONResponse({"error": {"code": "deviceauth_authorization_denied"}}, 400)
        if not devices.is_fresh(code):
            return JSONResponse({"error": {"code": "deviceauth_authorization_expired"}}, 410)
        if code.account is None:
            return JSONResponse({"error": {"code": "deviceauth_authorization_pending"}}, 403)
        code.is_spent = True
        verifier = secrets.token_urlsafe(64)
        sign_in = SignInRequest(
            client_id=code.client_id,
            redirect_uri=f"{self._state.url}/deviceauth/callback",
            state="",
            code_challenge=challenge_of(verifier),
            scope=DEVICE_SCOPE,
        )
        return JSONResponse(
            {
                "authorization_code": self._state.codes.issue(sign_in, code.account),
                "code_challenge": sign_in.code_challenge,
                "code_verifier": verifier,
            }
        )

    async def show_device_page(self, request: Request) -> Response:
        return HTMLResponse(device_page(self._state.scenario.plan))

    async def decide_device(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        account = account_named(form.get("account", ""))
        is_allowed = form.get("decision") == "allow"
        if is_allowed and (account is None or not account.is_entitled):
            page = message_page("No access", "This account has no access to Codex.")
            return HTMLResponse(page, 403)
        if not self._state.devices.decide(
            form.get("user_code", ""), account if is_allowed else None
        ):
            return HTMLResponse(message_page("Unknown code", "No device waits for it."), 400)
        heading = "Device connected" if is_allowed else "Device refused"
        return HTMLResponse(message_page(heading, "You can close this page."))


async def _fields(request: Request) -> dict[str, str] | None:
    """The string fields of a form or JSON body; None if unreadable or a name stands twice."""
    raw = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, strict_parsing=True)
            return dict(pairs) if len(dict(pairs)) == len(pairs) else None
        if kind == "application/json":
            body = json.loads(raw)
            if isinstance(body, dict):
                return {key: value for key, value in body.items() if isinstance(value, str)}
    except ValueError:
        return None
    return None


def _token_reply(reply: Mapping[str, object]) -> Response:
    return JSONResponse(reply, headers={"cache-control": "no-store", "pragma": "no-cache"})


def _grant_error(code: str, description: str, status: int = 400) -> Response:
    return JSONResponse({"error": code, "error_description": description}, status)
