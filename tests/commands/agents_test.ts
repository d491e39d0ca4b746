import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openQueryLab, PROJECT_ID } from "./query_lab.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

describe("mp agents", () => {
  it("prints the events with their properties, the reports with their ids, and questions that work", async () => {
    const { code, stdout, stderr } = await lab.mp(["agents"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^# Mixpanel, project ${PROJECT_ID}\n`));
    assert.match(stdout, /^- `Sign Up`: properties .*`country`/m);
    assert.match(stdout, /^- 9001 \(insights\): `Sign-ups`$/m);
    const examples = [...stdout.matchAll(/^mp ([^\n]*)$/gm)].map(([, words]) => words!);
    assert.equal(examples.length, 3);
    for (const words of examples) {
      const argv = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
      assert.equal((await lab.mp(argv)).code, 0, words);
    }
  });

  it("costs one query, and one for each event of --detailed", async () => {
    for (const [detailed, queries] of [["0", 1], ["2", 3]] as const) {
      lab.requests.length = 0;
      await lab.mp(["agents", "--detailed", detailed]);
      assert.equal(lab.requests.filter(({ path }) => path.startsWith("/api/query/")).length, queries);
    }
  });

  it("writes a file, and gives programs its facts", async () => {
    await lab.mp(["agents", "-o", folder.path("AGENTS.md")]);
    assert.match(readFileSync(folder.path("AGENTS.md"), "utf8"), /^# Mixpanel/);
    const facts = JSON.parse((await lab.mp(["agents", "-f", "json"])).stdout);
    assert.deepEqual(facts.events.map(({ name }: { name: string }) => name).sort(), ["Purchase", "Sign Up"]);
  });

  it("what names hold is code, on one line, and no Markdown", async () => {
    const own = openQueryLab();
    try {
      const name = "Evil`\n# Heading\n`x` <b>";
      own.store.events.append(PROJECT_ID, [
        rowOfRecord({ event: name, properties: { time: NOW_MS / 1000, distinct_id: "x", $insert_id: "e" } }),
      ]);
      const { stdout } = await own.mp(["agents", "--detailed", "0"]);
      assert.match(stdout, /^- ``Evil` # Heading `x` <b>``$/m);
      assert.doesNotMatch(stdout, /^# Heading/m);
    } finally {
      await own.stop();
    }
  });
});
