/**
 * The API reference's own sample of every endpoint's answer, as JSON, CSV and a table; and the same inside its standard
 * answer, `{status, results, pagination}`, in pages where it is a list.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { DAYS, type Sample, SAMPLES } from "./reference_samples.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const folder = temporaryFolder();
let stubbed: Stubbed;
beforeEach(async () => void (stubbed = await openStubbed()));
afterEach(() => stubbed.server.finish());

const wordsOf = (line: string) => [...line.matchAll(/'([^']*)'|\S+/g)].map((match) => match[1] ?? match[0]);

async function run(sample: Sample, format: string, answer = sample.answer) {
  for (const [method, path] of sample.absent ?? []) stubbed.server.on(method, path, { status: 404, body: "Not Found" });
  stubbed.server.on(sample.method ?? "GET", sample.path, { status: sample.status, json: answer });
  const done = await stubbed.mp([...wordsOf(sample.command), "-f", format, "--no-pacing"], {
    env: { HOME: folder.path("home") },
  });
  assert.equal(done.code, 0, `${sample.command} -f ${format}: ${done.stderr}`);
  return done.stdout;
}

/** Every endpoint of the reference, with its path as it ends on a host; `*` is an id. */
const REFERENCE_ENDPOINTS = [
  "POST /track",
  "POST /engage",
  "POST /import",
  "GET /events",
  "GET /events/top",
  "GET /events/names",
  "GET /events/properties",
  "GET /events/properties/top",
  "GET /events/properties/values",
  "GET /segmentation",
  "GET /funnels",
  "GET /funnels/list",
  "GET /retention",
  "GET /insights",
  "POST /jql",
  "GET /export",
  "GET /engage",
  "GET /engage/query",
  "GET /projects/*/schemas",
  "POST /projects/*/delete-events",
  "GET /projects",
  "POST /projects",
  "GET /organizations/*/service-accounts",
  "POST /organizations/*/service-accounts",
  "POST /organizations/*/service-accounts/add-to-project",
  "DELETE /organizations/*/service-accounts/*",
  "POST /api/app/data-retrievals/v3.0/",
  "GET /api/app/data-retrievals/v3.0/*",
  "POST /api/app/data-deletions/v3.0/",
  "POST /data-pipelines/warehouse/sync",
  "GET /data-pipelines/status/*",
  "GET /cohorts/list",
  "POST /cohorts",
  "GET /annotations",
  "POST /annotations",
  "GET /flags",
  "GET /flags/definitions",
];

/** Played below by tests of their own. */
const PLAYED_APART = ["GET /api/2.0/export", "GET /flags"];

describe("the reference's sample of", () => {
  it("is there for every endpoint", () => {
    const played = [...SAMPLES.map(({ method = "GET", path }) => `${method} ${path}`), ...PLAYED_APART];
    const missing = REFERENCE_ENDPOINTS.filter((endpoint) => {
      const [method = "", path = ""] = endpoint.split(" ");
      const pattern = new RegExp(`^${method} (?:/api/(?:query|app|2\\.0))?${path.replaceAll("*", "[^/]+")}$`);
      return !played.some((one) => pattern.test(one));
    });
    assert.deepEqual(missing, []);
  });

  for (const sample of SAMPLES) {
    it(`${sample.method ?? "GET"} ${sample.path} (${sample.command.split(" ").slice(0, 2).join(" ")})`, async () => {
      assert.deepEqual(JSON.parse(await run(sample, "json")), sample.answer);
      assert.equal(await run(sample, "csv"), sample.csv);
      if (sample.table !== undefined) assert.match(await run(sample, "table"), sample.table);
    });
  }
});

/** An item like this one. */
function another(item: unknown): unknown {
  if (typeof item === "string") return `${item} 2`;
  return Array.isArray(item) ? ["Other", ...item.slice(1)] : { ...item as object, name: "Other", description: "Other" };
}

