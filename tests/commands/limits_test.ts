import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openProgramLab({ rateLimitHeaders: "all", quotas: { query: { perHour: 60 } } })));
after(() => lab.stop());

describe("mp limits", () => {
  it("says that nothing was counted, and gives programs an empty list", async () => {
    const env = { HOME: folder.path("nothing") };
    assert.deepEqual(await lab.mp(["limits"], { env }), { code: 0, stdout: "[]\n", stderr: "" });
    const { stderr } = await lab.mp(["limits"], { env, terminal: true });
    assert.equal(stderr, "No request has been counted yet\n");
  });

  it("counts what went to this machine too, also before it announces a limit", async () => {
    const silent = openProgramLab();
    try {
      const env = { HOME: folder.path("silent") };
      for (let count = 0; count < 70; count++) {
        assert.equal((await silent.mp(["events", "names", "--limit", "1"], { env })).code, 0);
      }
      const [entry] = JSON.parse((await silent.mp(["limits"], { env })).stdout);
      assert.deepEqual(entry.windows, [{ limit: null, windowMs: 3_600_000, used: 70 }]);
      const { stdout } = await silent.mp(["limits", "-f", "csv"], { env });
      assert.match(stdout, /,1000001,query,70,none,1 h,0,now$/m);
    } finally {
      await silent.stop();
    }
  });

  it("shows what was used of each window, and forgets it on request", async () => {
    const env = { HOME: folder.path("some") };
    for (let count = 0; count < 3; count++) assert.equal((await lab.mp(["events", "list"], { env })).code, 0);
    const entries = JSON.parse((await lab.mp(["limits"], { env })).stdout);
    assert.equal(entries.length, 1);
    assert.deepEqual([entries[0].project, entries[0].quota, entries[0].running], ["1000001", "query", 0]);
    assert.deepEqual(entries[0].windows, [{ limit: 60, windowMs: 3_600_000, used: 3 }]);
    const { stdout } = await lab.mp(["limits", "-f", "csv"], { env });
    assert.match(stdout, /^host,project,quota,used,limit,window,running,free_at\n/);
    assert.match(stdout, /^127\.0\.0\.1:\d+,1000001,query,3,60,1 h,0,now$/m);
    assert.match((await lab.mp(["limits"], { env, terminal: { columns: 120 } })).stdout, /query +3 +\d+ +1 h/);

    assert.deepEqual(await lab.mp(["limits", "--reset"], { env }), {
      code: 0,
      stdout: "",
      stderr: "Forgot all counted requests\n",
    });
    assert.equal((await lab.mp(["limits"], { env })).stdout, "[]\n");
  });

  it("counts nothing with --no-pacing", async () => {
    const env = { HOME: folder.path("unpaced") };
    assert.equal((await lab.mp(["events", "list", "--no-pacing"], { env })).code, 0);
    assert.equal((await lab.mp(["limits"], { env })).stdout, "[]\n");
  });
});
