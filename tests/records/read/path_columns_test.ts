import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openSources } from "../../../src/records/read/open_sources.ts";
import { type ReadOptions, readRecords } from "../../../src/records/read/read_records.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const stdin = { stream: () => new Blob([]).stream() };
const decoder = new TextDecoder();

async function read(path: string, options: ReadOptions = {}): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const block of readRecords(await openSources([path], stdin), options)) {
    if (block.kind === "values") records.push(...block.values);
    else records.push(...[...block.lines].map((line) => decoder.decode(line)));
  }
  return records;
}

describe("columns of a path", () => {
  const folder = temporaryFolder();

  it("are values of the records of a table and of JSON, decoded, as texts", async () => {
    folder.write("lake/date=2026-11-01/country=DE/a.csv", "event,n\nA,1\n");
    folder.write("lake/date=2026-11-01/country=DE/b.json", '[{"event":"B"}]');
    folder.write(
      "lake/date=2026-11-02/country=S%C3%A3o%20Tom%C3%A9/c.jsonl",
      '{"event":"C"}\n\n {}\nbad\n{"event":"D","date":1}',
    );
    assert.deepEqual(await read(folder.path("lake")), [
      { event: "A", n: 1, date: "2026-11-01", country: "DE" },
      { event: "B", date: "2026-11-01", country: "DE" },
      '{"date":"2026-11-02","country":"São Tomé","event":"C"}',
      "",
      ' {"date":"2026-11-02","country":"São Tomé"}',
      "bad",
      '{"country":"São Tomé","event":"D","date":1}',
    ]);
    // Also of a file that is named itself.
    assert.deepEqual(await read(folder.path("lake/date=2026-11-01/country=DE/a.csv")), [
      { event: "A", n: 1, date: "2026-11-01", country: "DE" },
    ]);
  });

  it("are nothing where Hive says so, and only those right above the file", async () => {
    folder.write("other/x=1/data/zip=01067/plan=__HIVE_DEFAULT_PARTITION__/a.csv", "event\nA\n");
    assert.deepEqual(await read(folder.path("other")), [{ event: "A", zip: "01067" }]);
    folder.write("odd/p=100%/a=b=c/a.csv", "event\nA\n");
    assert.deepEqual(await read(folder.path("odd")), [{ event: "A", p: "100%", a: "b=c" }]);
  });

  it("do not take the place of a column of the file, which is told", async () => {
    folder.write("twice/date=2026-11-01/a.csv", "event,date\nA,\nB,x\n");
    const told: string[] = [];
    const names: string[][] = [];
    const found = await read(folder.path("twice"), {
      onWarning: (_source, warning) => void told.push(`${warning.column} ${warning.reason}`),
      onColumns: (_source, columns) => void names.push(columns.map(({ name }) => name)),
    });
    assert.deepEqual(found, [{ event: "A" }, { event: "B", date: "x" }]);
    assert.deepEqual(names, [["event", "date"]]);
    assert.deepEqual(told, ['date is a column of the file, and "date=2026-11-01" is in its path: the column is taken']);
  });

  it("are no part of events and profiles in Mixpanel's own layout, which is told once", async () => {
    const event = '{"event":"A","properties":{"time":1,"country":"FR"}}';
    const whole = [event, event, '{"$distinct_id":"u","$properties":{}}', '{"$distinct_id":"u","$set":{}}'];
    folder.write("own/country=DE/a.jsonl", whole.join("\n"));
    folder.write("own/country=DE/b.json", `[${event}]`);
    const told: string[] = [];
    const onWarning: ReadOptions["onWarning"] = (_source, { column, reason, hint }) =>
      void told.push(`${column} ${reason}; ${hint}`);
    assert.deepEqual(await read(folder.path("own"), { onWarning }), [...whole, JSON.parse(event)]);
    const words =
      "country is in the path, and records in Mixpanel's own layout take nothing from it; --set country=DE adds it";
    assert.deepEqual(told, [words, words]);
    // The table of a warehouse is one of rows, whatever its columns are called.
    folder.write("rows/country=DE/a.jsonl", '{"event":"A","time":1,"properties":{"a":1}}');
    assert.deepEqual(await read(folder.path("rows")), ['{"country":"DE","event":"A","time":1,"properties":{"a":1}}']);
  });

  it("count for the columns that a table must have", async () => {
    folder.write("named/event=Buy/a.csv", "time\n1\n");
    const seen: string[][] = [];
    await read(folder.path("named"), { checkColumns: (_name, columns) => void seen.push([...columns]) });
    assert.deepEqual(seen, [["time", "event"]]);
  });

  it("are not those of an export of mp, which follow from its events", async () => {
    folder.write("export/_mp_manifest.json", "{}");
    folder.write("export/date=2026-11-01/events.jsonl", '{"event":"A"}');
    assert.deepEqual(await read(folder.path("export")), ['{"event":"A"}']);
    assert.deepEqual(await read(folder.path("export/date=2026-11-01/events.jsonl")), ['{"event":"A"}']);
    folder.write("tables.mp/_mp_manifest.json", "{}");
    folder.write("tables/date=2026-11-01/events.csv", "event\nA\n");
    assert.deepEqual(await read(folder.path("tables")), [{ event: "A" }]);
  });
});