describe("the reference's standard answer around a sample of", () => {
  const enveloped = (results: unknown, pagination = { page: 1, page_size: 100, total: 1 }) => ({
    status: "success",
    results,
    pagination,
  });

  for (const sample of SAMPLES.filter(({ isBare }) => !isBare)) {
    const { method = "GET", path } = sample;
    it(`${method} ${path} (${sample.command.split(" ").slice(0, 2).join(" ")})`, async () => {
      const answer = enveloped(sample.answer);
      if (sample.command.startsWith("track") || method !== "GET") answer.pagination = undefined as never;
      assert.equal(await run(sample, "csv", answer), sample.csv);
      if (sample.table !== undefined) assert.match(await run(sample, "table", answer), sample.table);
    });
  }

  for (const sample of SAMPLES.filter(({ answer }) => Array.isArray(answer) && (answer as unknown[]).length > 0)) {
    const { method = "GET", path } = sample;
    it(`a list in two pages: ${method} ${path}`, async () => {
      const items = sample.answer as unknown[];
      for (const [one, other] of sample.absent ?? []) stubbed.server.on(one, other, { status: 404, body: "Not Found" });
      stubbed.server.on(method, path, {
        json: enveloped(items, { page: 1, page_size: items.length, total: items.length * 2 }),
      });
      stubbed.server.on(method, path, ({ query }) => {
        assert.deepEqual([query.get("page"), query.get("page_size")], ["2", String(items.length)]);
        const second = { page: 2, page_size: items.length, total: items.length * 2 };
        return { json: enveloped(items.map(another), second) };
      });
      const { code, stdout, stderr } = await stubbed.mp([...wordsOf(sample.command), "-f", "csv", "--no-pacing"], {
        env: { HOME: folder.path("home") },
      });
      assert.deepEqual([code, stdout.trim().split("\n").length], [0, items.length * 2 + 1], stderr + stdout);
    });
  }

  it("profiles, which are followed by their numbers where they have no session", async () => {
    const page = (number: number, ids: string[]) => ({
      json: enveloped(ids.map((id) => ({ $distinct_id: id, $properties: {} })), {
        page: number,
        page_size: 2,
        total: 3,
      }),
    });
    stubbed.server.on("POST", "/api/query/engage", page(1, ["a", "b"]));
    stubbed.server.on("POST", "/api/query/engage", page(2, ["c"]));
    const env = { HOME: folder.path("home") };
    const listed = await stubbed.mp(["profiles", "list", "-f", "csv", "--no-pacing"], { env });
    assert.deepEqual([listed.code, listed.stdout], [0, "$distinct_id\na\nb\nc\n"], listed.stderr);
    stubbed.server.on("POST", "/api/query/engage", page(1, ["a", "b"]));
    stubbed.server.on("POST", "/api/query/engage", ({ text }) => {
      assert.equal(new URLSearchParams(text).get("page"), "2");
      return page(2, ["c"]);
    });
    const exported = await stubbed.mp(["export", "profiles", "-f", "csv", "--no-pacing"], { env });
    assert.deepEqual([exported.code, exported.stdout], [0, "$distinct_id\na\nb\nc\n"], exported.stderr);
  });

  it("profiles of which only the first page can be had are shown, and said to be in part", async () => {
    // The reference's sample, which a server may give whatever page is asked for.
    const sample = {
      results: [{ $distinct_id: "user123", $properties: {} }],
      page: 0,
      page_size: 1000,
      session_id: "session123",
      total: 5000,
    };
    stubbed.server.on("POST", "/api/query/engage", { json: sample }, 2);
    const env = { HOME: folder.path("home") };
    const { code, stdout, stderr } = await stubbed.mp(["profiles", "list", "-f", "csv", "--no-pacing"], { env });
    assert.deepEqual([code, stdout], [8, "$distinct_id\nuser123\n"]);
    assert.equal(stderr, "This list is not whole, 1 of 5000: the server gave the same page again\n");
  });

  it("a list as long as the server makes it by default says that there may be more", async () => {
    const names = Array.from({ length: 255 }, (_, index) => `Event ${index}`);
    stubbed.server.on("GET", "/api/query/events/names", { json: names }, 2);
    const mp = (...flags: string[]) =>
      stubbed.mp(["events", "list", "--no-pacing", ...flags], { env: { HOME: folder.path("home") } });
    const cut = await mp();
    assert.deepEqual([cut.code, JSON.parse(cut.stdout).length], [0, 255]);
    assert.equal(cut.stderr, "The first 255; --limit N for more\n");
    assert.equal((await mp("--limit", "255")).stderr, "");
  });

  it("the top events of a range are not counted up where there may be more than can be asked for", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `E${index}`);
    const values = Object.fromEntries(names.map((name, index) => [name, { "2026-11-21": 200 - index }]));
    const flags = ["--from", "2026-11-21", "--to", "2026-11-21", "--limit", "3", "--no-pacing", "-f", "chart"];
    const answers = { "/api/query/events/names": names, "/api/query/events": { data: { series: [], values } } };
    for (const [path, json] of Object.entries(answers)) stubbed.server.on("GET", path, { json }, 1);
    const { code, stdout, stderr } = await stubbed.mp(["events", "top", ...flags], {
      env: { HOME: folder.path("home") },
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^E0 200 +█+\nE1 199 +█+.?\nE2 198 +█+.?\n$/);
    assert.equal(stderr, "The first 3; --limit N for more\n");
  });

  it("a list that is not whole is shown, and said to be in part", async () => {
    const names = { status: "success", results: ["A", "B"], pagination: { page: 1, page_size: 2, total: 3 } };
    stubbed.server.on("GET", "/api/query/events/names", { json: names }, 2);
    const { code, stdout, stderr } = await stubbed.mp(["events", "list", "-f", "csv", "--no-pacing"], {
      env: { HOME: folder.path("home") },
    });
    assert.deepEqual([code, stdout], [8, "event\nA\nB\n"]);
    assert.equal(stderr, "This list is not whole, 2 of 3: the server gave the same page again\n");
  });

  it("an error has its code and parameter in words and in JSON", async () => {
    const error = {
      status: "error",
      error: "Invalid parameter",
      error_code: "INVALID_PARAM",
      details: { parameter: "from_date", message: "Must be in YYYY-MM-DD format" },
    };
    for (const status of [400, 200]) {
      stubbed.server.on("GET", "/api/query/segmentation", { status, json: error }, 2);
      const mp = (format: string) =>
        stubbed.mp(["query", "segmentation", "A", ...DAYS.split(" "), "-f", format, "--no-pacing"], {
          env: { HOME: folder.path("home") },
        });
      const { code, stderr } = await mp("json");
      assert.equal(code, 3);
      const told = JSON.parse(stderr).error;
      assert.match(told.message, /\(INVALID_PARAM: from_date\)/);
      assert.deepEqual([told.error_code, told.parameter], ["INVALID_PARAM", "from_date"]);
      const text = (await mp("table")).stderr;
      assert.match(
        text,
        /INVALID_PARAM: from_date\)\nserver: Invalid parameter: from_date: Must be in YYYY-MM-DD format\n/,
      );
    }
  });
});

