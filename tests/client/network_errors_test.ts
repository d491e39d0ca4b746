import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { isPassing, networkError } from "../../src/client/network_errors.ts";
import type { Exchange } from "../../src/client/errors.ts";
import { type FaultKind, NetworkFault, networkFault } from "../../src/runtime/network/network_fault.ts";

const KINDS: Record<FaultKind, RegExp> = {
  unknown_host: /there is no host mixpanel\.com$/,
  lookup_failed: /could not be looked up$/,
  refused: /mixpanel\.com refused the connection$/,
  unreachable: /cannot be reached$/,
  reset: /closed the connection before it had answered$/,
  cut: /ended early$/,
  first_byte_timeout: /no answer within 30 s$/,
  idle_timeout: /stopped arriving$/,
  too_slow: /arrived at less than 100 bytes a second/,
  connect_timeout: /cannot be reached$/,
  certificate_expired: /certificate of mixpanel\.com has expired$/,
  certificate_not_yet_valid: /not valid yet$/,
  certificate_untrusted: /unknown authority$/,
  certificate_self_signed: /self-signed$/,
  certificate_name: /for another name$/,
  tls: /no secure connection/,
  proxy_refused: /the proxy refused to connect to mixpanel\.com \(407 No\)$/,
  proxy_unreachable: /the proxy cannot be reached$/,
  bad_answer: /cannot be understood$/,
  unknown_encoding: /is compressed as 407 No, and only gzip was asked for$/,
  other: /the network failed: 407 No$/,
};

function errorOf(kind: FaultKind, baseUrl?: string, account?: string) {
  const exchange: Exchange = {
    request: { method: "GET", family: "query", repeatable: false },
    url: new URL(baseUrl ?? "https://mixpanel.com/x"),
    connection: { region: "us", baseUrl, places: { baseUrl: account } },
  };
  return networkError(new NetworkFault(kind, true, "407 No"), exchange, 30_000);
}

describe("networkError", () => {
  for (const [kind, words] of Object.entries(KINDS) as [FaultKind, RegExp][]) {
    it(`puts ${kind} into plain words`, () => {
      const error = errorOf(kind);
      assert.match(error.message, words);
      assert.equal(error.exitCode, 7);
      assert.equal(error.code, kind);
      assert.doesNotMatch(`${error.message}`, /undefined|E[A-Z]{4,}/);
    });
  }

  it("names the file of authorities, the proxy or the base URL where they help", () => {
    assert.match(errorOf("certificate_untrusted").hint!, /SSL_CERT_FILE or NODE_EXTRA_CA_CERTS/);
    assert.match(errorOf("refused").hint!, /HTTPS_PROXY/);
    assert.match(errorOf("unknown_host", "http://gate.test/").hint!, /MP_API_BASE_URL/);
    assert.match(errorOf("refused", "http://127.0.0.1:1/").hint!, /mp sandbox/);
    assert.match(errorOf("proxy_refused").hint!, /user:password@/);
  });

  it("names the account that has the base URL", () => {
    for (const kind of ["unknown_host", "refused", "unreachable", "certificate_name", "tls", "bad_answer"] as const) {
      const { hint = "" } = errorOf(kind, "https://gate.test/", "account 'tgt'");
      assert.match(hint, /base_url of account 'tgt'/, kind);
      assert.doesNotMatch(hint, /MP_API_BASE_URL/);
    }
  });

  it("takes certificates, names and timeouts as lasting, lost connections as passing", () => {
    const passing = (kind: FaultKind) => isPassing(new NetworkFault(kind, true, ""));
    assert.deepEqual((["reset", "cut", "refused", "lookup_failed"] as const).map(passing), [true, true, true, true]);
    const lasting = ["certificate_expired", "unknown_host", "first_byte_timeout", "proxy_refused", "tls"] as const;
    assert.deepEqual(lasting.map(passing), [false, false, false, false, false]);
  });
});

describe("networkFault", () => {
  for (
    const [error, kind, sent] of [
      [{ code: "ENOTFOUND", message: "getaddrinfo" }, "unknown_host", false],
      [{ code: "ECONNREFUSED", message: "" }, "refused", false],
      [{ code: "ECONNRESET", message: "" }, "reset", true],
      [{ message: "fetch failed", cause: { code: "CERT_HAS_EXPIRED", message: "" } }, "certificate_expired", false],
      [{ code: "ERR_SSL_WRONG_VERSION_NUMBER", message: "" }, "tls", false],
      [{ message: "socket hang up" }, "reset", true],
      [{ message: "whatever" }, "other", true],
      ["a text", "other", true],
      [undefined, "other", true],
    ] as const
  ) {
    it(`knows ${JSON.stringify(error)}`, () => {
      const fault = networkFault(error);
      assert.deepEqual([fault.kind, fault.sent], [kind, sent]);
    });
  }

  it("drops addresses, which may hold a token", () => {
    const message = 'X fetching "https://h/?token=tkn". For more information, pass `verbose: true` to fetch()';
    assert.equal(networkFault({ code: "X", message }).detail, "X");
    assert.equal(networkFault({ message: "no http://u:pa55@proxy.test:1/ here" }).detail, "no … here");
  });
});
