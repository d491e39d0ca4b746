import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Collection, type CollectionOptions } from "../../../src/sandbox/app/collection.ts";
import { appUser } from "../../../src/sandbox/authentication.ts";
import { SandboxCall } from "../../../src/sandbox/call.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { SandboxEndpoint } from "../../../src/sandbox/endpoint.ts";
import { respond } from "../../../src/sandbox/pipeline.ts";
import { ProfileSessions } from "../../../src/sandbox/query/profile_sessions.ts";
import { HotShards } from "../../../src/sandbox/ingestion/hot_shards.ts";
import { Quotas } from "../../../src/sandbox/quotas.ts";
import { Faults } from "../../../src/sandbox/faults.ts";
import { Refusal } from "../../../src/sandbox/refusal.ts";
import { Router } from "../../../src/sandbox/router.ts";
import { Feed } from "../../../src/sandbox/watch/feed.ts";
import { Lab, readReply, type Reply } from "../lab.ts";

interface Board {
  id?: string;
  title: string;
  deletedMs?: number;
}

const PATH = "/projects/{project_id}/boards";
const least: CollectionOptions<Board> = {
  kind: "board",
  path: PATH,
  access: appUser,
  show: (_call, { id, body }) => ({ id, ...body }),
};
const single = {
  ...least,
  create: (_call: SandboxCall, body: { requiredText(name: string): string }) => ({ title: body.requiredText("title") }),
  idParameter: "board_id",
  notFound: (id: string) => new Refusal(404, `Board ${id} not found`),
};

/** Sends requests to the endpoints of a collection; a consumer is asked for by name. */
function serve(endpoints: SandboxEndpoint[]) {
  const { store, clock, sandbox: { settings } } = new Lab();
  store.projects.addServiceAccount({ id: 9, organizationId: 1, username: "guest", secret: "s", createdMs: 0 });
  store.projects.setRole(9, SANDBOX.projectId, "consumer");
  const profileSessions = new ProfileSessions(clock, 1);
  const quotas = new Quotas(clock);
  const services = {
    store,
    clock,
    settings,
    quotas,
    faults: new Faults([]),
    profileSessions,
    hotShards: new HotShards(),
    feed: new Feed(),
  };
  const router = new Router(endpoints);
  return async (method: string, path = "", body?: unknown, user: "owner" | "guest" = "owner"): Promise<Reply> => {
    const pair = user === "guest" ? "guest:s" : `${SANDBOX.username}:${SANDBOX.serviceSecret}`;
    const request = new Request(`http://127.0.0.1/api/app/projects/${SANDBOX.projectId}/boards${path}`, {
      method,
      headers: { authorization: `Basic ${btoa(pair)}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return await readReply(await respond(request, "127.0.0.1", router, services));
  };
}

const methods = (endpoints: SandboxEndpoint[]) =>
  endpoints.map((one) => `${one.methods.join()} ${one.path.slice(PATH.length)}`);

describe("a collection", () => {
  it("has the endpoints that its options ask for", () => {
    assert.deepEqual(methods(new Collection(least).endpoints()), ["GET "]);
    const full = { ...single, update: () => ({}), isArchivable: true };
    assert.deepEqual(methods(new Collection<Board>(full).endpoints()), [
      ...["GET ", "POST ", "GET /{board_id}", "PATCH /{board_id}", "DELETE /{board_id}"],
      ...["POST /{board_id}/archive", "DELETE /{board_id}/archive"],
    ]);
  });

  it("creates, lists, shows, updates and deletes members", async () => {
    const boards = new Collection<Board>({
      ...single,
      update: (_call, body, { title }) => ({ title: `${title}, then ${body.text("title")}` }),
    });
    const send = serve(boards.endpoints());
    const created = await send("POST", "", { title: "A" });
    assert.deepEqual([created.status, created.json.results], [201, { id: 1001, title: "A" }]);
    assert.deepEqual((await send("POST", "", {})).json.error, "title: this field is required");
    assert.deepEqual((await send("PATCH", "/1001", { title: "B" })).json.results, { id: 1001, title: "A, then B" });
    assert.deepEqual((await send("GET", "/1001")).json.results, { id: 1001, title: "A, then B" });
    assert.deepEqual((await send("GET")).json.results, [{ id: 1001, title: "A, then B" }]);
    assert.deepEqual((await send("DELETE", "/1001")).json.results, { id: 1001 });
    const gone = await send("GET", "/1001");
    assert.deepEqual([gone.status, gone.json.error], [404, "Board 1001 not found"]);
  });

  it("lets those who may only read do nothing else", async () => {
    const boards = new Collection<Board>({ ...single, update: () => ({}), isArchivable: true });
    const send = serve(boards.endpoints());
    await send("POST", "", { title: "A" });
    assert.equal((await send("GET", "/1001", undefined, "guest")).status, 200);
    for (const [method, path] of [["POST", ""], ["PATCH", "/1001"], ["DELETE", "/1001"], ["POST", "/1001/archive"]]) {
      assert.equal((await send(method, path, { title: "B" }, "guest")).status, 403, method);
    }
  });

  it("keeps archived members, known by their UUIDs, out of lists and tells of each change", async () => {
    const told: string[] = [];
    const boards: Collection<Board> = new Collection({
      ...single,
      create: (_call, body) => ({ id: `uuid-${body.requiredText("title")}`, title: body.requiredText("title") }),
      hasUuid: true,
      isArchivable: true,
      show: (_call, { body }) => body,
      changed(_call, board) {
        told.push(`${board.title} ${board.deletedMs === undefined ? "is there" : "is archived"}`);
        return board;
      },
    });
    const rename = boards.action("PUT", "/title", () => ({ title: "Z" }));
    const send = serve([...boards.endpoints(), rename]);
    for (const title of ["A", "B"]) await send("POST", "", { title });
    assert.deepEqual((await send("POST", "/uuid-A/archive")).json.results, { id: "uuid-A" });
    assert.deepEqual((await send("GET")).json.results.map((one: Board) => one.title), ["B"]);
    assert.equal((await send("GET", "/uuid-A")).status, 200);
    assert.deepEqual((await send("DELETE", "/uuid-A/archive")).json.results, { id: "uuid-A", title: "A" });
    assert.deepEqual((await send("PUT", "/uuid-B/title")).json.results, { id: "uuid-B", title: "Z" });
    assert.deepEqual((await send("GET")).json.results.map((one: Board) => one.title), ["A", "Z"]);
    assert.deepEqual(told, ["A is archived", "A is there", "Z is there"]);
  });

  it("selects, refreshes and shows members as its options say", async () => {
    const boards = new Collection<Board>({
      ...single,
      select: (_call, members) => members.filter(({ body }) => body.title !== "hidden!").reverse(),
      refresh: (_call, board) => ({ ...board, title: `${board.title}!` }),
      showInList: (_call, { body }) => body.title,
      createStatus: 200,
      deleted: () => new Response(null, { status: 204 }),
    });
    const send = serve(boards.endpoints());
    for (const title of ["A", "hidden", "B"]) assert.equal((await send("POST", "", { title })).status, 200);
    assert.deepEqual((await send("GET")).json.results, ["B!", "A!"]);
    assert.deepEqual((await send("GET", "/1002")).json.results, { id: 1002, title: "hidden!" });
    assert.equal((await send("DELETE", "/1002")).status, 204);
  });
});
