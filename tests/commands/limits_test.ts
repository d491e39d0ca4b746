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
    assert.deepEqual(await lab.mp(["limits"], { env, terminal: { columns: 200 } }), {
      code: 0,
      stdout: "",
      stderr: `No request has been counted: ${new URL(lab.url).host} is on this machine, and counts from when it ` +
        "announces limits: 'mp sandbox --quotas' does so with its first 429\n",
    });
    const elsewhere = { ...env, MP_API_BASE_URL: "https://mixpanel.com" };
    const { stderr } = await lab.mp(["limits"], { env: elsewhere, terminal: true });
    assert.equal(stderr, "No request has been counted yet\n");
  });

  it("shows what was used of each window, and forgets it on request", async () => {
    const env = { HOME: folder.path("some") };
    // On this machine no limit is assumed: the first answer announces it, and the other requests count.
    for (let count = 0; count < 3; count++) assert.equal((await lab.mp(["events", "list"], { env })).code, 0);
    const entries = JSON.parse((await lab.mp(["limits"], { env })).stdout);
    assert.equal(entries.length, 1);
    assert.deepEqual([entries[0].project, entries[0].quota, entries[0].running], ["1000001", "query", 0]);
    assert.deepEqual(entries[0].windows, [{ limit: 60, windowMs: 3_600_000, used: 2 }]);
    const { stdout } = await lab.mp(["limits", "-f", "csv"], { env });
    assert.match(stdout, /^host,project,quota,used,limit,window,running,free_at\n/);
    assert.match(stdout, /^127\.0\.0\.1:\d+,1000001,query,2,60,1 h,0,now$/m);
    assert.match((await lab.mp(["limits"], { env, terminal: { columns: 120 } })).stdout, /query +2 +\d+ +1 h/);

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