describe("the reference's answer to what is sent", () => {
  const event = '[{"event":"A","properties":{"time":1704067200,"distinct_id":"u","$insert_id":"i"}}]';
  const mp = (...argv: string[]) => stubbed.mp([...argv, "--no-pacing"], { env: { HOME: folder.path("home") } });

  it("POST /import, which is that of /track, says that it was taken", async () => {
    stubbed.server.on("POST", "/import", { json: { status: 1 } });
    const { code, stderr } = await mp("import", "--data", event);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Imported 1 event/m);
  });

  it("an error of /track, /engage and /import is shown in the server's words", async () => {
    const commands: [string, string[]][] = [
      ["/track", ["track", "A", "--distinct-id", "u"]],
      ["/engage", ["profiles", "set", "u", "a=1"]],
      ["/import", ["identity", "merge", "a", "b", "--yes"]],
    ];
    for (const [path, argv] of commands) {
      stubbed.server.on("POST", path, { json: { status: 0, error: "message" } });
      const { code, stderr } = await mp(...argv);
      assert.equal(code, 3, `${path}: ${stderr}`);
      assert.match(stderr, /\bmessage\b/);
    }
  });
});

describe("the reference's sample of a stream", () => {
  it("GET /export, as JSON Lines and as CSV", async () => {
    const lines = '{"event": "Login", "properties": {"time": 1704067200, "distinct_id": "u"}}\n' +
      '{"event": "Signup", "properties": {"time": 1704067300, "distinct_id": "v"}}\n';
    stubbed.server.on(
      "GET",
      "/api/2.0/export",
      { headers: { "content-type": "application/x-jsonlines" }, body: lines },
      2,
    );
    const mp = (format: string) =>
      stubbed.mp(["export", "events", ...DAYS.split(" "), "-f", format, "--no-pacing", "--slice", "2"], {
        env: { HOME: folder.path("home") },
      });
    assert.equal((await mp("jsonl")).stdout, lines);
    assert.match((await mp("csv")).stdout, /^event,.*\nLogin,.*\nSignup,/);
  });

  it("GET /flags, whose variants are bare", async () => {
    const answer = { feature_flag_1: "variant_a", feature_flag_2: true, feature_flag_3: "control" };
    stubbed.server.on("GET", "/flags", { json: answer }, 2);
    stubbed.server.on("GET", "/flags/definitions", { status: 403, json: { error: "no" } });
    const mp = (format: string) =>
      stubbed.mp(["flags", "evaluate", "user123", "-f", format, "--no-pacing"], { env: { HOME: folder.path("home") } });
    assert.deepEqual(JSON.parse((await mp("json")).stdout), answer);
    const { stdout } = await mp("csv");
    assert.match(
      stdout,
      /^flag,variant,value,why\nfeature_flag_1,variant_a,variant_a,.*\nfeature_flag_2,true,true,.*\nfeature_flag_3,control,/,
    );
  });
});
