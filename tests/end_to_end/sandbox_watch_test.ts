import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import Mixpanel from "mixpanel";
import { runBinary, type RunningBinary, spawnBinary, temporaryFolder } from "../helpers/binary.ts";
import { until } from "../helpers/browser.ts";

describe("a developer who watches mp sandbox --log", () => {
  let sandbox: RunningBinary;
  let home: string;
  before(async () => {
    home = temporaryFolder();
    sandbox = await spawnBinary(["sandbox", "--port", "0", "--log"], { home, ready: /^export MP_TOKEN=.+\n/m });
  });
  after(async () => {
    await sandbox?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** A client made by the lines that the sandbox has shown. */
  const shownClient = () => {
    const [, line] = /^Node SDK:\n +(Mixpanel\.init\([^]*?\))$/m.exec(sandbox.output().stderr)!;
    return new Function("Mixpanel", `return ${line}`)(Mixpanel) as Mixpanel.Mixpanel;
  };

  it("points the Node SDK at it by the lines on the screen, and sees the event there", async () => {
    await new Promise<void>((resolve, reject) =>
      shownClient().track("Sign Up", { distinct_id: "u-1", plan: "pro" }, (error) => error ? reject(error) : resolve())
    );
    const line = await until(
      "line of the event",
      () => /^\d\d:\d\d:\d\dZ +(?:GET|POST) \/track.*$/m.exec(sandbox.output().stderr)?.[0],
    );
    assert.match(line, /^\S+ {2}(?:GET|POST) \/track\/? {2}200 {2}\d+ ms {2}1 event: Sign Up$/);
  });

  it("asks it by its name, and follows its events until Ctrl-C", async () => {
    const names = await runBinary(["-a", "sandbox", "events", "list"], { home });
    assert.deepEqual([names.code, JSON.parse(names.stdout)], [0, ["Sign Up"]], names.stderr);
    const following = runBinary(["-a", "sandbox", "events", "tail", "--max", "1", "--for", "20s"], { home });
    // Nobody is told when it has begun to wait.
    const client = shownClient();
    const timer = setInterval(() => client.track("Purchase", { distinct_id: "u-1" }), 200);
    const { code, stdout } = await following.finally(() => clearInterval(timer));
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).event, "Purchase");

    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1500);
    const stopped = await runBinary(["-a", "sandbox", "events", "tail"], { home, signal: controller.signal });
    assert.equal(stopped.code, 0, stopped.stderr);
    const timed = await runBinary(["-a", "sandbox", "events", "tail", "--for", "1s", "--event", "None"], { home });
    assert.deepEqual([timed.code, timed.stdout], [0, ""], timed.stderr);
  });
});
