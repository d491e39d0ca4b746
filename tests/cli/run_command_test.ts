import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { z } from "zod";
import { get, operation } from "../../src/api/operation.ts";
import { call } from "../../src/api/call.ts";
import { text } from "../../src/api/params.ts";
import type { Command } from "../../src/cli/command.ts";
import type { Context } from "../../src/cli/context.ts";
import { runCommand } from "../../src/cli/run_command.ts";
import type { Result } from "../../src/output/print.ts";
import { type TestWorld, testWorld, type WorldOptions } from "../helpers/world.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();

interface Ran {
  code: number;
  world: TestWorld;
  stdout: string;
  stderr: string;
}

/** Runs a command that does only this. */
async function run(
  action: (context: Context, input: Record<string, unknown>) => Promise<number | void>,
  argv: string[] = [],
  options: WorldOptions = {},
  facts: Partial<Command> = {},
): Promise<Ran> {
  const world = testWorld(options);
  const command: Command = { examples: [], input: z.object({}), run: action, ...facts };
  const code = await runCommand("test", command, argv, world);
  return { code, world, stdout: world.stdout.text(), stderr: world.stderr.text() };
}

const table: Result = { text: '{"a":[1]}', data: { a: [1] }, rows: [{ a: 1, b: "x" }] };
const chart: Result = { ...table, chart: { kind: "bar", rows: [{ label: "x", value: 1 }] } };
const show = (result: Result) => (context: Context) => context.print(result);

