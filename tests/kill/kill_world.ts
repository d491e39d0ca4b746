/** What a job that is killed works on: an emulator of its own, and folders that are compared in the end. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { checksum } from "../../src/runtime/checksum.ts";
import { serve } from "../../src/runtime/network/server.ts";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { loadDataSet } from "../../src/sandbox/load_data_set.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { openStore, type Store } from "../../src/sandbox/store/store.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

/** The program's clock begins here, and so does the emulator's. */
export const NOW_MS = Date.UTC(2026, 10, 23, 12);
/** Events of this name are refused by the emulator. */
export const REFUSED = "Refused";
/** The project that copies go to. */
export const TARGET = { id: 2_000_001, token: "target-token" } as const;

export interface Event {
  event: string;
  properties: Record<string, unknown>;
}

export interface KillWorld {
  readonly url: string;
  /** Where the program runs. */
  readonly work: string;
  readonly store: Store;
  readonly env: Readonly<Record<string, string>>;
  /** Puts a file into the working folder. */
  write(path: string, content: string | Uint8Array): void;
  /** Puts events into the emulator's first project. */
  addEvents(events: readonly Event[]): void;
  /** Sends a request to the emulator. */
  send(path: string, init?: { method?: string; body?: unknown }): Promise<string>;
  /** What is there: files by path, without what differs from run to run, and what the emulator has. */
  snapshot(): Promise<Map<string, string>>;
  stop(): Promise<void>;
}

const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;

export function openKillWorld(folder: string): KillWorld {
  const work = join(folder, "work");
  const places = { HOME: join(folder, "home"), TMPDIR: join(folder, "tmp"), XDG_STATE_HOME: join(folder, "state") };
  for (const path of [work, ...Object.values(places)]) mkdirSync(path);
  const store = openStore(":memory:");
  seedDefaults(store);
  const { projects } = store;
  projects.addProject({
    ...projects.project(SANDBOX.projectId)!,
    id: TARGET.id,
    workspaceId: TARGET.id + 1,
    token: TARGET.token,
    secret: "target-secret",
  });
  projects.setRole(1, TARGET.id, "owner");
  const { handle } = createSandbox({ store, clock: fakeClock(NOW_MS), settings: { profilePageSize: 20 } });
  const server = serve(
    async (request, address) => await refuseSome(request, (one) => handle(one, address)),
    { hostname: "127.0.0.1", port: 0 },
  );
  const url = `http://127.0.0.1:${server.port}`;
  const config = join(folder, "config.toml");
  writeFileSync(config, accounts(url));
  chmodSync(config, 0o600);
  const env = {
    ...sandboxEnvironment(url),
    MP_CONFIG_PATH: config,
    ...places,
    TZ: "UTC",
  };
  const send: KillWorld["send"] = async (path, { method = "GET", body } = {}) => {
    const headers = { authorization, "content-type": "application/json" };
    const answer = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  };
  return {
    url,
    work,
    store,
    env,
    send,
    write(path, content) {
      writeFileSync(join(work, path), content);
    },
    addEvents(events) {
      loadDataSet(store, SANDBOX.projectId, { events, profiles: [], funnels: [], cohorts: [] });
    },
    async snapshot() {
      const all = new Map<string, string>();
      for (const place of ["state", "work", "tmp"]) addFiles(all, folder, place, url);
      for (const id of [SANDBOX.projectId, TARGET.id]) all.set(`project ${id}`, await contentOf(id));
      return all;
    },
    async stop() {
      await server.stop();
      store.close();
    },
  };

  /** Everything that jobs write into a project, in an order of its own. */
  async function contentOf(id: number): Promise<string> {
    const events = await send(`/api/2.0/export?project_id=${id}&from_date=2026-08-01&to_date=2026-11-22`);
    const schemas = await send(`/api/app/projects/${id}/schemas`);
    const annotations = (await send(`/api/app/projects/${id}/annotations`)).replace(/"id":\s*\d+/g, '"id":0');
    const profiles = [...Array(200).keys()].map((number) => {
      const found = store.profiles.get(id, "", `user-${number}`);
      return found === undefined ? "" : JSON.stringify({ ...found, $last_seen: undefined });
    });
    // An event that was sent twice is there twice and counts once, as with Mixpanel.
    return [...[...new Set(events.split("\n"))].sort(), ...profiles, schemas, annotations].join("\n");
  }
}

