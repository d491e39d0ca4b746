/** Addresses of the web page, asked of the emulator as they are pasted, and made with --link. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const query = (...line: string[]) => lab.mp(["query", ...line, "--no-pacing"]);
const link = async (...line: string[]) => (await query(...line, "--link")).stdout.trim();
const LAST = ["--last", "3d"];

describe("mp query ADDRESS", () => {
  for (
    const [kind, line] of [
      ["insights", ["insights", "--event", "Sign Up", "--by", "country", ...LAST]],
      ["a funnel", ["funnel", "Sign Up", "Purchase", "--within", "7d", ...LAST]],
      ["retention", ["retention", "Sign Up", "Purchase", "--unit", "day", ...LAST]],
      ["flows", ["flows", "--from", "Sign Up", "--steps", "2", ...LAST]],
    ] as const
  ) {
    it(`asks the same about ${kind} as the command that made the link`, async () => {
      const address = await link(...line);
      assert.match(address, /\/project\/1000001\/app\/(insights|flows)#[\w-]{12}$/);
      const [own, pasted] = [await query(...line, "-f", "table"), await query(address, "-f", "table")];
      assert.equal(pasted.code, 0, pasted.stderr);
      assert.equal(pasted.stdout, own.stdout);
    });
  }

  it("asks about a saved report, with changes that nobody has saved, and one on a board", async () => {
    const host = `https://mixpanel.com/project/${PROJECT_ID}/app`;
    const saved = await query(`${host}/insights#report/9001/Sign-ups`, "-f", "json");
    const { series } = JSON.parse(saved.stdout);
    assert.deepEqual(Object.values(series["Sign Up [Total Events]"]), [2, 1, 0]);
    const changed = await query(`${host}/insights#report/9001/~(displayOptions~(chartType~'bar))`, "-f", "json");
    assert.deepEqual(JSON.parse(changed.stdout).series, { "Sign Up [Total Events]": { all: 3 } });

    const rows = [{
      contents: [{
        content_type: "report",
        content_params: { bookmark: { name: "Card", type: "insights", params: JSON.stringify(await paramsOf(9001)) } },
      }],
    }];
    const made = await lab.mp(["boards", "create", "Growth", "--rows", JSON.stringify(rows), "-f", "json"]);
    const { results: { id, layout } } = JSON.parse(made.stdout);
    const [{ cells: [{ content_id }] }] = Object.values(layout.rows) as [{ cells: [{ content_id: number }] }];
    const card = await query(`${host}/boards#id=${id}&editor-card-id=%22report-${content_id}%22`, "-f", "json");
    assert.equal(card.code, 0, card.stderr);
    assert.deepEqual(JSON.parse(card.stdout).series, series);
    const gone = await query(`${host}/boards#id=${id}&editor-card-id=%22report-5%22`);
    assert.equal(gone.code, 3);
    assert.match(gone.stderr, /Cannot find report 5 on board/);
  });

  const paramsOf = async (id: number) =>
    JSON.parse((await lab.mp(["reports", "get", String(id), "-f", "json"])).stdout).results.params;

  it("takes an address as a browser shows it, without its scheme", async () => {
    const { stdout, stderr } = await query(`mixpanel.com/project/${PROJECT_ID}/app/insights#report/9001`, "-f", "json");
    assert.match(stdout, /Sign Up \[Total Events\]/, stderr);
  });

  it("asks about other days, and prints what it asks", async () => {
    const address = await link("insights", "--event", "Sign Up", ...LAST);
    const { stdout } = await query(address, "--from", "2026-11-21", "--to", "2026-11-21", "-f", "table");
    assert.match(stdout, /2026-11-21 +2/);
    assert.doesNotMatch(stdout, /2026-11-22/);
    const params = JSON.parse((await query(address, "--last", "2w", "--print-params")).stdout);
    assert.deepEqual(params.sections.time[0].window, { unit: "week", value: 2 });
  });

  it("prints the web page's own CSV with -f csv", async () => {
    const address = await link("insights", "--event", "Sign Up", ...LAST);
    const { stdout } = await query(address, "-f", "csv");
    const sent = JSON.parse(lab.requests.at(-1)!.text);
    assert.equal(sent.format, "csv");
    assert.match(stdout, /Sign Up/);
  });

  it("asks in the project and the region of the address, and refuses others that are typed", async () => {
    const address = `https://eu.mixpanel.com/project/${PROJECT_ID}/app/insights#report/1`;
    const project = await query(address, "--project", "5");
    assert.equal(project.code, 3);
    assert.match(project.stderr, /names project 1000001/);
    const region = await query(address, "--region", "us");
    assert.match(region.stderr, /names region eu/);
  });

  it("refuses the address of another host", async () => {
    const { code, stderr } = await query(`https://example.com/project/${PROJECT_ID}/app/insights#report/1`);
    assert.equal(code, 3);
    assert.match(stderr, /example\.com: it is none of Mixpanel's hosts/);
  });
});

describe("--link", () => {
  it("leads from the older questions to the same numbers on the web page", async () => {
    for (
      const line of [
        ["segmentation", "Sign Up", "--on", "country", ...LAST],
        ["events", "Sign Up", "Purchase", "--math", "unique", ...LAST],
        ["sum", "Purchase", "amount", ...LAST],
        ["properties", "Sign Up", "country", "--value", "DE", ...LAST],
      ]
    ) {
      const own = (await query(...line, "-f", "csv")).stdout.trim().split("\n").slice(1);
      const pasted = (await query(await link(...line), "-f", "jsonl")).stdout.trim().split("\n");
      const numbers = (rows: string[]) => rows.map((row) => Number(/([\d.]+)\}?$/.exec(row)![1]));
      const counted = pasted.filter((row) => !row.includes("$overall"));
      assert.deepEqual(numbers(counted).toSorted(), numbers(own).toSorted(), line.join(" "));
    }
  });

  it("leads from ranges of a number to the property, for which the web page chooses ranges", async () => {
    const { sections } = JSON.parse(
      (await query(await link("numeric", "Purchase", "amount", ...LAST), "--print-params")).stdout,
    );
    const [{ value, propertyType }] = sections.group;
    assert.deepEqual([value, propertyType], ["amount", "number"]);
  });

  it("leads from active users of a period to the users of that period", async () => {
    const { series } = JSON.parse((await query(await link("active", "--unit", "day", ...LAST), "-f", "json")).stdout);
    assert.deepEqual(Object.values(Object.values(series)[0]!), [2, 2, 1]);
  });

  it("refuses what the web page has no place for", async () => {
    const { code, stderr } = await query("sum", "Purchase", 'properties["amount"] * 2', ...LAST, "--link");
    assert.equal(code, 3);
    assert.match(stderr, /takes a property, and no expression/);
    assert.match((await query("active", ...LAST, "--link")).stderr, /--unit day/);
    assert.match(
      (await query("segmentation", "Purchase", "--math", "average", ...LAST, "--link")).stderr,
      /--math general/,
    );
  });

  it("needs no request for what is saved", async () => {
    const before = lab.requests.length;
    assert.match(await link("insights", "9001"), /\/app\/insights#report\/9001$/);
    assert.match(await link("funnel", "7001"), /\/app\/funnels#view\/7001$/);
    assert.equal(lab.requests.length, before);
  });
});
