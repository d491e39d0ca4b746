/** `mp projects use`, `mp workspaces …` and `mp open`: which project the account is for, and its pages. */
import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { chooseNamed } from "../../src/commands/projects/shared/scope_choice.ts";
import type { Prompts } from "../../src/commands/account/shared/prompts.ts";
import { hasBrowser } from "../../src/runtime/open_browser.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";

let lab: ProgramLab;
const folder = temporaryFolder();
const config = folder.path("config.toml");
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const ACCOUNT = () =>
  `# mine\n[active]\naccount = "prod"\n\n[accounts.prod]\nbase_url = "${lab.url}"\nusername = "${SANDBOX.username}"\n` +
  `secret = "${SANDBOX.serviceSecret}"\n`;

async function mp(argv: string[], { more = "", env = {} }: { more?: string; env?: Record<string, string> } = {}) {
  if (more !== "same") writeFileSync(config, ACCOUNT() + more, { mode: 0o600 });
  const result = await runProgram(argv, { env: { MP_CONFIG_PATH: config, HOME: folder.path("home"), ...env } });
  return { ...result, text: readFileSync(config, "utf8") };
}

describe("mp projects use", () => {
  it("sets the project of the account in use, by id or name", async () => {
    for (const typed of [String(SANDBOX.projectId), "Sandbox", "sandbox"]) {
      const { code, stderr, text } = await mp(["projects", "use", typed]);
      assert.deepEqual([code, stderr], [0, `Account prod now uses project ${SANDBOX.projectId} (Sandbox)\n`]);
      assert.match(text, new RegExp(`^# mine\n[^]*project_id = "${SANDBOX.projectId}"`));
    }
  });

  it("refuses one that the credentials do not see, and a pipe without any", async () => {
    const other = await mp(["projects", "use", "Sandbx"]);
    assert.equal(other.code, 3);
    assert.match(other.stderr, /see no such project\nhint: did you mean "Sandbox"\?/);
    assert.equal(other.text, ACCOUNT());
    assert.match((await mp(["projects", "use", "12"])).stderr, /see no such project/);
    assert.match(
      (await mp(["projects", "use"])).stderr,
      /Cannot tell which project is meant\nhint: name one; 'mp projects list'/,
    );
  });

  it("asks before it removes the token and secret of another project, and removes its workspace", async () => {
    const more = 'project_id = "7"\nworkspace_id = "8"\nproject_token = "of-seven"\n';
    const refused = await mp(["projects", "use", "Sandbox"], { more });
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /Remove the project token of project 7 from account prod\?/);
    assert.match(refused.text, /of-seven/);
    const { code, text } = await mp(["projects", "use", "Sandbox", "--yes"], { more });
    assert.equal(code, 0);
    assert.doesNotMatch(text, /of-seven|workspace_id|"7"/);
    const same = await mp(["projects", "use", "Sandbox"], {
      more: `project_id = "${SANDBOX.projectId}"\nproject_token = "kept"\n`,
    });
    assert.deepEqual([same.code, /kept/.test(same.text)], [0, true]);
  });

  it("says which variable takes precedence, and changes nothing in a dry run", async () => {
    const { stderr } = await mp(["projects", "use", "Sandbox"], { env: { MP_PROJECT_ID: "5" } });
    assert.match(stderr, /\nMP_PROJECT_ID is set in this shell: 5 takes precedence\n$/);
    assert.equal((await mp(["projects", "use", "Sandbox", "--dry-run"])).text, ACCOUNT());
  });

  it("offers the list to somebody at a terminal", async () => {
    const asked: unknown[] = [];
    const prompts = {
      select: (question: string, choices: readonly { value: string; label: string; hint?: string }[]) => {
        asked.push(question, choices);
        return Promise.resolve(choices[1]!.value);
      },
    } as unknown as Prompts;
    const all = [{ id: "1", name: "A", hint: "Org" }, { id: "2", name: "B" }];
    assert.deepEqual(await chooseNamed("project", all, undefined, prompts), all[1]);
    assert.deepEqual(asked, ["Which project?", [{ value: "1", label: "A", hint: "1, Org" }, {
      value: "2",
      label: "B",
      hint: "2",
    }]]);
    await assert.rejects(
      chooseNamed("project", [{ id: "1", name: "A" }, { id: "2", name: "a" }], "A", undefined),
      /2 have that name/,
    );
  });
});

describe("mp workspaces", () => {
  const more = `project_id = "${SANDBOX.projectId}"\n`;

  it("lists those of the project", async () => {
    const { stdout } = await mp(["workspaces", "list", "-f", "csv"], { more });
    assert.equal(stdout, `id,name,default,all_data\n${SANDBOX.workspaceId},All Project Data,true,true\n`);
  });

  it("sets the account's, and takes it away", async () => {
    const { text, stderr } = await mp(["workspaces", "use", "all project data"], { more });
    assert.match(text, new RegExp(`workspace_id = "${SANDBOX.workspaceId}"`));
    assert.equal(stderr, `Account prod now uses workspace ${SANDBOX.workspaceId} (All Project Data)\n`);
    assert.doesNotMatch((await mp(["workspaces", "use", "--none"], { more: "same" })).text, /workspace_id/);
    assert.match((await mp(["workspaces", "use", "9"], { more })).stderr, /see no such workspace/);
    assert.equal((await mp(["workspaces", "use"])).code, 3);
  });
});

describe("mp open", () => {
  const open = async (...argv: string[]) => (await runProgram(["open", ...argv], { env: { MP_PROJECT_ID: "12" } }));

  // As Mixpanel's own addresses are; profiles: docs.mixpanel.com on group profiles.
  it("prints the addresses of pages in a pipe", async () => {
    for (
      const [argv, address] of [
        [[], "https://mixpanel.com/project/12"],
        [["insights"], "https://mixpanel.com/project/12/app/insights"],
        [["insights", "5"], "https://mixpanel.com/project/12/app/insights#report/5"],
        [["funnels", "7001"], "https://mixpanel.com/project/12/app/funnels#view/7001"],
        [["7001"], "https://mixpanel.com/project/12/app/funnels#view/7001"],
        [["boards", "3", "-w", "4"], "https://mixpanel.com/project/12/view/4/app/boards#id=3"],
        [
          ["users", "a b/ü", "--region", "eu"],
          "https://eu.mixpanel.com/project/12/app/profile#distinct_id=a%20b%2F%C3%BC",
        ],
        [["flows", "--region", "in", "--print"], "https://in.mixpanel.com/project/12/app/flows"],
      ] as const
    ) assert.deepEqual(await open(...argv), { code: 0, stdout: `${address}\n`, stderr: "" });
  });

  it("refuses what is no page", async () => {
    assert.match(
      (await open("funels")).stderr,
      /Cannot open "funels": not one of home, .*\nhint: did you mean funnels\?/,
    );
    assert.match((await open("insights", "x")).stderr, /not a numeric id/);
    assert.match((await open("events", "3")).stderr, /Cannot open events with an id/);
    assert.match((await runProgram(["open"], {})).stderr, /no project is set/);
  });

  it("opens no browser over SSH without a display", () => {
    assert.equal(hasBrowser({ SSH_CONNECTION: "x", BROWSER: "firefox" }), false);
    assert.equal(hasBrowser({ SSH_CONNECTION: "x", DISPLAY: "localhost:10.0" }), true);
    assert.equal(hasBrowser({ BROWSER: "firefox" }), true);
    assert.equal(hasBrowser({ WAYLAND_DISPLAY: "wayland-0" }), true);
  });
});
