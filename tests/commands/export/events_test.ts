import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type S3Server, startS3Server } from "../../helpers/s3_server.ts";
import { days, openEventsLab } from "./events_lab.ts";

const lab = openEventsLab();
const { fault, folder, newPath } = lab;
const mp = (...words: string[]) => lab.mp(words);
const exported = () => lab.requests.filter(({ path }) => path === "/api/2.0/export");

describe("mp export events", () => {
  it("writes events to standard output and the summary elsewhere", async () => {
    const { code, stdout, stderr } = await mp("events", ...days);
    assert.equal(code, 0);
    assert.equal(stdout.trimEnd().split("\n").length, 4);
    assert.match(stdout, /"n":12345678901234567/);
    assert.match(stderr, /^Exported 4 events \(2026-11-20 to 2026-11-21\), \d+ B in \d+ ms\n$/);
  });

  it("asks for what was typed", async () => {
    const filters = ["--event", "E", "--event", "F", "--where", "true", "--limit", "5", "--time-in-ms"];
    await mp("events", ...days, ...filters);
    assert.deepEqual(exported().map(({ query }) => query), [{
      project_id: String(SANDBOX.projectId),
      from_date: "2026-11-20",
      to_date: "2026-11-21",
      event: '["E","F"]',
      where: "true",
      limit: "5",
      time_in_ms: "true",
    }]);
  });

  it("writes a file in the form that its name says, and says where", async () => {
    const csv = newPath("events.csv");
    const { code, stdout, stderr } = await mp("events", ...days, "-o", csv);
    assert.deepEqual([code, stdout], [0, ""]);
    assert.equal(stderr.endsWith(` to ${csv}\n`), true);
    assert.equal(readFileSync(csv, "utf8").split("\n")[0], "event,time,distinct_id,$insert_id,n");
    const marked = newPath("marked.csv.gz");
    await mp("events", ...days, "--bom", "-o", marked);
    assert.equal(gunzipSync(readFileSync(marked)).toString(), `\ufeff${readFileSync(csv, "utf8")}`);
    const gz = newPath("events.jsonl.gz");
    await mp("events", ...days, "-o", gz);
    assert.equal(gunzipSync(readFileSync(gz)).toString().trimEnd().split("\n").length, 4);
    const some = newPath("some.tsv");
    await mp("events", ...days, "-o", some, "--columns", "n, event");
    assert.equal(readFileSync(some, "utf8").split("\n")[1], "12345678901234567\tE");
  });

  it("leaves out repeated events on request, and says how many", async () => {
    const path = newPath("once.jsonl");
    const { stderr } = await mp("events", ...days, "--dedupe", "-o", path);
    assert.equal(readFileSync(path, "utf8").trimEnd().split("\n").length, 3);
    assert.match(stderr, /^Exported 3 events, without 1 duplicate \(/);
    const out = newPath("once");
    await mp("events", ...days, "--dedupe", "-o", `${out}/`);
    const manifest = JSON.parse(readFileSync(join(out, "_mp_manifest.json"), "utf8"));
    assert.deepEqual([manifest.events, manifest.output.dedupe], [3, true]);
    assert.equal((await mp("verify", out)).code, 0);
  });

  it("makes a folder of days, of weeks, or of Hive's kind, when it is told so", async () => {
    const out = newPath("out");
    const { stderr } = await mp("events", ...days, "-o", `${out}/`);
    assert.match(stderr, /: 2 files\n$/);
    assert.deepEqual(readdirSync(out).filter((name) => name.startsWith("events")).sort(), [
      "events_2026-11-20.jsonl.gz",
      "events_2026-11-21.jsonl.gz",
    ]);
    assert.match(
      (await mp("events", ...days, "-o", out)).stderr,
      /^Nothing was missing: .* holds 4 events in 2 files\n$/,
    );
    const lake = newPath("lake");
    await mp("events", ...days, "-o", lake, "--hive", "-f", "parquet", "--split", "week");
    assert.equal(existsSync(join(lake, "week=2026-11-16", "events.parquet")), true);
    assert.equal((await mp("verify", lake)).code, 0);
  });

  it("adds what is new, each time that it is run with --since-last", async () => {
    const out = newPath("nightly");
    const nightly = ["events", "--since-last", "--from", "2026-11-19", "--lookback", "1d", "-o", out];
    assert.match((await mp(...nightly)).stderr, /2026-11-19 to 2026-11-22.*: 4 files\n$/);
    assert.match((await mp(...nightly)).stderr, /2026-11-22\), .*: 1 file, 1 of them unchanged, 4 in all\n/);
    const { code, stderr } = await mp("events", "--since-last", "-o", newPath("new"));
    assert.equal(code, 3);
    assert.match(stderr, /has no export yet/);
  });

  it("says in a line of its own when it has to wait long, and goes on", async () => {
    await fault({ kind: "rate_limit", path: "/api/2.0/export", retryAfterSeconds: 90 });
    const { code, stderr } = await mp("events", ...days, "-o", newPath("waited.jsonl"));
    assert.equal(code, 0);
    assert.match(stderr, /^rate limited; again in 1 m 3\d s\nExported 4 events/);
  });

  it("ends as the first cause would, says what is missing, and goes on when it is run again", async () => {
    await fault({ kind: "last_words", path: "/api/2.0/export", times: 6 });
    const path = newPath("cut.jsonl");
    const args = ["events", "--from", "2026-11-20", "--to", "2026-11-20", "-o", path];
    const { code, stderr } = await mp(...args);
    assert.equal(code, 6);
    assert.match(stderr, /^export terminated; again in 20 s\n/);
    assert.match(stderr, /\nmp: Cannot finish the export: 2026-11-20 could not be fetched \(.*"terminated early"\)\n/);
    assert.match(stderr, /hint: run the same command again/);
    assert.equal(existsSync(path), false);
    assert.equal((await mp(...args)).code, 0);
    assert.equal(readFileSync(path, "utf8").split("\n").length, 2);
  });

  it("writes progress and a summary for programs", async () => {
    const { stderr } = await mp("events", ...days, "-o", newPath("all.jsonl"), "--progress", "json");
    const objects = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
    const { elapsed_ms: _, bytes: __, ...summary } = objects.at(-1);
    assert.deepEqual(summary, {
      type: "summary",
      from_date: "2026-11-20",
      to_date: "2026-11-21",
      records: 4,
      duplicates: 0,
      files: 1,
      requests: 2,
    });
  });

  it("writes nothing but JSON beside the data, notes and errors included, when programs read its progress", async () => {
    const types = (stderr: string) => stderr.trimEnd().split("\n").map((line) => JSON.parse(line).type);
    const json = ["--progress", "json"];
    const ahead = await mp(
      "events",
      "--from",
      "2026-11-21",
      "--to",
      "2026-12-21",
      "-o",
      newPath("ahead.jsonl"),
      ...json,
    );
    assert.equal(ahead.code, 0);
    const said = ahead.stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(said.find(({ type }) => type === "note"), {
      type: "note",
      text: "Days after 2026-11-24 have not begun anywhere: exporting up to that day",
    });
    assert.equal(said.at(-1).type, "summary");
    await fault({ kind: "answer", status: 401, path: "/api/2.0/export" });
    const refused = await mp("events", ...days, "-o", newPath("refused.jsonl"), "--progress=json");
    assert.equal(refused.code, 2);
    assert.deepEqual(types(refused.stderr).at(-1), "error");
    assert.equal(JSON.parse(refused.stderr.trimEnd().split("\n").at(-1)!).error.category, "auth");
    assert.deepEqual(types((await mp("events", ...days, "--split", "day", ...json)).stderr), ["error"]);
  });

  it("writes to a device as it comes, and says when there is no room", async () => {
    assert.equal((await mp("events", ...days, "-o", "/dev/null")).code, 0);
    const { code, stderr } = await mp("events", ...days, "-o", "/dev/full");
    assert.equal(code, 1);
    assert.match(stderr, /^mp: Cannot write "\/dev\/full": the disk is full\n/);
  });

  it("refuses what cannot be, and sends nothing", async () => {
    const file = folder.write("file", "x");
    const refused: [string[], RegExp][] = [
      [["-f", "table"], /as table/],
      [["--jq", "."], /--jq: it is a stream/],
      [["--split", "day"], /--split without a folder/],
      [["--hive"], /--hive without a folder/],
      [["--hive", "--split", "none", "-o", "x/"], /--hive with --split none/],
      [["--split", "day", "-o", file], /it is a file/],
      [["-f", "parquet", "--compress", "gzip", "-o", "x/"], /Cannot compress Parquet/],
      [["--columns", "a", "-o", "x.jsonl"], /Cannot choose columns of JSON Lines/],
      [["--columns", "a,a", "-f", "csv"], /"a" is there twice/],
      [
        ["-o", folder.path("x.html")],
        /nothing is known of the ending \.html\nhint: use \.jsonl, \.csv, \.tsv or \.parquet/,
      ],
      [["-f", "xlsx"], /Cannot export events as xlsx/],
      [["--bom"], /Cannot use --bom for jsonl/],
      [["--bom", "-f", "csv", "-o", folder.path("bom/")], /Cannot use --bom for a folder/],
      [["--columns", "plan,properties.plan", "-f", "csv"], /"plan" and "properties.plan" are the same/],
      [["--columns", " , ", "-f", "csv"], /--columns: it names none/],
      [["--lookback", "2d", "-o", "x/"], /--lookback without --since-last/],
      [["--page", "1"], /Cannot use --page without --limit/],
      [["--since-last", "--limit", "5", "-o", "x/"], /--limit with --since-last/],
      [["-o", "x.csv.gz", "--compress", "zstd"], /its name says gzip/],
      [["-o", join(folder.path("no"), "such", "x.jsonl")], /no such folder/],
    ];
    for (const [argv, message] of refused) {
      const { code, stderr } = await mp("events", ...days, ...argv);
      assert.deepEqual([code, message.test(stderr)], [3, true], `${argv} ${stderr}`);
    }
    assert.equal((await mp("events")).code, 3);
    assert.equal(exported().length, 0);
  });

  it("shows the first request in a dry run, says how many there are at least, and touches no file", async () => {
    const path = newPath("dry");
    const { code, stdout, stderr } = await mp(
      "events",
      "--from",
      "2026-01-01",
      "--to",
      "2026-11-20",
      "-o",
      path,
      "--dry-run",
    );
    assert.equal(code, 0);
    assert.match(stdout, /^curl .*from_date=2026-01-01&to_date=2026-01-01/s);
    assert.equal(stderr, "The first of at least 6 requests:\n");
    assert.deepEqual([exported().length, existsSync(path)], [0, false]);
  });
});

