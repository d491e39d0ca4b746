/** The variables that point `mp`, or a script, at a sandbox. */
import { SANDBOX } from "../../../sandbox/defaults.ts";
import type { SecureWays } from "./secure_ways.ts";

/** Names and values, in the order in which they are shown. None of them is a real secret. */
export function sandboxEnvironment(url: string, secure?: SecureWays): Record<string, string> {
  return {
    ...(secure?.proxyUrl === undefined ? { MP_API_BASE_URL: secure?.url ?? url } : proxyVariables(secure.proxyUrl)),
    ...(secure === undefined ? {} : trustVariables(secure.authorityPath)),
    MP_PROJECT_ID: String(SANDBOX.projectId),
    MP_USERNAME: SANDBOX.username,
    MP_SECRET: SANDBOX.serviceSecret,
    MP_OAUTH_TOKEN: SANDBOX.oauthToken,
    MP_TOKEN: SANDBOX.token,
  };
}

/** What leads requests to Mixpanel's hosts to the proxy, and those to this machine past it. */
function proxyVariables(proxyUrl: string): Record<string, string> {
  return { HTTPS_PROXY: proxyUrl, NO_PROXY: "localhost,127.0.0.1,::1", NODE_USE_ENV_PROXY: "1" };
}

/** What makes OpenSSL, Go and Ruby, Node.js, Python's requests, and curl trust an authority. */
function trustVariables(path: string): Record<string, string> {
  return { SSL_CERT_FILE: path, NODE_EXTRA_CA_CERTS: path, REQUESTS_CA_BUNDLE: path, CURL_CA_BUNDLE: path };
}
