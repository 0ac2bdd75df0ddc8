// An authorization server that nobody here wrote: oidc-provider, a certified OpenID provider.
//
//   node authorization_server.mjs FOLDER_OF_NODE_MODULES CLIENT_ID...
//
// Prints its address, then serves until stdin ends. Around it: a sign-in page with one account,
// a translation of JSON bodies (the provider reads forms only), and two doors for a test:
// GET /judged tells what the provider made of every token request, POST /mix-up lets its answers
// carry the name of another issuer.
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, ...clientIds] = process.argv.slice(2);
const entry = pathToFileURL(join(modules, "oidc-provider", "lib", "index.js"));
const { Provider } = await import(entry);

const ACCOUNT = {
  sub: "user-judge",
  email: "judge@example.com",
  "https://api.openai.com/auth": {
    chatgpt_account_id: "11111111-2222-4333-8444-555555555555",
    chatgpt_user_id: "user-judge",
    chatgpt_plan_type: "plus",
  },
};
const SCOPES = "openid profile email offline_access api.connectors.read api.connectors.invoke";
const DAY_S = 86400;
const judged = [];
let isMixedUp = false;

function configuration() {
  return {
    clients: clientIds.map((client_id) => ({
      client_id,
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: ["localhost", "127.0.0.1"].map((host) => `http://${host}/auth/callback`),
    })),
    routes: {
      authorization: "/oauth/authorize",
      token: "/oauth/token",
      revocation: "/oauth/revoke",
    },
    scopes: SCOPES.split(" "),
    claims: { openid: ["sub", "https://api.openai.com/auth"], email: ["email"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 30 * DAY_S,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 30 * DAY_S,
      Session: DAY_S,
    },
    cookies: { keys: ["judge"] },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    extraParams: ["id_token_add_organizations", "codex_cli_simplified_flow", "originator"],
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ACCOUNT }),
    loadExistingGrant,
  };
}

// Whoever signs in consents: the page has no second step.
async function loadExistingGrant({ oidc }) {
  const { client, session, provider } = oidc;
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPES);
  await grant.save();
  return grant;
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

// Hands the provider a form that is read already, whether it came as one or as JSON.
async function readAsForm(request) {
  const text = await bodyOf(request);
  request.wasJson = (request.headers["content-type"] ?? "").startsWith("application/json");
  request.body = request.wasJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  request.headers["content-type"] = "application/x-www-form-urlencoded";
}

const signInPage = (action) => `<!DOCTYPE html><title>Sign in</title>
<form method="post" action="${action}">
<input type="radio" name="account" value="${ACCOUNT.email}">
<input type="hidden" name="page" value="1">
<button name="decision" value="allow">Allow</button></form>`;

async function signIn(request, response, provider) {
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    response.end(signInPage(request.url));
    return;
  }
  const { decision } = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
  const result =
    decision === "allow"
      ? { login: { accountId: ACCOUNT.sub }, consent: {} }
      : { error: "access_denied", error_description: "the person said no" };
  await provider.interactionFinished(request, response, result);
}

function mixUp(response) {
  const set = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    set(
      name,
      isMixedUp && name.toLowerCase() === "location"
        ? String(value).replace(/([?&]iss=)[^&]*/, "$1https%3A%2F%2Fevil.example")
        : value,
    );
}

function note(provider) {
  const told = (outcome) => (ctx, error) =>
    judged.push({
      grant: ctx.req.body?.grant_type,
      was_json: ctx.req.wasJson,
      outcome,
      error: error?.message,
      detail: error?.error_detail,
    });
  provider.on("grant.success", told("granted"));
  provider.on("grant.error", told("refused"));
  provider.on("grant.revoked", () => judged.push({ outcome: "whole grant revoked" }));
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  console.warn = console.info = () => {}; // what it says about its own development settings
  const provider = new Provider(address, configuration());
  provider.on("server_error", (_ctx, error) => console.error(error));
  note(provider);
  const serve = provider.callback();
  server.on("request", async (request, response) => {
    if (request.url === "/judged") {
      response.end(JSON.stringify(judged));
    } else if (request.url === "/mix-up") {
      isMixedUp = true;
      response.end();
    } else if (request.url.startsWith("/sign-in/")) {
      await signIn(request, response, provider);
    } else {
      if (request.method === "POST") await readAsForm(request);
      mixUp(response);
      serve(request, response);
    }
  });
  console.log(address);
});
process.stdin.on("end", () => process.exit(0)).resume();
