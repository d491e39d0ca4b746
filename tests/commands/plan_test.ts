import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { addFaults } from "../helpers/sandbox_faults.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { type PlanLab, planLabs } from "./plan_lab.ts";

const files = temporaryFolder();
const inLab = planLabs();
let lab: PlanLab;
let folders = 0;

/** A project with the demo's definitions, and a folder that is not there yet. */
function withPlan(work: (folder: string) => Promise<void>): Promise<void> {
  return inLab(async (one) => {
    lab = one;
    await work(one.folder);
  });
}

const plan = (...argv: string[]) => lab.mp(["plan", ...argv]);
const emptyProject = () => lab.emptyProject();

async function done(...argv: string[]) {
  const result = await plan(...argv);
  assert.equal(result.code, 0, result.stderr);
  return result;
}

/** All answers about a project but the first ones. */
const loseAnswers = (project: string, skip: number) =>
  addFaults(lab.url, { kind: "reset", path: `/api/app/projects/${project}/*`, times: 1000, skip });

const changesOf = (stdout: string): { action: string; kind: string; name: string }[] => JSON.parse(stdout).changes;

describe("mp plan export", () => {
  it("writes a file for each definition, and the same again", () =>
    withPlan(async (folder) => {
      const first = await done("export", folder);
      assert.match(first.stderr, /definitions in .*: wrote \d+ files\n/);
      assert.match(
        readFileSync(`${folder}/events/purchase.toml`, "utf8"),
        /^name = "Purchase"\ndescription = "An order/,
      );
      assert.match((await done("export", folder)).stderr, /: wrote 0 files\n/);
    }));

  it("keeps the names of files and what is only for the folder, and removes what is gone", () =>
    withPlan(async (folder) => {
      await done("export", folder);
      const text = readFileSync(`${folder}/events/purchase.toml`, "utf8");
      rmSync(`${folder}/events/purchase.toml`);
      writeFileSync(`${folder}/events/orders.toml`, text.replace("\n[prop", "\n[volume]\nmin = 1\n\n[prop"));
      const before = readFileSync(`${folder}/events/orders.toml`, "utf8");
      assert.equal((await lab.mp(["lexicon", "delete", "event", "Old Checkout", "--yes"])).code, 0);
      assert.match((await done("export", folder)).stderr, /, removed 1\n/);
      assert.deepEqual(readdirSync(`${folder}/events`).sort(), ["orders.toml", "sign-up.toml"]);
      const after = readFileSync(`${folder}/events/orders.toml`, "utf8");
      assert.deepEqual(after.split("\n").sort(), before.split("\n").sort());
    }));

  it("writes only the kinds that are asked for, and leaves the others", () =>
    withPlan(async (folder) => {
      await done("export", folder, "--only", "flags");
      assert.deepEqual(readdirSync(folder), ["flags"]);
      const { code, stderr } = await plan("export", folder, "--only", "flag");
      assert.deepEqual([code, /Cannot run plan export: --only "flag" is not one of tags/.test(stderr)], [3, true]);
    }));
});

describe("mp plan diff and apply", () => {
  it("find no difference in the project that was exported", () =>
    withPlan(async (folder) => {
      await done("export", folder);
      assert.deepEqual(changesOf((await done("diff", folder)).stdout), []);
      assert.match((await done("apply", folder)).stderr, /^Nothing to change\n$/);
    }));

  it("make an empty project the same", () =>
    withPlan(async (folder) => {
      await done("export", folder);
      const other = await emptyProject();
      const { code, stdout } = await plan("diff", folder, "--project", other);
      assert.equal(code, 9);
      assert.ok(changesOf(stdout).every(({ action }) => action === "create"));
      await done("apply", folder, "--project", other, "--yes");
      await done("diff", folder, "--project", other);
      const copy = files.path(`plan-${++folders}`);
      await done("export", copy, "--project", other);
      for (const kind of readdirSync(folder)) {
        for (const file of readdirSync(`${folder}/${kind}`)) {
          const read = (place: string) => readFileSync(`${place}/${kind}/${file}`, "utf8");
          assert.equal(read(copy), read(folder), `${kind}/${file}`);
        }
      }
    }));

  it("come out the same when an answer is lost at any request, and the command is run again", () =>
    withPlan(async (folder) => {
      await done("export", folder);
      const before = lab.requests.length;
      await done("apply", folder, "--project", await emptyProject(), "--yes");
      const requests = lab.requests.slice(before).filter(({ path }) => path.startsWith("/api/app/projects/")).length;
      assert.ok(requests > 30, String(requests));
      for (let passed = 0; passed < requests; passed += 3) {
        const project = await emptyProject();
        await loseAnswers(project, passed);
        const cut = await plan("apply", folder, "--project", project, "--yes");
        await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE", headers: { "x-mp-sandbox": "1" } });
        // Reads are tried again, and a change may be the last one.
        if (cut.code !== 0) assert.equal(cut.code, 7, cut.stderr);
        await done("apply", folder, "--project", project, "--yes");
        const { stdout } = await done("diff", folder, "--project", project);
        assert.deepEqual(changesOf(stdout), [], `after ${passed} requests`);
      }
    }));

  it("say what would change in words, and end with 9", () =>
    withPlan(async (folder) => {
      await done("export", folder);
      const path = `${folder}/events/purchase.toml`;
      writeFileSync(path, readFileSync(path, "utf8").replace("An order was paid", "An order"));
      rmSync(`${folder}/flags/old-banner.toml`);
      lab.write("events/refund.toml", 'name = "Refund"\n');
      const { code, stdout, stderr } = await plan("diff", folder, "-f", "table");
      assert.equal(code, 9);
      assert.equal(
        stdout,
        '~ events/Purchase\n    description: "An order was paid" → "An order"\n+ events/Refund\n- flags/old-banner\n',
      );
      assert.match(stderr, /^3 differences; apply them with: mp plan apply /);
      const asked = await plan("apply", folder);
      assert.deepEqual([asked.code, /add --yes/.test(asked.stderr)], [3, true]);
      assert.match(
        (await done("apply", folder, "--yes")).stderr,
        /Made 2 changes; 1 definition only in the project left/,
      );
      assert.deepEqual(changesOf((await plan("diff", folder)).stdout), [
        { action: "delete", kind: "flags", name: "old-banner" },
      ]);
      await done("apply", folder, "--prune", "--yes");
      await done("diff", folder);
    }));

  it("delete no tags of annotations, which Mixpanel doesn't, and say so before anything is changed", () =>
    withPlan(async (folder) => {
      await done("export", folder);
      rmSync(`${folder}/annotation-tags/prices.toml`);
      rmSync(`${folder}/flags/old-banner.toml`);
      const { code, stderr } = await plan("apply", folder, "--prune", "--yes");
      assert.equal(code, 3);
      assert.match(stderr, /Cannot delete annotation-tags\/prices: Mixpanel does not delete annotation-tags/);
      assert.equal(changesOf((await plan("diff", folder)).stdout).length, 2);
    }));

  it("ask nothing of Mixpanel when there is no plan, or one that cannot be read", () =>
    withPlan(async (folder) => {
      lab.write("readme.txt", "");
      const nothing = await plan("diff", folder);
      assert.deepEqual([nothing.code, /it has no definitions\nhint: write one with/.test(nothing.stderr)], [3, true]);
      lab.write("events/a.toml", 'name = "A"\n');
      lab.write("events/b.toml", 'name = "A"\n');
      assert.match((await plan("diff", folder)).stderr, /a\.toml and .*b\.toml both define events\/A/);
      assert.equal(lab.requests.length, 0);
    }));
});

