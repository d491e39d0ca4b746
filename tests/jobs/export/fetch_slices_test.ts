import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { fetchSlices, type FetchSlicesOptions } from "../../../src/jobs/export/fetch_slices.ts";
import { MissingDaysError } from "../../../src/jobs/export/missing_days.ts";
import type { ExportQuery } from "../../../src/jobs/export/query.ts";
import { Spool, type SpooledSlice } from "../../../src/jobs/export/spool.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { event, type ExportLab, openExportLab } from "./export_lab.ts";

const folder = temporaryFolder();
const labs: ExportLab[] = [];
afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.stop())));
let folders = 0;

function openLab(): ExportLab {
  const lab = openExportLab();
  labs.push(lab);
  return lab;
}

const newSpool = (path = folder.path(`spool-${++folders}`)) => Spool.open(path, "q", "gzip");
const january: ExportQuery = { from: "2026-01-01", to: "2026-01-31" };
const days = (from: number, to: number): ExportQuery => ({
  from: `2026-01-${String(from).padStart(2, "0")}`,
  to: `2026-01-${String(to).padStart(2, "0")}`,
});

/** Fetches everything; `text` is all that came, in the order in which it was handed over. */
async function fetched(lab: ExportLab, query: ExportQuery, options: Partial<FetchSlicesOptions> = {}) {
  const slices: SpooledSlice[] = [];
  const notes: string[] = [];
  let text = "";
  let error: unknown;
  try {
    const spool = options.spool ?? await newSpool();
    const note = (line: string) => void notes.push(line);
    for await (
      const slice of fetchSlices(lab.client, query, { spool, clock: lab.clock, inOrder: true, note, ...options })
    ) {
      slices.push(slice);
      text += gunzipSync(readFileSync(slice.path)).toString();
    }
  } catch (caught) {
    error = caught;
  }
  return { slices, text, error, notes, ranges: slices.map(({ from, to }) => from === to ? from : `${from}..${to}`) };
}

