/** A sandbox in memory, with a clock that stands still, called without a network. */
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import type { SandboxSettings } from "../../src/sandbox/settings.ts";
import type { Project, Role } from "../../src/sandbox/store/projects.ts";
import { openStore, type Store } from "../../src/sandbox/store/store.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

/** Monday, noon, UTC. */
export const NOW_MS = Date.UTC(2026, 10, 23, 12);
export const NOW_SECONDS = NOW_MS / 1000;

const PROJECT = `project_id=${SANDBOX.projectId}`;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON. Throws when it is none. */
  // deno-lint-ignore no-explicit-any
  json: any;
}

export interface LabRequest extends RequestInit {
  /** `user:password`, `Bearer x`, or "" for none. Default: the service account. */
  auth?: string;
  from?: string;
}

export class Lab {
  readonly clock = fakeClock(NOW_MS);
  readonly store: Store;
  readonly sandbox: Sandbox;

  constructor(settings: Partial<SandboxSettings> = {}) {
    this.store = openStore(":memory:");
    seedDefaults(this.store);
    this.sandbox = createSandbox({ store: this.store, clock: this.clock, settings });
  }

  /** Sends a request; a path without a query string and under /api/query, /api/2.0 or /import gets the project's id. */
  async send(path: string, { auth, from = "127.0.0.1", ...init }: LabRequest = {}): Promise<Reply> {
    const headers = new Headers(init.headers);
    const given = auth ?? `${SANDBOX.username}:${SANDBOX.serviceSecret}`;
    if (given.startsWith("Bearer ")) headers.set("authorization", given);
    else if (given !== "") headers.set("authorization", `Basic ${btoa(given)}`);
    const request = new Request(`http://127.0.0.1${path}`, { ...init, headers });
    const response = await this.sandbox.handle(request, from);
    return readReply(response);
  }

  /** A GET of the query API, with the project's id. */
  query(path: string, parameters: Record<string, string> = {}, options: LabRequest = {}): Promise<Reply> {
    return this.send(`/api/query${path}?${PROJECT}&${new URLSearchParams(parameters)}`, options);
  }

  export(parameters: Record<string, string>, options: LabRequest = {}): Promise<Reply> {
    return this.send(`/api/2.0/export?${PROJECT}&${new URLSearchParams(parameters)}`, options);
  }

  /** A request to the App API, with a body in JSON. */
  app(method: string, path: string, body?: unknown, options: LabRequest = {}): Promise<Reply> {
    return this.send(`/api/app${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      ...options,
    });
  }

  /** Imports records strictly, as JSON Lines. */
  import(records: unknown[] | string, query = "strict=1", options: LabRequest = {}): Promise<Reply> {
    const body = typeof records === "string" ? records : records.map((one) => JSON.stringify(one)).join("\n");
    return this.send(`/import?${PROJECT}&${query}`, {
      method: "POST",
      body,
      ...options,
      headers: { "content-type": "application/x-ndjson", ...options.headers as Record<string, string> },
    });
  }

  /** Posts JSON to an ingestion endpoint. */
  post(path: string, body: unknown): Promise<Reply> {
    return this.send(path, {
      method: "POST",
      auth: "",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  }

  /** Puts events straight into the store. */
  load(records: { event: string; properties: Record<string, unknown> }[], projectId: number = SANDBOX.projectId): void {
    this.store.events.append(projectId, records.map(rowOfRecord));
  }

  /** What an export of the last days has, record by record. */
  async exported(parameters: Record<string, string> = {}): Promise<Record<string, unknown>[]> {
    const { text, status } = await this.export({ from_date: "2026-01-01", to_date: "2026-11-23", ...parameters });
    if (status !== 200) throw new Error(`${status} ${text}`);
    return text.split("\n").filter((line) => line !== "").map((line) => parseJson(line) as Record<string, unknown>);
  }

  /** Another service account of the organization: its `auth`. With a role it is in the default project. */
  addAccount(role?: Role): string {
    const account = { id: this.store.projects.nextServiceAccountId(), username: `${role ?? "nobody"}.mp`, secret: "s" };
    this.store.projects.addServiceAccount({ ...account, organizationId: SANDBOX.organizationId, createdMs: NOW_MS });
    if (role !== undefined) this.store.projects.setRole(account.id, SANDBOX.projectId, role);
    return `${account.username}:${account.secret}`;
  }

  /** A second project, open to the same service account. */
  addProject(changes: Partial<Project> = {}): Project {
    const project: Project = {
      id: 2_000_001,
      organizationId: SANDBOX.organizationId,
      workspaceId: 2_000_002,
      name: "Second",
      token: "second-token",
      secret: "second-secret",
      timeZone: "UTC",
      storesLocalTime: false,
      identity: "original",
      createdMs: Date.UTC(2025, 0, 1),
      ...changes,
    };
    this.store.projects.addProject(project);
    this.store.projects.setRole(1, project.id, "owner");
    return project;
  }
}

/** A valid record; `changes` are properties. */
export function record(
  changes: Record<string, unknown> = {},
  event: string | undefined = "Signup",
): { event: string; properties: Record<string, unknown> } {
  return { event, properties: { time: NOW_SECONDS - 60, distinct_id: "u-1", $insert_id: "i-1", ...changes } };
}

export async function readReply(response: Response): Promise<Reply> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isGzip = response.headers.get("content-encoding") === "gzip";
  const text = isGzip
    ? await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text()
    : new TextDecoder().decode(bytes);
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return parseJson(text);
    },
  };
}
