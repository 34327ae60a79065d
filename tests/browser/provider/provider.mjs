// An OpenID provider for the tests: node provider.mjs PORT REDIRECT_URI. Any name is an account; a
// name typed as "ani+otp" has shown a second proof; groups stand after a slash: "ani/satgas".
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "kalbar-risk",
      client_secret: "a secret for the tests alone",
      redirect_uris: [redirect],
      post_logout_redirect_uris: [redirect],
      require_auth_time: true,
    },
  ],
  claims: { openid: ["sub", "amr"], profile: ["preferred_username", "groups"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ["for the tests alone"] },
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => {
      const [name, group] = id.split("/");
      return { sub: id, preferred_username: name, groups: group ? [group] : [] };
    },
  }),
  loadExistingGrant: async (ctx) => {
    const { client, session, provider: own } = ctx.oidc;
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

const form = `<!doctype html><title>Provider</title><form method=post>
<label>Account <input name=account autofocus></label><button>Continue</button></form>`;

createServer(async (request, response) => {
  if (!request.url.startsWith("/sign-in/")) return provider.callback()(request, response);
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html");
    return response.end(form);
  }
  let body = "";
  for await (const part of request) body += part;
  const [accountId, proof] = new URLSearchParams(body).get("account").split("+");
  const login = { accountId, amr: proof ? ["pwd", proof] : ["pwd"] };
  await provider.interactionFinished(request, response, { login });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
