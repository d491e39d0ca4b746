import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rememberSecret } from "../../src/client/redact.ts";
import { reportError } from "../../src/cli/report_error.ts";
import { type ErrorCategory, inputError, MpError } from "../../src/errors.ts";
import { unexpectedError } from "../../src/runtime/files/file_faults.ts";
import { testWorld } from "../helpers/world.ts";

async function reported(error: unknown, argv: string[] = [], signal?: AbortSignal) {
  const world = testWorld({ signal });
  const code = await reportError(error, argv, world);
  assert.equal(world.stdout.text(), "");
  return { code, stderr: world.stderr.text() };
}

const full = new MpError("Cannot call GET /x: the server is busy", {
  category: "rate_limited",
  code: "too_many",
  hint: "wait a minute",
  status: 429,
  requestId: "r-1",
  serverMessage: "slow down",
  retryAfterSeconds: 60,
});

describe("an error on standard error", () => {
  it("is a sentence, the server's words, and a hint", async () => {
    assert.deepEqual(await reported(full), {
      code: 5,
      stderr: "mp: Cannot call GET /x: the server is busy\nserver: slow down\nhint: wait a minute\n",
    });
    assert.deepEqual(await reported(inputError("Cannot use --from: not a day")), {
      code: 3,
      stderr: "mp: Cannot use --from: not a day\n",
    });
  });

  it("does not say the server's words twice", async () => {
    const error = new MpError("Cannot call GET /x: slow down", { category: "server", serverMessage: "slow down" });
    assert.equal((await reported(error)).stderr, "mp: Cannot call GET /x: slow down\n");
  });

  it("has the exit code of its category", async () => {
    const codes: Record<ErrorCategory, number> = {
      failure: 1,
      auth: 2,
      input: 3,
      not_found: 4,
      rate_limited: 5,
      server: 6,
      network: 7,
      partial: 8,
      interrupted: 130,
    };
    for (const [category, code] of Object.entries(codes)) {
      assert.equal((await reported(new MpError("x", { category: category as ErrorCategory }))).code, code);
    }
  });

  it("is an object when JSON was asked for", async () => {
    const { code, stderr } = await reported(full, ["query", "-f", "json"]);
    assert.equal(code, 5);
    assert.equal(stderr.indexOf("\n"), stderr.length - 1);
    assert.deepEqual(JSON.parse(stderr), {
      error: {
        code: "too_many",
        category: "rate_limited",
        message: "Cannot call GET /x: the server is busy",
        server_message: "slow down",
        hint: "wait a minute",
        status: 429,
        request_id: "r-1",
        retry_after_seconds: 60,
      },
    });
    assert.deepEqual(JSON.parse((await reported(inputError("Cannot"), ["-f", "json"])).stderr), {
      error: { code: "input", category: "input", message: "Cannot" },
    });
  });

  it("knows every way of asking for JSON", async () => {
    for (
      const argv of [["-f", "json"], ["--format", "json"], ["--format=json"], ["-fjson"], ["-qf", "json"], ["-vqfjson"]]
    ) {
      assert.match((await reported(full, ["query", ...argv, "x"])).stderr, /^\{"error":/, argv.join(" "));
    }
    for (
      const argv of [["-f", "jsonl"], ["--format=jsonl"], ["json"], ["-fcsv"], ["--", "-f", "json"], ["-f"], [
        "-f",
        "table",
      ]]
    ) {
      assert.match((await reported(full, ["query", ...argv])).stderr, /^mp: /, argv.join(" "));
    }
  });

  it("obeys the last format, as the command does", async () => {
    assert.match((await reported(full, ["-f", "json", "-f", "csv"])).stderr, /^mp: /);
    assert.match((await reported(full, ["-f", "csv", "--format=json"])).stderr, /^\{"error":/);
  });

  it("never holds a secret", async () => {
    rememberSecret("report-error-secret");
    const error = new MpError("Cannot use report-error-secret", { category: "auth", hint: "report-error-secret" });
    for (const argv of [[], ["-f", "json"]]) {
      assert.doesNotMatch((await reported(error, argv)).stderr, /report-error-secret/);
    }
  });

  it("calls what nobody expected a fault of mp, and shows where only with -v", async () => {
    const error = new TypeError("x is not a function");
    const { code, stderr } = await reported(error);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      "mp: Something went wrong: x is not a function\n" +
        "hint: this is a fault of mp; run it again with -v to see where\n",
    );
    for (const flag of ["-v", "--verbose", "-qv"]) {
      assert.match((await reported(error, [flag])).stderr, /report_error_test/, flag);
    }
    const told = unexpectedError(error);
    const wrapped = new MpError(told.message, { ...told, hint: "run it again", cause: told });
    assert.match((await reported(wrapped, ["-v"])).stderr, /TypeError: x is not a function\n.*report_error_test/s);
    assert.doesNotMatch((await reported(wrapped)).stderr, /report_error_test/);
    assert.deepEqual(JSON.parse((await reported(error, ["-f", "json"])).stderr).error.code, "bug");
    assert.match((await reported("thrown text")).stderr, /^mp: Something went wrong: thrown text\n/);
    assert.match((await reported(undefined)).stderr, /^mp: Something went wrong: undefined\n/);
  });

  it("does not blame mp for a file", async () => {
    const error = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: "EACCES", path: "x" });
    const { code, stderr } = await reported(error);
    assert.deepEqual([code, stderr], [1, 'mp: Cannot use "x": permission denied\n']);
    assert.equal(JSON.parse((await reported(error, ["-f", "json"])).stderr).error.code, "eacces");
  });

  it("is an interruption when that is what ended the work", async () => {
    const { code, stderr } = await reported(new DOMException("aborted", "AbortError"), [], AbortSignal.abort());
    assert.deepEqual([code, stderr], [130, "mp: Interrupted\n"]);
  });

  it("keeps its exit code when nobody reads standard error", async () => {
    const world = testWorld();
    world.stderr.close();
    assert.equal(await reportError(full, [], world), 5);
    assert.equal(await reportError(new Error("x"), ["-v"], world), 1);
  });
});
