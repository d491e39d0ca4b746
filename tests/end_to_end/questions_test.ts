/** Questions on a terminal, which a small program in Python makes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { after, before, describe } from "node:test";
import { BINARY, runBinary } from "../helpers/binary.ts";
import { itUnless } from "../helpers/needs.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";

const SCRIPT = fileURLToPath(new URL("./on_terminal.py", import.meta.url));
const hasPython = process.platform !== "win32" &&
  spawnSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"]).status === 0;
const missing = !hasPython && "needs Python 3.9 and a terminal";

describe("a question on a terminal", () => {
  let server: StubServer;
  before(async () => {
    server = await startStubServer();
  });
  after(() => server.finish());

  const ask = (
    args: string[],
    keys: string,
    [rows, columns]: readonly [number, number] = [24, 80],
    env: Record<string, string> = {},
  ) =>
    runBinary([SCRIPT, String(rows), String(columns), keys, BINARY, ...args], {
      program: "python3",
      env: { MP_API_BASE_URL: server.url, MP_TOKEN: "token", MP_PROJECT_ID: "1", ...env },
    });

  for (const [name, keys] of [["Ctrl-D", "04"], ["Ctrl-C", "03"], ["Escape", "1b"], ["Enter, which means no", "0d"]]) {
    itUnless(missing, `ends with ${name}, and nothing is done`, async () => {
      const { code, stdout } = await ask(["profiles", "delete", "u-1"], keys!);
      assert.equal(code, 130, stdout);
      assert.match(stdout, /Nothing was changed/);
      assert.equal(server.requests.length, 0);
    });
  }

  describe("about events that Mixpanel shall delete", () => {
    const path = "/api/app/projects/1/data-definitions/events/deletion-requests";
    const deletion = ["lexicon", "deletions", "create", "Load Test", "--from", "2026-11-01", "--to", "2026-11-02"];
    const account = { MP_USERNAME: "ana.sa", MP_SECRET: "of-ana-1" };
    const key = (text: string) => Buffer.from(text).toString("hex");
    const create = async (keys: string, ...flags: string[]) => {
      server.on("GET", "/api/query/segmentation", {
        json: { data: { series: ["2026-11-01"], values: { "Load Test": { "2026-11-01": 41 } } }, legend_size: 1 },
      });
      const from = server.requests.length;
      const { code, stdout } = await ask([...deletion, "--no-pacing", ...flags], keys, [24, 160], account);
      return { code, stdout, posts: server.requests.slice(from).filter(({ method }) => method === "POST") };
    };

    for (const [name, keys] of [["Ctrl-C", "03"], ["Enter, which means no", "0d"], ["n", key("n")]]) {
      itUnless(missing, `says how many there are, and deletes none with ${name}`, async () => {
        const { code, stdout, posts } = await create(keys!);
        assert.equal(code, 130, stdout);
        assert.match(stdout, /41 events "Load Test" from 2026-11-01 to 2026-11-02/);
        assert.match(stdout, /Project 1: Delete all "Load Test" events from 2026-11-01 to 2026-11-02\?/);
        assert.deepEqual(posts, []);
      });
    }

    itUnless(
      missing,
      "asks for the deletion once it is confirmed, with the filters as Mixpanel reads them",
      async () => {
        const filters = { plan: { operator: "equals", value: "test" } };
        server.on("POST", `${path}/preview-filters/`, { json: { status: "ok", results: filters } });
        const request = {
          id: 5,
          eventName: "Load Test",
          fromDate: "2026-11-01",
          toDate: "2026-11-02",
          status: "Submitted",
        };
        server.on("POST", `${path}/`, { json: { status: "ok", results: [request] } });
        const { code, stdout, posts } = await create(key("y"), "--filters", JSON.stringify(filters));
        assert.equal(code, 0, stdout);
        assert.match(stdout, /Mixpanel reads the filters as \{[^]*that the filters hold for\?/);
        assert.deepEqual(posts.map(({ path }) => path), [`${path}/preview-filters/`, `${path}/`]);
        assert.deepEqual(JSON.parse(posts[1]!.text), {
          eventName: "Load Test",
          fromDate: "2026-11-01",
          toDate: "2026-11-02",
          filters,
        });
      },
    );
  });

  itUnless(missing, "ends with Ctrl-D where something is to be typed", async () => {
    const { code, stdout } = await ask(["account", "add", "work", "--username", "ana"], "04");
    assert.equal(code, 130, stdout);
  });

  itUnless(missing, "shows names of projects, in which nothing can be obeyed", async () => {
    const name = "\x1b]52;c;ZXZpbA==\x07\x9b31m\u061c\u202e\u2066" + String.fromCodePoint(0xe0041);
    const projects = { 1: { id: 1, name }, 2: { id: 2, name } };
    server.on("GET", "/api/app/me", { json: { status: "ok", results: { organizations: {}, projects } } });
    const { stdout } = await ask(["login", "work", "--username", "ana", "--secret-command", "echo of-ana-1"], "03");
    assert.match(stdout, /Which project\?[^]*␛\]52;c;ZXZpbA==␇�31m/);
    // deno-lint-ignore no-control-regex -- control characters are the subject
    assert.doesNotMatch(stdout, /\x1b\]|[\x07\x9b\u061c\u202e\u2066]|\udb40\udc41/);
  });

  describe("about what was left out", () => {
    const cohorts = [{ id: 8001, name: "Paying" }, { id: 8002, name: "Trying it out" }];
    const key = (text: string) => Buffer.from(text).toString("hex");
    const account = { MP_USERNAME: "ana.sa", MP_SECRET: "of-ana-1" };
    const members = ["cohorts", "members", "--no-pacing"];
    const lists = () => server.on("POST", "/api/query/cohorts/list", { json: cohorts });
    const asked = () => server.requests.map(({ path }) => path.split("?")[0]);

    itUnless(missing, "offers a list that is searched by typing, at the price of one query", async () => {
      lists();
      server.on("POST", "/api/query/engage", { json: { results: [{ $distinct_id: "ann" }], page: 0, total: 1 } });
      const from = server.requests.length;
      const { code, stdout } = await ask(members, key("tryi\r"), undefined, account);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /Which cohort\?[^]*Trying it out/);
      assert.deepEqual(asked().slice(from), ["/api/query/cohorts/list", "/api/query/engage"]);
      assert.match(server.requests.at(-1)!.text, /8002/);
    });

    for (const [name, keys] of [["Escape", "1b"], ["Ctrl-C", "03"]]) {
      itUnless(missing, `ends with ${name}: nothing more is sent`, async () => {
        lists();
        const from = server.requests.length;
        const { code, stdout } = await ask(members, keys!, undefined, account);
        assert.equal(code, 130, stdout);
        assert.deepEqual(asked().slice(from), ["/api/query/cohorts/list"]);
      });
    }

    for (const flag of ["--quiet", "--yes", "--dry-run", "--format=json"]) {
      itUnless(missing, `is not asked with ${flag}`, async () => {
        const from = server.requests.length;
        const { code, stdout } = await ask([...members, flag], "", undefined, account);
        assert.equal(code, 3, stdout);
        assert.match(stdout, /<cohort-id> is missing/);
        assert.equal(server.requests.length, from);
      });
    }

    itUnless(missing, "offers the projects where none is set, and goes on in the one that is picked", async () => {
      const projects = { 11: { id: 11, name: "Shop" }, 12: { id: 12, name: "Blog" } };
      server.on("GET", "/api/app/me", { json: { status: "ok", results: { organizations: {}, projects } } });
      server.on("GET", "/api/query/events/names", { json: ["Sign Up"] });
      const { code, stdout } = await ask(["events", "names"], key("blo\r"), undefined, {
        ...account,
        MP_PROJECT_ID: "",
      });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /Which project\?/);
      assert.equal(server.requests.at(-1)!.query.get("project_id"), "12");
    });
  });

  itUnless(missing, "looks on a terminal without a size as on one of 80 × 24", async () => {
    const [sized, unsized] = await Promise.all(
      ([[24, 80], [0, 0]] as const).map((size) => ask(["profiles", "delete", "u-1"], "04", size)),
    );
    assert.equal(unsized!.stdout, sized!.stdout);
  });
});
