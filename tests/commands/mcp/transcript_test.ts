/** Ten tasks of an agent against the demo's data, as a client of the protocol sees them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { sandboxEnvironment } from "../../../src/commands/sandbox/shared/sandbox_environment.ts";
import { serve } from "../../../src/runtime/network/server.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { loadDemo } from "../../../src/sandbox/load_demo.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { connectMcp, type McpConnection } from "../../helpers/mcp_connection.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { NOW_MS } from "../../helpers/world.ts";

const folder = temporaryFolder();
const FORMS = { elicitation: {} };
let lab: ProgramLab;
const open: McpConnection[] = [];

before(() => {
  lab = openProgramLab();
  loadDemo(lab.store, { projectId: SANDBOX.projectId, nowMs: NOW_MS, days: 60, events: 6000 });
});
after(async () => {
  for (const one of open) await one.close();
  await lab.stop();
});

async function connect(argv: string[] = [], options: Parameters<typeof connectMcp>[1] = {}, url = lab.url) {
  const env = { ...sandboxEnvironment(url), HOME: folder.path("home"), ...options.env };
  const connection = await connectMcp(argv, { clock: fakeClock(NOW_MS), ...options, env });
  open.push(connection);
  return connection;
}

// deno-lint-ignore no-explicit-any
const textOf = (result: any): string => result.content[0].text;

/** What the same question gives on the command line, as CSV rows without the header. */
async function csv(argv: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await lab.mp([...argv, "-f", "csv"]);
  assert.equal(code, 0, stderr);
  return stdout.trim().split("\n").slice(1);
}

