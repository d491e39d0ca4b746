import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { afterEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { ClosedPipeError, type MpError } from "../../../src/errors.ts";
import { chooseFormat } from "../../../src/jobs/export/output_format.ts";
import type { ExportQuery } from "../../../src/jobs/export/query.ts";
import { exportToStream, type StreamExport } from "../../../src/jobs/export/to_stream.ts";
import { event, type ExportLab, openExportLab } from "./export_lab.ts";
import { tmpdir } from "node:os";

const labs: ExportLab[] = [];
afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.stop())));

function openLab(): ExportLab {
  const lab = openExportLab();
  labs.push(lab);
  return lab;
}

const days = (from: number, to: number): ExportQuery => ({ from: `2026-01-0${from}`, to: `2026-01-0${to}` });
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("mp-export-"));

async function printed(lab: ExportLab, query: ExportQuery, wishes: Partial<StreamExport> = {}) {
  const pieces: Uint8Array[] = [];
  let error: unknown;
  try {
    await exportToStream(lab.client, query, {
      output: chooseFormat({}),
      clock: lab.clock,
      print: (bytes) => Promise.resolve(void pieces.push(bytes.slice())),
      ...wishes,
    });
  } catch (caught) {
    error = caught;
  }
  const bytes = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  return { error: error as Error | undefined, bytes, text: new TextDecoder().decode(bytes) };
}

/** Events that do not compress well, so that a part of them comes before the connection breaks. */
function manyEvents(day: string): string {
  return Array.from({ length: 3000 }, (_, index) => event(day, index, `,"x":"${Math.sin(index)}"`)).join("");
}

describe("an export to standard output", () => {
  it("prints slices in the order of days, whatever their order of arrival", async () => {
    const lab = openLab();
    lab.trouble = async ({ from }) => {
      await new Promise((resolve) => setTimeout(resolve, from === "2026-01-02" ? 30 : 1));
      return undefined;
    };
    const { text, error } = await printed(lab, days(1, 9), { sliceDays: 1, concurrency: 3 });
    assert.deepEqual([error, text], [undefined, lab.expected(days(1, 9))]);
  });

  it("prints events while they come", async () => {
    const lab = openLab();
    const day = days(1, 1);
    let open = () => {};
    const seen = new Promise<void>((resolve) => open = resolve);
    lab.linesOf = manyEvents;
    lab.trouble = () => undefined;
    const { error, text } = await printed(lab, day, { print: () => Promise.resolve(open()) });
    await seen;
    assert.deepEqual([error, text], [undefined, ""]);
  });

  it("goes on where the connection broke, when the second answer begins as the first", async () => {
    const lab = openLab();
    lab.linesOf = manyEvents;
    lab.trouble = (_, times) => times === 1 ? { breakAfter: 60_000 } : times === 2 ? { cutTo: 20_000 } : undefined;
    const { text, error } = await printed(lab, days(1, 1));
    assert.equal(error, undefined);
    assert.equal(text, lab.expected(days(1, 1)));
    assert.equal(lab.requests.length, 3);
  });

  it("fails when the second answer is another one, and has printed nothing twice", async () => {
    const lab = openLab();
    lab.linesOf = manyEvents;
    const other = manyEvents("2026-01-01").replace('"ü-0"', '"ü-X"');
    for (const lines of [other, event("2026-01-01", 0)]) {
      lab.requests.length = 0;
      lab.trouble = (_, times) => times === 1 ? { breakAfter: 60_000 } : { lines };
      const { text, error } = await printed(lab, days(1, 1));
      assert.equal((error as { code?: string }).code, "export_differs");
      assert.equal(text.length > 0 && lab.expected(days(1, 1)).startsWith(text), true);
      assert.equal(text.endsWith("\n"), true);
    }
  });

  it("ends at the first gap", async () => {
    const lab = openLab();
    lab.trouble = ({ from }) => from === "2026-01-03" ? { status: 503 } : undefined;
    const { text, error } = await printed(lab, days(1, 9), { sliceDays: 1, concurrency: 2 });
    assert.match(String(error), /2026-01-03 could not be fetched/);
    assert.match((error as MpError).hint!, /printed is not all.*-o FILE/);
    // The day before may be on its way when the gap is known.
    assert.ok(text !== "" && lab.expected(days(1, 2)).startsWith(text), text);
  });

  it("prints compressed slices as members, and CSV with one header", async () => {
    const lab = openLab();
    const gzip = await printed(lab, days(1, 3), { output: chooseFormat({ compression: "gzip" }), sliceDays: 1 });
    assert.equal(gunzipSync(gzip.bytes).toString(), lab.expected(days(1, 3)));
    for (const columns of [undefined, ["event", "time"]]) {
      const csv = await printed(lab, days(1, 3), { output: chooseFormat({ format: "csv", columns }), sliceDays: 1 });
      assert.equal(csv.text.split("\n").filter((line) => line.startsWith("event,time")).length, 1);
      assert.equal(csv.text.trimEnd().split("\n").length, 7);
    }
  });

  it("ends quietly, without leftovers, when nobody reads any more", async () => {
    const before = leftovers();
    const lab = openLab();
    const print = () => Promise.reject(new ClosedPipeError());
    const { error } = await printed(lab, days(1, 9), { print, sliceDays: 1 });
    assert.ok(error instanceof ClosedPipeError);
    assert.deepEqual(leftovers().filter((name) => !before.includes(name)), []);
  });
});
