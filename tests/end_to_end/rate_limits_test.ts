import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, describe, it } from "node:test";
import { type BinaryResult, temporaryFolder } from "../helpers/binary.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";

const sandbox = await startSandboxProcess();
const homes: string[] = [];
after(async () => {
  await sandbox.stop();
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** A home whose ledger has learned a limit from the server, with one request: on a loopback address none is assumed. */
async function homeWithLimit(policy: string, command = ["events", "list"]): Promise<string> {
  const home = temporaryFolder();
  homes.push(home);
  await sandbox.addFaults({ kind: "answer", status: 200, headers: { "RateLimit-Policy": policy }, body: [] });
  succeeded(await sandbox.mp(command, { home }));
  return home;
}

/** Requests that reached the sandbox while `work` ran; those beyond the first `most` fail. */
async function countingRequests<T>(most: number, work: () => Promise<T>): Promise<{ value: T; requests: number }> {
  // Answers of its own, so that what is left of them tells how many requests there were.
  await sandbox.addFaults({ kind: "answer", status: 200, body: [], times: most });
  const value = await work();
  return { value, requests: most - await sandbox.clearFaults() };
}

async function inTurn(sandbox: SandboxProcess, home: string, times: number): Promise<BinaryResult[]> {
  const results: BinaryResult[] = [];
  for (let time = 0; time < times; time++) results.push(await sandbox.mp(["events", "list"], { home }));
  return results;
}

describe("the ledger that all processes share", () => {
  it("refuses the 61st query of an hour, and sends nothing", { timeout: 60_000 }, async () => {
    const home = await homeWithLimit('"project";q=60;w=3600');
    const { value: results, requests } = await countingRequests(100, async () => {
      const lanes = await Promise.all([31, 30].map((times) => inTurn(sandbox, home, times)));
      return lanes.flat();
    });
    assert.equal(requests, 59, "one has been made before");
    const refused = results.filter((result) => result.code !== 0);
    assert.equal(refused.length, 2);
    assertFails(
      refused[0]!,
      5,
      new RegExp(
        `^mp: Cannot ask ${new URL(sandbox.url).host} for project 1000001: ` +
          "queries are at their limit of 60 an hour, and nothing was sent\n" +
          "hint: the next slot is at \\d\\d:\\d\\d:\\d\\d \\(in (60|59) min\\); " +
          "'mp limits' shows what has been used, and --no-pacing sends it anyway\n$",
      ),
    );

    const limits = JSON.parse(succeeded(await sandbox.mp(["limits", "-f", "json"], { home })));
    assert.equal(limits.length, 1);
    assert.deepEqual([limits[0].quota, limits[0].project, limits[0].running], ["query", "1000001", 0]);
    assert.deepEqual([limits[0].windows[0].limit, limits[0].windows[0].used], [60, 60]);
    assert.match(succeeded(await sandbox.mp(["limits", "-f", "table"], { home })), /query +60 +60 +1 h/);
  });

  it("can be passed by, and forgotten", async () => {
    const home = await homeWithLimit('"project";q=2;w=3600');
    succeeded(await sandbox.mp(["events", "list"], { home }));
    assert.equal((await sandbox.mp(["events", "list"], { home })).code, 5);
    succeeded(await sandbox.mp(["events", "list", "--no-pacing"], { home }));
    const forgotten = await sandbox.mp(["limits", "--reset"], { home });
    assert.equal(forgotten.stderr, "Forgot all counted requests\n");
    succeeded(await sandbox.mp(["events", "list"], { home }));
  });

  it("counts each project and each kind of request by itself", async () => {
    const home = await homeWithLimit('"project";q=2;w=3600');
    succeeded(await sandbox.mp(["events", "list"], { home }));
    assert.equal((await sandbox.mp(["query", "segmentation", "Seen", "--last", "2d"], { home })).code, 5);
    succeeded(await sandbox.mp(["export", "events", "--last", "2d"], { home }));
    succeeded(await sandbox.mp(["projects", "list"], { home }));
    // The other project is asked, and it is the server that refuses.
    assert.equal((await sandbox.mp(["events", "list", "-p", "77"], { home })).code, 2);
  });

  it("waits for a slot that is near, and says so", async () => {
    const home = await homeWithLimit('"project";q=1;w=3');
    const startedMs = Date.now();
    succeeded(await sandbox.mp(["events", "list"], { home }));
    const result = await sandbox.mp(["events", "list"], { home });
    succeeded(result);
    assert.ok(Date.now() - startedMs >= 3000);
    assert.match(result.stderr, /^queries are at their limit of 1 within 3 s; waiting [123] s\n$/);
  });

  it("keeps away from a server that asked for it, in whatever process comes next", async () => {
    const home = await homeWithLimit('"project";q=60;w=3600');
    await sandbox.addFaults({ kind: "rate_limit", retryAfterSeconds: 900 });
    const told = await sandbox.mp(["events", "list"], { home });
    assertFails(told, 5, /: rate limited until \S+\nserver: Query rate limit exceeded\nhint: try again in 15 min; /);
    const { value: next, requests } = await countingRequests(5, () => sandbox.mp(["events", "list"], { home }));
    assert.equal(requests, 0);
    assertFails(
      next,
      5,
      /: the server takes no more queries for now, and nothing was sent\nhint: the next slot is at /,
    );
  });

  it("has nothing to show before anything was counted", async () => {
    const [piped, table] = await Promise.all([sandbox.mp(["limits"]), sandbox.mp(["limits", "-f", "table"])]);
    assert.equal(succeeded(piped!), "[]\n");
    assert.equal(succeeded(table!), "");
    assert.match(table!.stderr, /^No request has been counted yet$/m);
  });
});