describe("a command's result", () => {
  it("is JSON as it came in a pipe, and a table or chart on a terminal", async () => {
    assert.equal((await run(show(table))).stdout, '{"a":[1]}\n');
    assert.match((await run(show(table), [], { terminal: true, env: { NO_COLOR: "1" } })).stdout, /a.*b\n[\s\S]*1.*x/);
    assert.match((await run(show(chart), [], { terminal: true })).stdout, /x.*█/);
    assert.equal((await run(show(chart))).stdout, '{"a":[1]}\n');
  });

  it("is what --format says, on a terminal and in a pipe", async () => {
    for (const options of [{}, { terminal: true }]) {
      assert.equal((await run(show(table), ["-f", "csv"], options)).stdout, "a,b\n1,x\n");
      assert.equal((await run(show(table), ["-f", "jsonl"], options)).stdout, '{"a":1,"b":"x"}\n');
    }
  });

  it("goes through --jq, and is then in no format of rows", async () => {
    assert.equal((await run(show(table), ["--jq", ".a[0] + 1"])).stdout, "2\n");
    assert.equal((await run(show(table), ["--jq", ".a[0] + 1", "-f", "json"])).stdout, "2\n");
    for (const format of ["csv", "tsv", "jsonl", "table"]) {
      await assert.rejects(run(show(table), ["--jq", ".", "-f", format]), {
        code: "bad_flags",
        message: `Cannot use -f ${format} with --jq: what --jq answers is written as it is`,
      });
    }
  });

  // deno-lint-ignore no-control-regex -- colours begin with an escape
  const colour = /\x1b\[/;

  it("is coloured on a terminal alone, and never against the user's will", async () => {
    const argv = ["-f", "json"];
    assert.match((await run(show(table), argv, { terminal: true })).stdout, colour);
    assert.doesNotMatch((await run(show(table), argv, { terminal: true, env: { NO_COLOR: "1" } })).stdout, colour);
    assert.doesNotMatch((await run(show(table), [...argv, "--no-color"], { terminal: true })).stdout, colour);
    assert.doesNotMatch((await run(show(table), argv)).stdout, colour);
  });
});

describe("--output", () => {
  it("writes the format of the file's ending, and says so on standard error", async () => {
    const formats = { csv: "a,b\n1,x\n", tsv: "a\tb\n1\tx\n", ndjson: '{"a":1,"b":"x"}\n', JSON: '{"a":[1]}\n' };
    for (const [ending, content] of Object.entries(formats)) {
      const path = folder.path(`result.${ending}`);
      const { code, stdout, stderr } = await run(show(chart), ["-o", path], { terminal: true });
      assert.deepEqual([code, stdout, stderr], [0, "", `Wrote ${path}\n`]);
      assert.equal(readFileSync(path, "utf8"), content);
    }
  });

  it("writes JSON where the ending says nothing, and what --format says in any case", async () => {
    mkdirSync(folder.path("folder.csv"));
    for (const name of ["plain", "csv", "x.2026-11", "folder.csv/plain", ".csv"]) {
      await run(show(chart), ["-o", folder.path(name)], { terminal: true });
      assert.equal(readFileSync(folder.path(name), "utf8"), '{"a":[1]}\n', name);
    }
    await run(show(table), ["-o", folder.path("x.csv"), "-f", "jsonl"]);
    assert.equal(readFileSync(folder.path("x.csv"), "utf8"), '{"a":1,"b":"x"}\n');
  });

  it("refuses an ending that no format has, before anything is done, with the list", async () => {
    for (const name of ["x.txt", "x.constructor", "x.jpg", "x.csv.gz", "x.HTM", "x.mp3"]) {
      let ran = false;
      const action = (context: Context) => {
        ran = true;
        return context.print(chart);
      };
      await assert.rejects(run(action, ["-o", folder.path(name)], { terminal: true }, { draws: true }), {
        category: "input",
        code: "bad_choice",
        message: /^Cannot write ".*": no format has the ending \.\w+$/,
        hint: "use .csv, .tsv, .jsonl, .ndjson, .json, .md, .html, .svg, .png, .xlsx, or choose with -f",
      });
      assert.ok(!ran && !existsSync(folder.path(name)), name);
    }
    await run(show(table), ["-o", folder.path("x.txt"), "-f", "json"]);
    await run(show(table), ["-o", folder.path("x.log"), "--jq", ".a[0]"]);
    assert.equal(readFileSync(folder.path("x.txt"), "utf8"), '{"a":[1]}\n');
    assert.equal(readFileSync(folder.path("x.log"), "utf8"), "1\n");
  });

  it("writes reports that say where they come from", async () => {
    const world = { env: { MP_PROJECT_ID: "5", HOME: folder.path("") } };
    const argv = ["Sign Up", "--from-date", "2026-11-01", "--to-date", "2026-11-07"];
    const facts: Partial<Command> = {
      draws: true,
      args: ["event"],
      input: z.object({ event: z.string(), from_date: z.string(), to_date: z.string() }),
    };
    const action = async (context: Context) => {
      await context.settings();
      await context.print({ ...chart, notes: ["Counted once"] });
    };
    const written: Record<string, string> = {};
    for (const ending of ["html", "svg", "md"]) {
      const path = folder.path(`report.${ending}`);
      const { code, stderr } = await run(action, [...argv, "-o", path], world, facts);
      assert.deepEqual([code, stderr], [0, `Wrote ${path}\n`]);
      written[ending] = readFileSync(path, "utf8");
      for (const said of ["test Sign Up", "2026-11-01 to 2026-11-07", "project 5", "made 2026-11-23 12:00 UTC"]) {
        assert.ok(written[ending].includes(said), `${ending}: ${said}`);
      }
    }
    assert.match(written.html!, /^<!doctype html>[\s\S]*Counted once[\s\S]*<\/html>\n$/);
    assert.match(written.svg!, /^<svg [\s\S]*<\/svg>\n$/);
    // The file's own place is nobody else's business.
    assert.match(written.md!, /\n`mp test 'Sign Up' --from-date 2026-11-01 --to-date 2026-11-07`\n$/);
  });

  it("writes a workbook, byte for byte also to a pipe, and never to a terminal", async () => {
    const path = folder.path("report.xlsx");
    await run(show(table), ["-o", path]);
    assert.deepEqual([...readFileSync(path).subarray(0, 4)], [0x50, 0x4b, 3, 4]);
    assert.ok(strFromU8(unzipSync(readFileSync(path))["xl/worksheets/sheet1.xml"]!).includes("<v>1</v>"));
    for (const format of ["xlsx", "png"]) {
      await assert.rejects(run(show(chart), ["-f", format], { terminal: true }, { draws: true }), {
        category: "input",
        message: `Cannot write ${format} to a terminal: it is not text`,
        hint: `add -o report.${format}`,
      });
    }
  });

  it("refuses a picture of what has no values to compare, and reports of what jq answers", async () => {
    for (const argv of [["-f", "svg"], ["-o", folder.path("x.svg")], ["-o", folder.path("x.png")]]) {
      await assert.rejects(run(show(table), argv), { message: /^Cannot draw a chart of this result/ });
    }
    for (const argv of [["-f", "md"], ["-o", folder.path("x.xlsx")], ["-o", folder.path("x.html")]]) {
      await assert.rejects(run(show(table), [...argv, "--jq", "."]), {
        category: "input",
        message: /^Cannot write what --jq answers as (md|xlsx|html): it is text$/,
      });
    }
  });

  it("begins CSV with a byte order mark where --bom says so, and nothing else", async () => {
    const path = folder.path("marked.csv");
    await run(show(table), ["--bom", "-o", path]);
    assert.equal(readFileSync(path, "utf8"), "\ufeffa,b\n1,x\n");
    const refused = {
      "json": ["-f", "json"],
      "html": ["-o", folder.path("x.html")],
      "--jq": ["-f", "csv", "--jq", "."],
    };
    for (const [what, argv] of Object.entries(refused)) {
      await assert.rejects(run(show(table), ["--bom", ...argv]), {
        message: `Cannot use --bom with ${what}: it is for csv and tsv`,
      });
    }
  });

  it("keeps colours out of the file", async () => {
    const path = folder.path("table");
    await run(show(table), ["-o", path, "-f", "table"], { terminal: true, env: { FORCE_COLOR: "1" } });
    assert.ok(!readFileSync(path, "utf8").includes("\x1b"));
  });

  it("named - is standard output", async () => {
    const { stdout, stderr } = await run(show(table), ["-o", "-"]);
    assert.deepEqual([stdout, stderr], ['{"a":[1]}\n', ""]);
  });

  it("says nothing with --quiet", async () => {
    assert.equal((await run(show(table), ["-q", "-o", folder.path("quiet.json")])).stderr, "");
  });

  it("leaves no half-written file behind when the place cannot be written", async () => {
    const cases = [[folder.path("no/where.json"), "no such folder"], [folder.path("folder.csv"), "it is a folder"]];
    for (const [path, state] of cases as [string, string][]) {
      await assert.rejects(run(show(table), ["-o", path]), {
        category: "input",
        code: "unwritable_file",
        message: `Cannot write ${JSON.stringify(path)}: ${state}`,
      });
    }
    assert.deepEqual(readdirSync(folder.path("")).filter((name) => name.endsWith(".tmp")), []);
  });
});

describe("a note", () => {
  it("holds nothing that a terminal would obey", async () => {
    const { stderr } = await run((context) => context.note("read \x1b[31mred\x1b]0;t\x07"));
    assert.equal(stderr, "read ␛[31mred␛]0;t␇\n");
  });

  it("is a line on standard error, but with --quiet none", async () => {
    assert.equal((await run((context) => context.note("Done"))).stderr, "Done\n");
    assert.equal((await run((context) => context.note("Done"), ["--quiet"])).stderr, "");
  });

  it("does not end the work when nobody reads it", async () => {
    const world = testWorld();
    world.stderr.close();
    let isDone = false;
    const command: Command = {
      examples: [],
      input: z.object({}),
      async run(context) {
        await context.note("Working");
        isDone = true;
      },
    };
    assert.equal(await runCommand("test", command, [], world), 0);
    assert.ok(isDone);
  });
});

describe("a question before something is destroyed", () => {
  const destroy = async (context: Context) => {
    await context.confirm("Delete everything?");
    await context.print(table);
  };

  it("is an error without a terminal, with the flag that answers it", async () => {
    for (const options of [{}, { terminal: true, stdin: "yes\n" }]) {
      await assert.rejects(run(destroy, [], options), {
        category: "input",
        code: "not_confirmed",
        message: "Cannot go on without an answer: Delete everything?",
        hint: /--yes/,
      });
    }
  });

  it("is not asked with --yes, nor when nothing will be sent", async () => {
    assert.equal((await run(destroy, ["--yes"])).stdout, '{"a":[1]}\n');
    assert.equal((await run(destroy, ["-y"])).stdout, '{"a":[1]}\n');
    assert.equal((await run(destroy, ["--dry-run"])).stdout, '{"a":[1]}\n');
  });
});

describe("a dry run", () => {
  const names = operation({
    id: "test.names",
    summary: "names",
    routes: [get("query", "/events/names")],
    auth: ["service_account", "project_secret"],
    params: z.object({ type: text("Type") }),
    result: z.unknown(),
  });
  const ask = async (context: Context) => {
    await call(await context.client(), names, { type: "general" });
    await context.note("never said");
  };
  const HOME = folder.path("");

  it("shows the request with the names of variables, and ends with 0", async () => {
    const env = { HOME, MP_USERNAME: "ana", MP_SECRET: "hunter2hunter2", MP_PROJECT_ID: "5" };
    const { code, stdout, stderr } = await run(ask, ["--dry-run"], { env });
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.equal(
      stdout,
      "curl 'https://mixpanel.com/api/query/events/names?project_id=5&type=general' \\\n" +
        '  -u "$MP_USERNAME"\':\'"$MP_SECRET"\n',
    );
  });

  it("shows the credentials that would be sent, or the preferred ones when there are none", async () => {
    const secret = await run(ask, ["--dry-run"], { env: { HOME, MP_API_SECRET: "hunter2hunter2" } });
    assert.match(secret.stdout, /-u "\$MP_API_SECRET"':'\n/);
    assert.doesNotMatch(secret.stdout, /project_id/);
    const none = await run(ask, ["--dry-run"], { env: { HOME } });
    assert.match(none.stdout, /project_id='"\$MP_PROJECT_ID"'&type.*\n {2}-u "\$MP_USERNAME"':'"\$MP_SECRET"\n/);
  });

  it("runs no command for a secret", async () => {
    const mark = folder.path("secret-command-ran");
    const account = `[accounts.a]\nusername = "ana"\nsecret_command = "touch ${mark}"\nproject_id = "5"\n`;
    const config = folder.write("config.toml", account);
    chmodSync(config, 0o600);
    const env = { HOME, MP_CONFIG_PATH: config };
    const { code, stdout } = await run(ask, ["--dry-run", "-a", "a"], { env });
    assert.equal(existsSync(mark), false);
    assert.match(stdout, /\$MP_SECRET/);
    assert.equal(code, 0);
  });
});

describe("JSON from elsewhere", () => {
  const facts = { input: z.object({ data: z.unknown().meta({ input: "json" }) }) };
  const echo = (context: Context, input: Record<string, unknown>) =>
    context.print({ text: JSON.stringify(input.data), data: input.data });

  it("comes from a file or a pipe", async () => {
    const path = folder.write("body.json", '{"a": "ü"}');
    assert.equal((await run(echo, ["--data", `@${path}`], {}, facts)).stdout, '{"a":"ü"}\n');
    assert.equal((await run(echo, ["--data", "-"], { stdin: "[1]" }, facts)).stdout, "[1]\n");
    assert.equal((await run(echo, ["--data", "@-"], { stdin: "[2]" }, facts)).stdout, "[2]\n");
  });

  it("must be there", async () => {
    const nowhere = folder.path("nowhere.json");
    await assert.rejects(run(echo, ["--data", `@${nowhere}`], {}, facts), {
      category: "input",
      code: "missing_file",
      message: `Cannot use --data ${JSON.stringify(`@${nowhere}`)}: no such file`,
    });
    await assert.rejects(run(echo, ["--data", `@${folder.path("")}`], {}, facts), {
      category: "input",
      message: /: it is a folder$/,
    });
    await assert.rejects(run(echo, ["--data", "-"], { terminal: true }, facts), {
      category: "input",
      message: "Cannot use --data -: nothing is piped in",
    });
  });
});

describe("an operation that goes away", () => {
  it("says so once, on standard error", async () => {
    const old = operation({
      id: "test.old",
      summary: "old",
      routes: [get("query", "/old")],
      auth: [],
      params: z.object({}),
      result: z.unknown(),
      deprecated: "ends in 2027",
    });
    const facts = { operations: [old] };
    assert.equal((await run(() => Promise.resolve(), [], {}, facts)).stderr, "Deprecated: ends in 2027\n");
    assert.equal((await run(() => Promise.resolve(), ["-q"], {}, facts)).stderr, "");
  });
});

describe("an exit code", () => {
  it("is the command's own, and 0 when it has none", async () => {
    assert.equal((await run(() => Promise.resolve(8))).code, 8);
    assert.equal((await run(() => Promise.resolve())).code, 0);
  });

  it("is left to whoever catches the command's error", async () => {
    await assert.rejects(run(() => Promise.reject(new TypeError("x"))), TypeError);
  });
});
