/** Questions asked of exports and backups in a bucket. */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type S3Server, startS3Server } from "../helpers/s3_server.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../helpers/world.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
let store: S3Server;

before(async () => {
  lab = openProgramLab();
  store = await startS3Server();
  const lines = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({
      event: "Buy",
      properties: {
        time: NOW_MS / 1000 - 3600 - index * 20_000,
        distinct_id: `u-${index % 5}`,
        $insert_id: `i-${index}`,
        plan: index % 2 === 0 ? "pro" : "free",
      },
    }));
  const path = folder.write("events.jsonl", lines.join("\n"));
  assert.equal((await lab.mp(["import", path, "--no-checkpoint"])).code, 0);
  assert.equal((await lab.mp(["profiles", "set", "u-1", "team=blue"])).code, 0);
});
after(async () => {
  await lab.stop();
  await store.stop();
});

const environment = () => ({ XDG_STATE_HOME: folder.path("state"), ...store.env });

async function exported(...argv: string[]): Promise<void> {
  const { code, stderr } = await lab.mp(["export", ...argv, "--last", "12d"], { env: environment() });
  assert.equal(code, 0, stderr);
}

it("an export in a bucket answers, and only the files of the days are fetched", async () => {
  for (const [prefix, flags] of [["lines/", []], ["parquet/", ["--hive", "-f", "parquet"]]] as const) {
    await exported("events", "-o", `s3://bucket/${prefix}`, ...flags);
    const question = ["query", "segmentation", "Buy", "--last", "3d", "--on", 'properties["plan"]', "-f", "json"];
    const asked = await lab.mp(question);
    const before = store.requests.length;
    const { code, stdout, stderr } = await runProgram([...question, "--source", `s3://bucket/${prefix}`], {
      env: environment(),
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, asked.stdout);
    assert.match(stderr, /from [2-5] of 1[0-2] files/);
    assert.ok(store.requests.length > before);
  }
});

it("a backup in a bucket has its profiles", async () => {
  await exported("all", "s3://bucket/backup");
  const question = ["query", "segmentation", "Buy", "--last", "3d", "--on", 'user["team"]', "-f", "json"];
  const asked = await lab.mp(question);
  const { code, stdout, stderr } = await runProgram([...question, "--source", "s3://bucket/backup"], {
    env: environment(),
  });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, asked.stdout);
  assert.ok(JSON.parse(stdout).data.values.blue !== undefined);
});