describe("mp export events to a bucket", () => {
  let bucket: S3Server;
  before(async () => void (bucket = await startS3Server()));
  after(() => bucket.stop());
  const mp = (...words: string[]) => lab.mp(words, bucket.env);

  it("makes objects and a manifest, fetches only what is missing, and can be verified", async () => {
    const out = ["events", ...days, "-o", "s3://bucket/lake/", "--slice", "1"];
    assert.match((await mp(...out)).stderr, /^Exported 4 events .* to s3:\/\/bucket\/lake\/: 2 files\n$/);
    assert.deepEqual([...bucket.objects.keys()].sort(), [
      "lake/_mp_manifest.json",
      "lake/events_2026-11-20.jsonl.gz",
      "lake/events_2026-11-21.jsonl.gz",
    ]);
    assert.equal((await mp("verify", "s3://bucket/lake")).code, 0);
    bucket.objects.delete("lake/events_2026-11-20.jsonl.gz");
    assert.equal((await mp("verify", "s3://bucket/lake")).code, 1);
    lab.requests.length = 0;
    await mp(...out);
    assert.deepEqual(exported().map(({ query }) => query.from_date), ["2026-11-20"]);
  });

  it("goes on after the store has failed, without fetching again", async () => {
    bucket.fault(({ method, key }) => method === "PUT" && key === "one.csv", { code: "AccessDenied", status: 403 });
    const out = ["events", ...days, "-o", "s3://bucket/one.csv"];
    assert.equal((await mp(...out)).code, 2);
    lab.requests.length = 0;
    assert.equal((await mp(...out)).code, 0);
    assert.equal(exported().length, 0);
    assert.equal(bucket.text("one.csv")?.split("\n").length, 6);
  });
});

describe("mp export verify", () => {
  it("finds damage, lists what it does not know, and ends with 1", async () => {
    const out = newPath("checked");
    await mp("events", ...days, "-o", `${out}/`);
    const clean = await mp("verify", out);
    assert.deepEqual([clean.code, JSON.parse(clean.stdout).problems], [0, []]);
    const path = join(out, "events_2026-11-20.jsonl.gz");
    const bytes = readFileSync(path);
    bytes[bytes.length - 6]! ^= 1;
    writeFileSync(path, bytes);
    mkdirSync(join(out, "sub"));
    writeFileSync(join(out, "sub", "mine.txt"), "x");
    const { code, stdout, stderr } = await mp("verify", out);
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout).problems.map(({ path, problem }: Record<string, string>) => [path, problem]), [
      ["events_2026-11-20.jsonl.gz", "damaged"],
      ["sub/mine.txt", "unknown"],
    ]);
    assert.match(stderr, /: 1 problem\n$/);
  });

  it("needs a manifest", async () => {
    const { code, stderr } = await mp("verify", folder.path("nothing"));
    assert.equal(code, 4);
    assert.match(stderr, /has no manifest/);
  });
});