function accounts(url: string): string {
  const account = (name: string, id: number, token: string) =>
    `[accounts.${name}]\nusername = "${SANDBOX.username}"\nsecret = "${SANDBOX.serviceSecret}"\n` +
    `base_url = "${url}"\nproject_id = "${id}"\nproject_token = "${token}"\n`;
  return account("from", SANDBOX.projectId, SANDBOX.token) + account("to", TARGET.id, TARGET.token);
}

/** Lets the emulator have the events of a request that are not refused, and says of the others that they are. */
async function refuseSome(request: Request, handle: (request: Request) => Promise<Response>): Promise<Response> {
  if (new URL(request.url).pathname !== "/import") return await handle(request);
  const { headers, url, method } = request;
  const isGzip = headers.get("content-encoding") === "gzip";
  const bytes = new Uint8Array(await request.arrayBuffer());
  const text = new TextDecoder().decode(isGzip ? gunzipSync(bytes) : bytes);
  const lines = text.split("\n").filter((line) => line !== "");
  const taken = lines.filter((line) => !line.includes(`"event":"${REFUSED}"`));
  const plain = new Headers(headers);
  for (const name of ["content-encoding", "content-length"]) plain.delete(name);
  const answer = await handle(new Request(url, { method, headers: plain, body: taken.join("\n") }));
  if (taken.length === lines.length || !answer.ok) return answer;
  const failed = lines.flatMap((line, index) =>
    taken.includes(line) ? [] : [{ index, field: "event", message: "'event' is refused" }]
  );
  const error = "some data points in the request failed validation";
  const body = { code: 400, error, status: "Bad Request", num_records_imported: taken.length, failed_records: failed };
  return Response.json(body, { status: 400 });
}

/** Where a record was in what a copy has fetched: a run that goes on asks for other days at a time. */
const COPIED_FROM = /^\{"source":"events of [^"]*","line":\d+/gm;
/** When something was done, and names that follow from where the folder is. */
const TIMES = /"(created_at|updated_at|fetched_at|finished_at)": ?"[^"]*"/g;
const HASHES = /[0-9a-f]{24,64}/g;

function addFiles(all: Map<string, string>, folder: string, path: string, url: string): void {
  for (const name of readdirSync(join(folder, path)).sort()) {
    const inner = `${path}/${name}`;
    const full = join(folder, inner);
    if (statSync(full).isDirectory()) {
      all.set(`${inner.replace(HASHES, "HASH")}/`, "");
      addFiles(all, folder, inner, url);
      continue;
    }
    const bytes = readFileSync(full);
    const text = inner.endsWith(".parquet") ? bytes.toString("hex") : unpacked(bytes).toString("utf8");
    const content = inner.endsWith("_mp_manifest.json") ? checkedManifest(join(folder, path), text) : text;
    all.set(
      inner.replace(HASHES, "HASH"),
      content.replaceAll(folder, "FOLDER").replaceAll(url, "URL").replace(TIMES, '"$1":""').replace(COPIED_FROM, "{"),
    );
  }
}

/** What is compressed in other portions is the same content. */
function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/**
 * Sizes and sums are held against the files, and left out: they follow from how a file is compressed. So are the days that
 * came together, which follow from what a run that goes on still lacks.
 */
function checkedManifest(manifestFolder: string, text: string): string {
  // That of a table lies beside the folder, where readers of whole folders do not find it.
  const folder = manifestFolder.replace(/\.mp$/, "");
  const manifest = JSON.parse(text) as {
    files: { path: string; bytes?: number; crc32?: string; together?: unknown }[];
  };
  for (const file of manifest.files) {
    const path = join(folder, file.path);
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const sum = checksum();
    sum.update(bytes);
    if (bytes.length !== file.bytes || sum.hex() !== file.crc32) {
      throw new Error(
        `The manifest has ${file.path} with ${file.bytes} bytes, ${file.crc32}: ${bytes.length}, ${sum.hex()}`,
      );
    }
    delete file.bytes;
    delete file.crc32;
    delete file.together;
  }
  return JSON.stringify(manifest);
}
