/** An emulator for other people's clients: by the system's clock, over HTTP and under Mixpanel's own names over TLS. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../src/runtime/network/server.ts";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { openStore } from "../../src/sandbox/store/store.ts";
import { certificateFor, openAuthority } from "../../src/sandbox/tls/authority.ts";
import { startSecure } from "../../src/sandbox/tls/secure.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { loadSeed } from "./seed.ts";

type Json = Record<string, unknown>;

export interface ClientLab {
  readonly url: string;
  /** What a driver finds in its environment. */
  readonly env: Record<string, string>;
  /** Method and path of all requests of the client, in their order. */
  readonly requests: string[];
  /** The properties of all events of a name, as the raw export has them. */
  events(name: string): Promise<Json[]>;
  /** A user's properties, as a query of profiles has them; undefined where there is no such profile. */
  profile(distinctId: string): Promise<Json | undefined>;
  /** The same of a group; `$last_seen` aside. */
  group(key: string, id: string): Json | undefined;
  /** Asks the emulator with the service account; with a body, by POST. */
  // deno-lint-ignore no-explicit-any
  ask(path: string, body?: unknown): Promise<any>;
  stop(): Promise<void>;
}

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
/** Names itself, so that its requests are not counted among the client's. */
const OWN = "x-tests-of-mp";

export async function openClientLab(identity?: "simplified"): Promise<ClientLab> {
  const folder = mkdtempSync(join(tmpdir(), "mp-client-"));
  const authority = await openAuthority(folder, Date.now());
  const store = openStore(":memory:");
  seedDefaults(store, { identity });
  const sandbox = createSandbox({ store });
  const requests: string[] = [];
  const handle = (request: Request, address: string) => {
    if (!request.headers.has(OWN)) requests.push(`${request.method} ${new URL(request.url).pathname}`);
    return sandbox.handle(request, address);
  };
  const server = serve(handle, { hostname: "127.0.0.1", port: 0 });
  const certificate = await certificateFor(authority, Date.now());
  const secure = await startSecure({ ...sandbox, handle }, { certificate, port: 0, proxyPort: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const send = async (path: string, body?: unknown) => {
    const headers = { authorization, [OWN]: "1", "content-type": "application/json" };
    const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(url + path, { headers, ...post });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  const lab: ClientLab = {
    url,
    requests,
    env: {
      MP_URL: url,
      MP_TLS_PORT: new URL(secure.url).port,
      MP_FOLDER: folder,
      MP_TOKEN: SANDBOX.token,
      MP_SECRET: SANDBOX.secret,
      MP_PROJECT: String(SANDBOX.projectId),
      MP_USERNAME: SANDBOX.username,
      MP_SERVICE_SECRET: SANDBOX.serviceSecret,
      HTTPS_PROXY: secure.proxyUrl!,
      https_proxy: secure.proxyUrl!,
      NODE_EXTRA_CA_CERTS: authority.path,
      SSL_CERT_FILE: authority.path,
      REQUESTS_CA_BUNDLE: authority.path,
      HOME: folder,
    },
    async events(name) {
      const to = isoDay(Date.now());
      const search = new URLSearchParams({
        project_id: String(SANDBOX.projectId),
        from_date: "2020-01-01",
        to_date: to,
        event: JSON.stringify([name]),
      });
      const text = await send(`/api/2.0/export?${search}`);
      return text.split("\n").filter(Boolean).map((line) => (parseJson(line) as { properties: Json }).properties);
    },
    async profile(distinctId) {
      const text = await send(`/api/query/engage?project_id=${SANDBOX.projectId}`, { distinct_id: distinctId });
      const { results: [found] } = parseJson(text) as { results: { $properties: Json }[] };
      if (found === undefined) return undefined;
      const { $last_seen: _seen, ...properties } = found.$properties;
      return properties;
    },
    group(key, id) {
      const found = store.profiles.get(SANDBOX.projectId, key, id) as Json | undefined;
      if (found === undefined) return undefined;
      const { $last_seen: _seen, ...properties } = found;
      return properties;
    },
    ask: async (path, body) => parseJson(await send(path, body)),
    async stop() {
      await Promise.all([secure.stop(), server.stop()]);
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await loadSeed(lab, store);
  return lab;
}
