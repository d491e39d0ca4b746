/** A client against a stub server, with a clock that does not wait. */
import assert from "node:assert/strict";
import { MpError } from "../../src/errors.ts";
import type { Client, Connection, WireRequest } from "../../src/client/types.ts";
import { type ClientParts, createClient } from "../../src/client/client.ts";
import { createTransport } from "../../src/runtime/network/transport.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";

export interface Harness {
  client: Client;
  clock: FakeClock;
  notices: string[];
  traces: string[];
}

export const SERVICE_ACCOUNT = { username: "ana", secret: "ana-secret" };

export function connectionTo(baseUrl: string | undefined, changes: Partial<Connection> = {}): Connection {
  return {
    region: "us",
    baseUrl,
    projectId: "123",
    credentials: { serviceAccount: SERVICE_ACCOUNT },
    timeoutMs: 5000,
    pacing: true,
    proxy: {},
    ...changes,
  };
}

export function harness(
  baseUrl: string,
  changes: Partial<Connection> = {},
  parts: Partial<ClientParts> = {},
): Harness {
  const connection = connectionTo(baseUrl, changes);
  const clock = fakeClock();
  const notices: string[] = [];
  const traces: string[] = [];
  const client = createClient(connection, {
    transport: createTransport(connection),
    clock,
    userAgent: "mp/test",
    notice: (line) => void notices.push(line),
    trace: (line) => void traces.push(line),
    ...parts,
  });
  return { client, clock, notices, traces };
}

export function queryRequest(changes: Partial<WireRequest> = {}): WireRequest {
  return {
    method: "GET",
    family: "query",
    path: "/segmentation",
    query: [["event", "Sign up"]],
    auth: ["service_account", "oauth", "project_secret"],
    projectIn: "query",
    repeatable: true,
    ...changes,
  };
}

/** A raw export, whose answer is a stream. */
export function exportRequest(): WireRequest {
  return queryRequest({ family: "export", path: "/export", query: [], streaming: true });
}

export function importRequest(changes: Partial<WireRequest> = {}): WireRequest {
  return {
    method: "POST",
    family: "ingestion",
    path: "/import",
    query: [["strict", "1"]],
    auth: ["service_account", "project_token"],
    projectIn: "query",
    repeatable: true,
    body: { kind: "ndjson", bytes: new TextEncoder().encode('{"event":"A"}\n'), gzip: true },
    ...changes,
  };
}

/** Runs a test with a stub server, which then must have got exactly what was announced. */
export async function withServer(
  test: (server: StubServer) => Promise<void>,
): Promise<void> {
  const server = await startStubServer();
  try {
    await test(server);
  } finally {
    await server.finish();
  }
}

/** The error that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<MpError> {
  const error = await promise.then(() => assert.fail("it succeeded"), (error) => error);
  assert.ok(error instanceof MpError, String(error?.stack));
  return error;
}