describe("an agent", () => {
  it("1. lists the events, and finds one by a part of its name", async () => {
    const agent = await connect();
    const names = await csv(["events", "list"]);
    const all = textOf(await agent.call("list_names", { kind: "events" }));
    for (const name of names.slice(0, 3)) assert.ok(all.includes(name), name);
    const found = textOf(await agent.call("list_names", { kind: "events", search: "purch" }));
    assert.match(found, /^\d+ of \d+ rows contain "purch"\.\n/);
    assert.match(found, /^Purchase$/m);
    assert.doesNotMatch(found, /^Sign Up$/m);
  });

  it("2. asks a funnel, and gets the numbers that the command line gives", async () => {
    const agent = await connect();
    const steps = ["View Product", "Purchase"];
    const text = textOf(await agent.call("ask_funnel", { steps, last: "30d", within: "7d" }));
    for (const row of await csv(["query", "funnel", ...steps, "--last", "30d", "--within", "7d"])) {
      assert.ok(text.includes(row), `${row} is not in ${text}`);
    }
  });

  it("3. misspells an event, and is told the right name", async () => {
    const agent = await connect();
    await agent.call("list_names", { kind: "events" });
    const text = textOf(await agent.call("ask_segmentation", { event: "Purchse", last: "7d" }));
    assert.match(text, /No 'Purchse' in these days\. Did you mean 'Purchase'\?/);
    const lists = textOf(await agent.call("list_names", { kind: "event" }));
    assert.equal(lists, 'Cannot call list_names: there is no kind "event"\nWhat to do: did you mean "events"?');
  });

  it("4. has used up the queries, and is told when to come back, having sent nothing", async () => {
    const poor = openProgramLab({ rateLimitHeaders: "all", quotas: { query: { perHour: 2 } } });
    try {
      const agent = await connect([], { env: { HOME: folder.path("poor") } }, poor.url);
      for (let count = 0; count < 2; count++) await agent.call("list_names", { kind: "events" });
      const sent = poor.requests.length;
      const result = await agent.call("list_names", { kind: "events" });
      assert.equal(result.isError, true);
      assert.match(textOf(result), /rate limit|quota|queries/i);
      assert.match(textOf(result), /\d/);
      assert.equal(poor.requests.length, sent);
      assert.match(textOf(await agent.call("limits")), /query,2,2,1 h/);
    } finally {
      await poor.stop();
    }
  });

  it("5. is refused what changes something, unless the server was started for it", async () => {
    const note = { description: "Release 2", date: "2026-11-20" };
    const reader = await connect();
    const { tools } = (await reader.ask("tools/list")).result;
    assert.ok(!tools.some((tool: { name: string }) => tool.name === "annotate"));
    lab.requests.length = 0;
    const refused = await reader.call("annotate", note);
    assert.equal(refused.isError, true);
    assert.equal(
      textOf(refused),
      "Cannot call annotate: this server only reads\n" +
        "What to do: the user can start it with 'mp mcp --allow-writes'",
    );
    assert.equal(lab.requests.length, 0);
    const writer = await connect(["--allow-writes"]);
    assert.equal((await writer.call("annotate", note)).isError, undefined);
    assert.match(textOf(await writer.call("list_saved", { kind: "annotations" })), /Release 2/);
  });

  for (const [answer, isDone] of [["accept", true], ["decline", false]] as const) {
    it(`6. deletes a report only after the user's yes: ${answer}`, async () => {
      const agent = await connect(["--allow-writes"], { capabilities: FORMS });
      const id = (await csv(["reports", "list"]))[0]!.split(",")[0]!;
      const deleted = agent.call("delete_saved", { kind: "report", id });
      const question = await agent.until((one) => one.method === "elicitation/create");
      assert.equal(question.params.message, `Project ${SANDBOX.projectId}: Delete report ${id}?`);
      agent.send({ id: question.id, result: { action: answer, ...isDone && { content: { confirm: true } } } });
      const result = await deleted;
      assert.equal(result.isError ?? false, !isDone, textOf(result));
      assert.match(textOf(result), isDone ? new RegExp(`Deleted report ${id}`) : /Nothing was changed/);
      assert.equal((await csv(["reports", "list"])).some((row) => row.startsWith(`${id},`)), !isDone);
    });
  }

  it("6. and not where the client cannot ask: the user is told what to type", async () => {
    const agent = await connect(["--allow-writes"]);
    const id = (await csv(["reports", "list"]))[0]!.split(",")[0]!;
    const result = await agent.call("delete_saved", { kind: "report", id });
    assert.equal(result.isError, true);
    assert.match(
      textOf(result),
      new RegExp(`cannot ask its user \\(.*\\); the user can type: mp reports delete ${id}$`),
    );
  });

  it("6. nor where the client fails to ask", async () => {
    const agent = await connect(["--allow-writes"], { capabilities: FORMS });
    const id = (await csv(["reports", "list"]))[0]!.split(",")[0]!;
    lab.requests.length = 0;
    const deleted = agent.call("delete_saved", { kind: "report", id });
    const question = await agent.until((one) => one.method === "elicitation/create");
    agent.send({ id: question.id, error: { code: -32603, message: "no window" } });
    assert.match(textOf(await deleted), /could not ask its user \(no window\); the user can type: mp reports delete/);
    assert.equal(lab.requests.length, 0);
  });

  it("7. gets the end of a long answer, its totals, and the whole as a resource", async () => {
    const agent = await connect();
    const result = await agent.call("ask_segmentation", { event: "View Product", last: "61d" });
    const text = textOf(result);
    assert.match(text, /The last 20 of 61 rows; 41 more: read_answer \{"answer": 1, "from": 1\}/);
    const rows = await csv(["query", "segmentation", "View Product", "--last", "61d"]);
    const counts = rows.map((row) => Number(row.split(",")[2]));
    assert.match(text, new RegExp(`Totals: View Product ${counts.reduce((sum, one) => sum + one, 0)}$`, "m"));
    const link = result.content[1];
    assert.equal(link.type, "resource_link");
    const [whole] = (await agent.ask("resources/read", { uri: link.uri })).result.contents;
    assert.equal(Object.keys(JSON.parse(whole.text).data.values["View Product"]).length, 61);
    const first = textOf(await agent.call("read_answer", { answer: 1, rows: 41 }));
    assert.equal(first.split("\n").length, 43);
    assert.match(first, /Rows 1 to 41 of 61\. 20 more: read_answer \{"answer": 1, "from": 42\}$/);
    const missing = (await agent.ask("resources/read", { uri: "mp://answers/9" })).error;
    assert.match(missing.message, /there is no such answer/);
  });

  it("8. cancels a question, whose request ends, and goes on with the next", async () => {
    let ended: (() => void) | undefined;
    const requestEnded = new Promise<void>((resolve) => ended = resolve);
    let arrived: (() => void) | undefined;
    const hasArrived = new Promise<void>((resolve) => arrived = resolve);
    let count = 0;
    const slow = serve((request) => {
      if (count++ > 0) return Promise.resolve(Response.json(["Purchase"]));
      request.signal.addEventListener("abort", () => ended!());
      arrived!();
      return new Promise(() => {});
    }, { hostname: "127.0.0.1", port: 0 });
    try {
      const agent = await connect([], {}, `http://127.0.0.1:${slow.port}`);
      const params = { name: "list_names", arguments: { kind: "events" } };
      agent.send({ id: "slow", method: "tools/call", params });
      await hasArrived;
      agent.send({ method: "notifications/cancelled", params: { requestId: "slow", reason: "changed my mind" } });
      await requestEnded;
      assert.equal(textOf(await agent.call("list_names", { kind: "events" })), "event\nPurchase");
      assert.ok(!agent.messages.some((one) => one.id === "slow"));
    } finally {
      await slow.stop();
    }
  });

  it("9. asks two things at once", async () => {
    const agent = await connect();
    const [values, properties] = await Promise.all([
      agent.call("list_names", { kind: "values", event: "Purchase", property: "currency" }),
      agent.call("list_names", { kind: "properties", event: "Purchase" }),
    ]);
    for (const row of await csv(["events", "values", "Purchase", "currency"])) assert.ok(textOf(values).includes(row));
    for (const row of await csv(["events", "properties", "Purchase"])) assert.ok(textOf(properties).includes(row));
  });

  it("10. exports events to a file in the allowed folder, and nowhere else", async () => {
    folder.write("files/old.jsonl", "");
    const agent = await connect(["--files", folder.path("files")]);
    const days = { from: "2026-11-20", to: "2026-11-21", event: ["Purchase"] };
    const text = textOf(await agent.call("export_events", { ...days, file: "purchases.jsonl" }));
    const lines = readFileSync(folder.path("files/purchases.jsonl"), "utf8").trim().split("\n");
    assert.match(text, new RegExp(`Exported ${lines.length} events of 2026-11-20 to 2026-11-21`));
    for (const line of lines) assert.equal(JSON.parse(line).event, "Purchase");
    for (const file of ["../out.jsonl", "/tmp/out.jsonl", "s3://b/out.jsonl", "a/b.jsonl", "-", ".x", "old.jsonl"]) {
      const result = await agent.call("export_events", { ...days, file });
      assert.equal(result.isError, true, file);
    }
    assert.deepEqual(readdirSync(folder.path("files")).sort(), ["old.jsonl", "purchases.jsonl"]);
    const other = await connect();
    assert.match(textOf(await other.call("export_events", { ...days, file: "x.jsonl" })), /may write no files/);
  });
});