describe("fetching in slices", () => {
  it("brings every event of a quiet project in few requests, exactly as it was sent", async () => {
    const lab = openLab();
    const { text, error, slices } = await fetched(lab, january);
    assert.equal(error, undefined);
    assert.equal(text, lab.expected(january));
    assert.deepEqual(lab.asked(), ["2026-01-01", "2026-01-02..2026-01-09", "2026-01-10..2026-01-31"]);
    assert.deepEqual(slices.map(({ events }) => events), [2, 16, 44]);
    assert.equal(slices.reduce((sum, { bytes }) => sum + bytes, 0), new TextEncoder().encode(text).length);
  });

  it("accepts days without events", async () => {
    const lab = openLab();
    lab.linesOf = (day) => day === "2026-01-02" ? event(day, 1) : "";
    const { text, error } = await fetched(lab, days(1, 3), { sliceDays: 1 });
    assert.deepEqual([error, text], [undefined, event("2026-01-02", 1)]);
  });

  for (
    const [what, trouble] of [
      ["503", { status: 503 }],
      ["500 without words", { status: 500, body: "" }],
      ["gzip that is cut", { cutTo: 40 }],
      ["gzip without its trailer", { cutTo: -8 }],
      ["a broken connection", { breakAfter: 30 }],
      ["words instead of events", { words: "terminated early\n", after: 0 }],
      ["words after events", { words: "export terminated early", after: 1 }],
      ["half a line", { words: '{"event":"Kauf","prop', after: 1 }],
      ["a cut-off error", { words: '{"error":', after: 1 }],
      ["a line that is no event", { words: "99\n", after: 1 }],
    ] as const
  ) {
    it(`tries again after ${what}, and keeps nothing of it`, async () => {
      const lab = openLab();
      lab.trouble = (_, times) => times <= 2 ? trouble : undefined;
      const { text, error } = await fetched(lab, days(5, 5));
      assert.deepEqual([error, text], [undefined, lab.expected(days(5, 5))]);
      assert.equal(lab.requests.length, 3);
      assert.deepEqual(lab.clock.sleeps, [750, 2250]);
    });
  }

  it("waits as long as a 429 says, as often as it says so, and the slice does not fail for it", async () => {
    const lab = openLab();
    lab.trouble = (_, times) => times <= 8 ? { status: 429, headers: { "retry-after": "7" } } : undefined;
    const { text, error } = await fetched(lab, days(5, 5));
    assert.deepEqual([error, text], [undefined, lab.expected(days(5, 5))]);
    assert.deepEqual(lab.clock.sleeps, Array(8).fill(7250));
  });

  it("waits longer and longer when a 429 or its words say nothing", async () => {
    const lab = openLab();
    lab.trouble = (_, times) =>
      [undefined, { status: 429 }, { words: "rate limit reached\n", after: 1 }, { status: 429 }][times];
    const { error } = await fetched(lab, days(5, 5));
    assert.equal(error, undefined);
    assert.deepEqual(lab.clock.sleeps, [22_500, 45_000, 90_000]);
  });

  it("does not ask again for a day with a whole line that is no event, and shows that line", async () => {
    const lab = openLab();
    const line = '{"event":"Kauf","x":{}}';
    lab.trouble = ({ from, to }) =>
      from <= "2026-01-06" && to >= "2026-01-06" ? { words: `${line}\n`, after: 1 } : undefined;
    const { text, error } = await fetched(lab, days(1, 9), { inOrder: false, concurrency: 1 });
    assert.ok(error instanceof MissingDaysError);
    assert.match(error.message, /^Cannot finish the export: 2026-01-06 could not be fetched \(.*"\{\\"event\\":/);
    assert.equal(text.length, lab.expected(days(1, 9)).length - lab.expected(days(6, 6)).length);
    assert.deepEqual(lab.clock.sleeps, []);
    assert.equal(lab.asked().length, new Set(lab.asked()).size);
  });

  it("asks in halves for what keeps failing, down to the day that is to blame", async () => {
    const lab = openLab();
    lab.trouble = ({ from, to }) => from <= "2026-01-06" && to >= "2026-01-06" ? { cutTo: 50 } : undefined;
    const { text, error } = await fetched(lab, days(1, 9), { inOrder: false, concurrency: 1 });
    assert.ok(error instanceof MissingDaysError);
    assert.equal(error.category, "network");
    assert.match(error.message, /^Cannot finish the export: 2026-01-06 could not be fetched \(.*ended early\)$/);
    assert.match(error.hint ?? "", /only what is missing/);
    assert.equal(text.length, lab.expected(days(1, 9)).length - lab.expected(days(6, 6)).length);
    assert.deepEqual([...new Set(lab.asked())], [
      "2026-01-01",
      "2026-01-02..2026-01-09",
      "2026-01-02..2026-01-05",
      "2026-01-06..2026-01-09",
      "2026-01-06..2026-01-07",
      "2026-01-06",
      "2026-01-07",
      "2026-01-08",
      "2026-01-09",
    ]);
    assert.equal(lab.asked().filter((one) => one === "2026-01-06").length, 6);
  });

  it("goes on with the other days when one fails, and hands over none after it when the order counts", async () => {
    const lab = openLab();
    lab.trouble = ({ from }) => from === "2026-01-02" ? { status: 503 } : undefined;
    const spool = await newSpool();
    const { ranges, error } = await fetched(lab, days(1, 4), { spool, sliceDays: 1, concurrency: 1 });
    assert.match(String(error), /2026-01-02 could not be fetched/);
    assert.deepEqual(ranges, ["2026-01-01"]);
    assert.deepEqual(spool.slices.map(({ from }) => from), ["2026-01-01", "2026-01-03", "2026-01-04"]);
    lab.trouble = () => undefined;
    lab.requests.length = 0;
    const again = await fetched(lab, days(1, 4), { spool, sliceDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-01-02"]);
    assert.equal(again.text, lab.expected(days(1, 4)));
  });

  it("stops asking when nothing works any more, and names all that is missing", async () => {
    const lab = openLab();
    lab.trouble = ({ from }) => from > "2026-01-01" ? { status: 502 } : undefined;
    const { error } = await fetched(lab, january, { sliceDays: 1, concurrency: 1 });
    assert.match(String(error), /: 2026-01-02 to 2026-01-31 could not be fetched/);
    assert.equal(lab.requests.length, 1 + 3 * 6);
  });

  it("ends at once for what concerns every slice", async () => {
    const refusals = [
      [{ status: 401 }, "auth", undefined],
      [{ status: 402 }, "auth", undefined],
      [{ status: 400, body: { error: "Invalid where" } }, "input", undefined],
      [
        { status: 403, body: { error: "Date range exceeds 90 days into the past" } },
        "input",
        /begin with --from 2026-08-25$/,
      ],
    ] as const;
    for (const [trouble, category, hint] of refusals) {
      const lab = openLab();
      lab.trouble = () => trouble;
      const { error } = await fetched(lab, january, { sliceDays: 1, concurrency: 1 });
      assert.ok(error instanceof MpError);
      assert.equal(error.category, category);
      if (hint !== undefined) assert.match(error.hint ?? "", hint);
      assert.equal(lab.requests.length, 1);
    }
  });

  it("asks twice where something else than an export answers, and says so", async () => {
    const lab = openLab();
    lab.trouble = () => ({ lines: "<html><body>Sign in to the network</body></html>" });
    const { error } = await fetched(lab, days(1, 9));
    assert.deepEqual([(error as MpError).code, lab.requests.length], ["not_an_export", 2]);
    assert.match((error as MpError).hint!, /the region and the host/);
  });

  it("leaves out a last day that has not begun in the project's time zone", async () => {
    const lab = openLab();
    const today = { status: 400, body: { error: "to_date cannot be later than today" } };
    lab.trouble = ({ to }) => to >= "2026-11-23" ? today : undefined;
    const shortened: string[] = [];
    const query = { from: "2026-11-20", to: "2026-11-23" };
    const onShortened = (day: string) => void shortened.push(day);
    const { text, error, notes } = await fetched(lab, query, { onShortened });
    assert.equal(error, undefined);
    assert.equal(text, lab.expected({ from: "2026-11-20", to: "2026-11-22" }));
    assert.deepEqual(shortened, ["2026-11-22"]);
    assert.match(notes[0] ?? "", /^2026-11-23 has not begun .* up to 2026-11-22$/);
  });

  it("does not ask for years to come", async () => {
    const lab = openLab();
    const { error, notes } = await fetched(lab, { from: "2026-11-20", to: "2027-12-31" });
    assert.equal(error, undefined);
    assert.equal(lab.requests.at(-1)?.to, "2026-11-24");
    assert.equal(notes.length, 1);
  });

  it("takes it for a mistake when the server knows an earlier today", async () => {
    const lab = openLab();
    lab.trouble = () => ({ status: 400, body: { error: "to_date cannot be later than today" } });
    const { error } = await fetched(lab, days(1, 3));
    assert.equal((error as MpError).code, "future_date");
    assert.equal(lab.requests.length, 1);
  });

  it("fetches as many at a time as it may, and no more ahead than are wanted", async () => {
    const lab = openLab();
    let running = 0;
    let most = 0;
    lab.trouble = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return undefined;
    };
    const spool = await newSpool();
    const options = { spool, clock: lab.clock, inOrder: true, sliceDays: 1, concurrency: 3, mostAhead: 4 };
    let text = "";
    let mostSpooled = 0;
    for await (const slice of fetchSlices(lab.client, days(1, 12), options)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      mostSpooled = Math.max(mostSpooled, spool.slices.length);
      text += gunzipSync(readFileSync(slice.path)).toString();
      await spool.remove(slice);
    }
    assert.equal(text, lab.expected(days(1, 12)));
    assert.equal(most, 3);
    assert.ok(mostSpooled <= 5, `${mostSpooled} slices were kept`);
  });

  it("hands slices over in the order of days, whichever comes first", async () => {
    const lab = openLab();
    lab.trouble = async ({ from }) => {
      await new Promise((resolve) => setTimeout(resolve, from === "2026-01-01" ? 40 : 1));
      return undefined;
    };
    const { text, ranges } = await fetched(lab, days(1, 5), { sliceDays: 1, concurrency: 5 });
    assert.deepEqual(ranges, ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]);
    assert.equal(text, lab.expected(days(1, 5)));
  });

  it("takes slices of several files apart by the days of the events", async () => {
    const lab = openLab();
    const mixed = (from: string) =>
      [1, 2, 3].map((n) => event("2026-01-02", n) + event("2026-01-03", n)).join("") + from;
    lab.trouble = ({ from }) => from === "2026-01-02" ? { lines: mixed(event("2026-01-04", 1)) } : undefined;
    const { slices, text } = await fetched(lab, days(1, 4), { split: "day" });
    assert.deepEqual(slices.map(({ from, to, events }) => [from, to, events]), [
      ["2026-01-01", "2026-01-01", 2],
      ["2026-01-02", "2026-01-02", 3],
      ["2026-01-03", "2026-01-03", 3],
      ["2026-01-04", "2026-01-04", 1],
    ]);
    assert.equal(
      text,
      lab.expected(days(1, 1)) + [2, 3].map((d) => [1, 2, 3].map((n) => event(`2026-01-0${d}`, n)).join("")).join("") +
        event("2026-01-04", 1),
    );
    assert.equal(lab.requests.length, 2);
  });

  it("ends with its signal, keeps what is whole, and leaves nothing else", async () => {
    const lab = openLab();
    const controller = new AbortController();
    lab.trouble = ({ from }) => {
      if (from === "2026-01-03") controller.abort(new MpError("Interrupted", { category: "interrupted" }));
      return from === "2026-01-03" ? { breakAfter: 10 } : undefined;
    };
    const spool = await newSpool();
    const options = { spool, sliceDays: 1, concurrency: 1, signal: controller.signal };
    const { error, ranges } = await fetched(lab, days(1, 5), options);
    assert.equal((error as MpError).category, "interrupted");
    assert.deepEqual(ranges, ["2026-01-01", "2026-01-02"]);
    const reopened = await newSpool(spool.folder);
    assert.deepEqual(reopened.slices.map(({ from }) => from), ["2026-01-01", "2026-01-02"]);
  });

  it("fetches a day again that was not over", async () => {
    const lab = openLab();
    const spool = await newSpool();
    const query = { from: "2026-11-21", to: "2026-11-23" };
    await fetched(lab, query, { spool, sliceDays: 1 });
    lab.requests.length = 0;
    await fetched(lab, query, { spool, sliceDays: 1 });
    assert.deepEqual(lab.asked(), ["2026-11-23"]);
  });

  it("asks for all days at once when there is a limit", async () => {
    const lab = openLab();
    await fetched(lab, { ...january, limit: 5, page: 2 });
    assert.deepEqual(lab.asked(), ["2026-01-01..2026-01-31"]);
    assert.deepEqual([lab.requests[0]?.query.get("limit"), lab.requests[0]?.query.get("page")], ["5", "2"]);
  });
});
