/** What may never end by itself: it is refused before anything is sent, or an interrupt ends it. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, afterEach, beforeEach, it } from "node:test";
import { type BinaryResult, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { describeUnless } from "../helpers/needs.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true, force: true }));
const ANSWER = { status: "ok", results: { id: 7, date: "2026-11-01", description: "x" } };
const CREATE = ["annotations", "create", "x", "--date", "2026-11-01"];
const PATH = "/api/app/projects/1/annotations";
let server: StubServer;
let pipe: string;
let count = 0;
beforeEach(async () => {
  server = await startStubServer();
  pipe = join(folder, `pipe${count++}`);
  execFileSync("mkfifo", [pipe]);
});
afterEach(() => server.finish());

const mp = (args: string[], signal?: AbortSignal): Promise<BinaryResult> =>
  runBinary(args, {
    env: {
      MP_API_BASE_URL: server.url,
      MP_USERNAME: "ana",
      MP_SECRET: "ana-hush-1",
      MP_PROJECT_ID: "1",
      XDG_STATE_HOME: folder,
    },
    signal,
  });

describeUnless(process.platform === "win32" && "there are no named pipes", "a named pipe", () => {
  it("that nobody reads takes no result: nothing is sent", async () => {
    const { code, stderr } = await mp([...CREATE, "-o", pipe]);
    assert.equal(code, 3);
    assert.equal(stderr, `mp: Cannot write "${pipe}": nobody reads the named pipe\nhint: start its reader first\n`);
    assert.equal(server.requests.length, 0);
  });

  it("that somebody reads takes the whole result", async () => {
    server.on("POST", PATH, { json: ANSWER });
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "inherit"] });
    let read = "";
    reader.stdout.setEncoding("utf8").on("data", (text: string) => read += text);
    const ended = new Promise((resolve) => reader.on("close", resolve));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await mp([...CREATE, "-o", pipe])).code, 0);
    await ended;
    assert.deepEqual(JSON.parse(read), ANSWER);
  });

  it("that nobody writes to is read until an interrupt", async () => {
    for (const command of [["import", pipe], ["profiles", "batch", pipe]]) {
      const { code, stderr } = await mp(command, AbortSignal.timeout(1000));
      assert.deepEqual([code, stderr], [130, "mp: Interrupted\n"]);
    }
  });
});

describeUnless(process.platform === "win32" && "interrupts are others", "a jq program without an end", () => {
  it("is ended by an interrupt, and the answer to a change is in a file", async () => {
    server.on("POST", PATH, { json: ANSWER });
    const { code } = await mp([...CREATE, "--jq", "last(repeat(1))"], AbortSignal.timeout(3000));
    assert.equal(code, 130);
    const kept = join(folder, "mp", "answers");
    const [name = ""] = readdirSync(kept);
    assert.deepEqual(JSON.parse(readFileSync(join(kept, name), "utf8")), ANSWER);
  });
});
