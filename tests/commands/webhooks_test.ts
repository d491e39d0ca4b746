import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/webhooks/`;
const PAGER = "a0000000-0000-4000-8000-000000000001";
const CRM = ["create", "CRM", "https://crm.example.com/hook"];
const PASSWORD = { MP_WEBHOOK_PASSWORD: "correct horse 4711" };

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["webhooks", ...argv]);

describe("mp webhooks", () => {
  it("lists them", async () => {
    const { method, path, stdout } = await sends("list", "-f", "csv");
    assert.deepEqual([method, path], ["GET", PATH]);
    assert.match(
      stdout,
      /^name,url,enabled,auth,modified,by,id\nPager,https:\/\/pager\.example\.com\/mixpanel,true,none,/,
    );
  });

  it("takes the password from a variable or --data, and shows it nowhere", async () => {
    const world = { env: PASSWORD };
    const made = await lab.sends(["webhooks", ...CRM, "--webhook-username", "mp", "-v"], world);
    assert.deepEqual([made.method, made.path], ["POST", PATH]);
    assert.deepEqual(JSON.parse(made.text), {
      name: "CRM",
      url: "https://crm.example.com/hook",
      auth_type: "basic",
      username: "mp",
      password: PASSWORD.MP_WEBHOOK_PASSWORD,
    });
    const data = JSON.stringify({ username: "mp", password: "from-a-file-4711" });
    const other = await sends(...CRM, "--data", data);
    assert.equal(JSON.parse(other.text).password, "from-a-file-4711");
    const dry = await lab.mp(["webhooks", ...CRM, "--webhook-username", "mp", "--dry-run"], world);
    assert.match(dry.stdout, /\$MP_WEBHOOK_PASSWORD/);
    for (const { stdout, stderr } of [made, other, dry]) assert.doesNotMatch(stdout + stderr, /4711/);
  });

  it("sends no password where nobody signs in, and half a sign-in not at all", async () => {
    const plain = await lab.sends(["webhooks", ...CRM]);
    assert.deepEqual(Object.keys(JSON.parse(plain.text)), ["name", "url"]);
    const before = lab.requests.length;
    const cases: [string[], RegExp][] = [
      [[...CRM, "--webhook-username", "mp"], /sign in: the .* is missing\n.*MP_WEBHOOK_PASSWORD/s],
      [[...CRM, "--auth-type", "basic"], /user name is missing/],
      [["create", "x".repeat(101), "https://x.example.com"], /at most 100/],
      [["create", "x", "ftp://x.example.com"], /no http or https address/],
      [["update", PAGER], /nothing to change is given/],
      [["delete", PAGER], /add --yes/],
    ];
    for (const [argv, message] of cases) {
      const { code, stderr } = await lab.mp(["webhooks", ...argv]);
      assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
    assert.equal((await lab.mp(["webhooks", ...CRM, "--password", "x"])).code, 3);
  });

  it("switches one off and on, tests an address, and deletes one", async () => {
    const off = await sends("update", PAGER, "--no-enabled");
    assert.deepEqual([off.method, off.path, off.text], ["PATCH", `${PATH}${PAGER}/`, '{"is_enabled":false}']);
    assert.equal((await sends("update", PAGER, "--enabled", "--name", "P")).text, '{"name":"P","is_enabled":true}');
    const test = await sends("test", "https://x.example.com", "-f", "csv");
    assert.deepEqual([test.path, test.text], [`${PATH}test/`, '{"url":"https://x.example.com"}']);
    assert.match(test.stdout, /^success,status_code,message\ntrue,200,/);
    const gone = await sends("delete", PAGER, "--yes");
    assert.deepEqual([gone.method, gone.path], ["DELETE", `${PATH}${PAGER}/`]);
    const { code, stderr } = await lab.mp(["webhooks", "delete", PAGER, "--yes"]);
    assert.equal(code, 4);
    assert.match(stderr, /mp webhooks list/);
  });

  it("has its ids and those of alerts completed", async () => {
    const env = { XDG_STATE_HOME: folder.path("state") };
    const offered = async (kind: string, ...words: string[]) => {
      await lab.mp(["__complete", "--fetch", JSON.stringify({ kind, words })], { env });
      return (await lab.mp(["__complete", "--", ...words, ""], { env })).stdout;
    };
    assert.match(
      await offered("webhooks", "webhooks", "delete"),
      /^a0000000-0000-4000-8000-000000000002\tOld CRM\n/,
    );
    assert.match(await offered("alerts", "alerts", "get"), /^7101\tFew purchases\n7102\tOdd week\n/);
  });
});
