/** What data engineers do. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { between, numberOn } from "./numbers.ts";
import type { Place, StoredEvent, Walk } from "./walk.ts";

const EXPORT = "/api/2.0/export";
const CTRL_C = "\x03";

/** Makes the request for one day hang, after so many have been answered. */
const hangsAfter = ({ sandbox }: Place, skip: number, path = EXPORT) =>
  sandbox.addFaults({ kind: "slow", path, skip, delayMs: 60_000 });

/** Writes events of a new name, whose `$insert_id`s no other place has. */
function writeHistory({ desk, columns }: Place, name: string, count: number): void {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      event: `History ${columns}`,
      properties: { time: 1_780_000_000 + index, distinct_id: `h-${index}`, $insert_id: `history-${columns}-${index}` },
    }));
  writeFileSync(join(desk.folder, name), lines.join("\n") + "\n");
}

/** How many events of a name there are, asked without `mp`. */
async function countOf({ sandbox: { url, env }, columns }: Place): Promise<number> {
  const query = `from_date=2026-05-01&to_date=2026-06-30&project_id=${env.MP_PROJECT_ID}`;
  const response = await fetch(`${url}${EXPORT}?${query}&event=${encodeURIComponent(`["History ${columns}"]`)}`, {
    headers: { authorization: `Basic ${btoa(`${env.MP_USERNAME}:${env.MP_SECRET}`)}` },
  });
  return (await response.text()).split("\n").filter(Boolean).length;
}

const idsOf = (events: readonly StoredEvent[]) => events.map(({ properties }) => String(properties.$insert_id)).sort();

/** The events in the files of a folder. */
function idsIn({ desk }: Place, folder: string): string[] {
  const names = readdirSync(join(desk.folder, folder)).filter((name) => /^events_.*\.jsonl(\.gz)?$/.test(name));
  const texts = names.map((name) => {
    const bytes = readFileSync(join(desk.folder, folder, name));
    return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  });
  return idsOf(texts.join("").split("\n").filter(Boolean).map((line) => JSON.parse(line)));
}

export const ENGINEER: readonly Walk[] = [
  {
    job: 13,
    who: "Parquet to a bucket, and is it whole?",
    type: [
      "mp export events --last 3d -f parquet --hive -o s3://bucket/lake/",
      "mp export verify s3://bucket/lake/",
    ],
    before: ({ bucket }) => {
      bucket.objects.clear();
      return bucket.env;
    },
    shows: [/Exported/, /no problems/],
    check([exported, verified], place) {
      const count = between(place, 2, 0).length;
      assert.equal(numberOn(exported!, /Exported ([\d,]+) events/), count);
      assert.equal(numberOn(verified!, /with ([\d,]+) events/), count);
      assert.ok([...place.bucket.objects.keys()].some((key) => /^lake\/.*\.parquet$/.test(key)));
    },
  },
  {
    job: 14,
    who: "an export that is killed, and goes on",
    type: [
      "mp export events --last 10d --slice 1 --concurrency 1 -o killed/ & sleep 1.5; kill -9 $!",
      "mp export events --last 10d --slice 1 --concurrency 1 -o killed/",
    ],
    before: (place) => hangsAfter(place, 4),
    shows: [/.*/, /Exported/],
    check: (_screens, place) => assert.deepEqual(idsIn(place, "killed"), idsOf(between(place, 9, 0))),
  },
  {
    job: 14,
    who: "an export that Ctrl-C ends",
    type: ["mp export events --last 10d --slice 1 --concurrency 1 -o stopped/"],
    before: (place) => hangsAfter(place, 4),
    keys: [[CTRL_C, "4/10 days"]],
    codes: [130],
    shows: /run the same command again/,
  },
  {
    job: 15,
    who: "only what is new, each night",
    type: ["mp export events --since-last --from 3d -o nightly/", "mp export events --since-last -o nightly/"],
    shows: [/Exported/, /Exported|Nothing|up to date/],
  },
  {
    job: 16,
    who: "a CSV whose columns have other names",
    type: ["mp import purchases.csv --map event=action --map distinct_id=user --map time=at"],
    shows: /Imported 1 event/,
  },
  {
    job: 17,
    who: "rejected records: seen, fixed and sent",
    type: [
      "mp import history.jsonl --rejects rejected.jsonl",
      `sed -i 's/"time":"soon"/"time":1780000000/' rejected.jsonl`,
      "mp import rejected.jsonl",
    ],
    codes: [8, 0, 0],
    before(place) {
      writeHistory(place, "good.jsonl", 2);
      const bad = { event: "Bad", properties: { time: "soon", distinct_id: "b-1" } };
      writeFileSync(
        join(place.desk.folder, "history.jsonl"),
        JSON.stringify(bad) + '\n{"event":"Fine","properties":' +
          '{"time":1780000000,"distinct_id":"b-2"}}\n',
      );
    },
    shows: [/1 rejected[^]*line 1:[^]*send them: mp import rejected\.jsonl/, /^$/, /Imported 1 event/],
  },
  {
    job: 18,
    who: "a large import that Ctrl-C ends, and that goes on",
    type: ["mp import large.jsonl --concurrency 1"],
    async before(place) {
      writeHistory(place, "large.jsonl", 8000);
      await hangsAfter(place, 2, "/import");
    },
    keys: [[CTRL_C, "4,000 events"]],
    codes: [130],
    shows: /goes on after 4,?000 records/,
    async check(_screens, place) {
      await place.sandbox.clearFaults();
      const { code, stderr } = await place.desk.type("mp import large.jsonl");
      assert.equal(code, 0, stderr);
      assert.equal(await countOf(place), 8000);
    },
  },
  {
    job: 19,
    who: "a backup, and its verification",
    type: ["mp export all backup-of-all --last 2d", "mp export verify backup-of-all"],
    shows: [/events\/ +done/, /no problems/],
    check: ([, shown], place) => assert.equal(numberOn(shown!, /with ([\d,]+) events/), between(place, 1, 0).length),
  },
  {
    job: 20,
    who: "a copy of a project",
    type: ["mp copy --source production --target archive --last 3d --skip-identity"],
    shows: /Copied/,
  },
];
