import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { testWorld } from "../helpers/world.ts";
import type { Context } from "../../src/cli/context.ts";
import { logInWithBrowser } from "../../src/commands/login/shared/browser_login.ts";
import { MpError } from "../../src/errors.ts";
import { run } from "../../src/program.ts";
import type { ResolvedSettings } from "../../src/settings/resolve.ts";

let lab: ProgramLab;
let home: string;
before(() => {
  lab = openProgramLab();
  home = mkdtempSync(join(tmpdir(), "mp-browser-"));
});
after(async () => {
  await lab.stop();
  rmSync(home, { recursive: true, force: true });
});

const environment = () => ({ HOME: home, MP_API_BASE_URL: lab.url });
const sessionFile = (name: string) => join(home, ".config", "mp", "sessions", `${name}.json`);
const session = (name: string) => JSON.parse(readFileSync(sessionFile(name), "utf8"));
const mp = async (argv: string[]) => {
  const world = testWorld({ env: environment() });
  return { code: await run(argv, world), stdout: world.stdout.text(), stderr: world.stderr.text() };
};

/** Logs in, with a browser that does as it is told: `answer` gets the page's address and opens the one it ends at. */
async function logIn(name: string, answer: (page: URL) => Promise<void>) {
  const world = testWorld({ env: environment() });
  const code = run(["login", name, "--no-browser", "--project", "1000001", "-f", "json"], world);
  const [, address] = await world.stderr.until(/\n(http\S+)\n/);
  await answer(new URL(address as string));
  return { code: await code, stdout: world.stdout.text(), stderr: world.stderr.text() };
}

/** Presses a button of the page, and follows to where that leads. */
const press = (decision: string) => async (page: URL) => {
  const body = new URLSearchParams([...page.searchParams, ["decision", decision]]);
  const answer = await fetch(page.origin + page.pathname, { method: "POST", body });
  assert.match(await answer.text(), decision === "allow" ? /Go back to the terminal/ : /Nobody was logged in/);
};

describe("mp login --browser", () => {
  it("stores an account whose tokens are the owner's alone, and that works", async () => {
    const result = await logIn("work", press("allow"));
    assert.equal(result.code, 0, result.stderr);
    assert.equal(JSON.parse(result.stdout).user, "sandbox@example.com");
    assert.equal(statSync(sessionFile("work")).mode & 0o777, 0o600);
    assert.equal(statSync(join(sessionFile("work"), "..")).mode & 0o777, 0o700);
    for (const secret of [session("work").access_token, session("work").refresh_token]) {
      assert.ok(!(result.stdout + result.stderr).includes(secret));
    }
    assert.equal((await mp(["events", "list", "-a", "work"])).code, 0);
    assert.match((await mp(["whoami", "-a", "work", "-f", "table"])).stdout, /login in the browser, kept in /);
  });

  it("renews a token that has expired, and one that the server refuses", async () => {
    for (const change of [{ expires_at: 5 }, { access_token: "stale" }]) {
      const before = session("work");
      writeFileSync(sessionFile("work"), JSON.stringify({ ...before, ...change }));
      assert.equal((await mp(["events", "list", "-a", "work"])).code, 0);
      assert.notEqual(session("work").access_token, before.access_token);
      assert.notEqual(session("work").refresh_token, before.refresh_token);
      assert.equal(statSync(sessionFile("work")).mode & 0o777, 0o600);
    }
  });

  it("is renewed once when several commands find it expired", async () => {
    writeFileSync(sessionFile("work"), JSON.stringify({ ...session("work"), expires_at: 5 }));
    const before = lab.requests.length;
    const results = await Promise.all(Array.from({ length: 4 }, () => mp(["events", "list", "-a", "work"])));
    assert.deepEqual(results.map(({ code }) => code), [0, 0, 0, 0]);
    assert.equal(lab.requests.slice(before).filter(({ path }) => path.startsWith("/oauth/token")).length, 1);
  });

  it("says what to type when the login is over", async () => {
    const before = readFileSync(sessionFile("work"), "utf8");
    for (const content of [JSON.stringify({ ...session("work"), expires_at: 5, refresh_token: "used" }), "not json"]) {
      writeFileSync(sessionFile("work"), content);
      const { code, stderr } = await mp(["events", "list", "-a", "work"]);
      assert.equal(code, 2);
      assert.match(stderr, /Cannot go on as account 'work': its login in the browser is over\n/);
      assert.match(stderr, /hint: log in again with 'mp login --browser'/);
    }
    writeFileSync(sessionFile("work"), before);
  });

  it("stores nothing when access is denied", async () => {
    const denied = await logIn("other", press("deny"));
    assert.equal(denied.code, 2);
    assert.match(denied.stderr, /access was denied in the browser/);
    assert.ok(!existsSync(sessionFile("other")));
    assert.doesNotMatch(readFileSync(join(home, ".config", "mp", "config.toml"), "utf8"), /other/);
  });

  it("goes on waiting when something else calls, or an answer is of another login", async () => {
    const result = await logIn("patient", async (page) => {
      const target = new URL(page.searchParams.get("redirect_uri")!);
      for (const query of ["", "?code=stolen", "?code=stolen&state=another", "?error=access_denied", "?state="]) {
        const answer = await fetch(target.href + query);
        assert.equal(answer.status, 400);
        assert.match(await answer.text(), /answer to another login/);
      }
      await press("allow")(page);
    });
    assert.equal(result.code, 0, result.stderr);
    assert.equal((await mp(["logout", "patient"])).code, 0);
  });

  it("takes a pasted address of this login only", async () => {
    for (
      const [pasted, exitCode, message] of [
        ["http://127.0.0.1:1/callback?code=stolen&state=another", 2, /the address is not the answer to this login/],
        ["http://127.0.0.1:1/callback", 2, /the address is not the answer to this login/],
        ["callback?code=1", 3, /what was pasted is no address/],
      ] as const
    ) {
      const unused = () => Promise.reject(new Error("Nothing else is asked"));
      const prompts = { text: () => Promise.resolve(pasted), secret: unused, select: unused };
      const { stderr } = testWorld();
      const context = { env: environment(), stderr, clock: { now: Date.now }, signal: new AbortController().signal };
      const settings = { baseUrl: { value: lab.url }, proxy: { variables: {} }, certificateFiles: [] };
      const login = logInWithBrowser(context as unknown as Context, "x", settings as unknown as ResolvedSettings, {
        region: "us",
        opensBrowser: false,
        prompts,
      });
      await assert.rejects(login, (error) => {
        assert.ok(error instanceof MpError);
        assert.match(error.message, message);
        return error.exitCode === exitCode;
      });
    }
  });

  it("forgets the tokens with the account", async () => {
    assert.equal((await mp(["logout", "work"])).code, 0);
    assert.ok(!existsSync(sessionFile("work")));
  });
});