describe("mp plan check", () => {
  const EVENTS = [
    { event: "Purchase", properties: { time: NOW_MS / 1000, distinct_id: "u", amount: "9" } },
    { event: "Purchase", properties: { time: NOW_MS / 1000, distinct_id: "u", amount: "8" } },
    { event: "Prchase", properties: { time: NOW_MS / 1000 - 2 * 86_400, distinct_id: "u" } },
    { event: "$identify", properties: { time: NOW_MS / 1000 } },
  ].map((one) => JSON.stringify(one));

  const PURCHASES =
    'name = "Purchase"\nrequired = ["items"]\n[volume]\nmin = 1\nmax = 1\n[properties.amount]\ntype = "number"\n';

  it("counts what is wrong, says where it is first, and asks nobody", () =>
    withPlan(async (folder) => {
      lab.write("events/purchase.toml", PURCHASES);
      const path = files.write("events.jsonl", EVENTS.join("\n") + "\n\n{broken\n");
      const { code, stdout, stderr } = await plan("check", folder, path);
      assert.equal(lab.requests.length, 0);
      assert.equal(code, 9, stderr);
      const { events, problems } = JSON.parse(stdout);
      assert.equal(events, 5);
      const rows = problems.map((
        one: Record<string, unknown>,
      ) => [one.kind, one.event, one.property, one.count, one.first]);
      assert.deepEqual(rows, [
        ["missing_property", "Purchase", "items", 2, `${path}:1`],
        ["wrong_type", "Purchase", "amount", 2, `${path}:1`],
        ["unknown_event", "Prchase", undefined, 1, `${path}:3`],
        ["unreadable", "", undefined, 1, `${path}:6`],
        ["volume", "Purchase", undefined, 1, undefined],
        ["volume", "Purchase", undefined, 1, undefined],
        ["volume", "Purchase", undefined, 1, undefined],
      ]);
      assert.deepEqual(problems.slice(4).map((one: { problem: string }) => one.problem), [
        "came 0 times on 2026-11-21; the plan has at least 1 a day",
        "came 0 times on 2026-11-22; the plan has at least 1 a day",
        "came 2 times on 2026-11-23; the plan has at most 1 a day",
      ]);
      assert.match(stderr, /^Checked 5 events: 9 violations of 7 sorts\n$/);
    }));

  it("reads CSV as an import does", () =>
    withPlan(async (folder) => {
      lab.write("events/purchase.toml", PURCHASES);
      const path = files.write("events.csv", "event,time,distinct_id,amount,items\nPurchase,2026-11-23,u,9,3\n");
      const { code, stdout, stderr } = await plan("check", folder, path);
      assert.deepEqual([code, stdout], [0, '{"events":1,"problems":[],"unlisted":0}\n']);
      assert.equal(stderr, "Checked 1 event: all as planned\n");
    }));

  it("checks the folder itself without files", () =>
    withPlan(async (folder) => {
      lab.write("events/purchase.toml", PURCHASES);
      const sound = await plan("check", folder);
      assert.deepEqual([sound.code, sound.stderr], [0, `1 definition in ${folder}\n`]);
      lab.write("flags/x.toml", `name = "x"\nruleset = '''{"cohort": {"id": {"$ref": "cohorts/Gone"}}}'''\n`);
      const broken = await plan("check", folder);
      assert.equal(broken.code, 9);
      assert.match(broken.stderr, /^flags\/x refers to cohorts\/Gone, which is not in the plan\n/);
    }));
});
