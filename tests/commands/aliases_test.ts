/** Other names of commands and flags, the user's own commands, and the order of arguments that may be left out. */
import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";
import { expandAliases } from "../../src/cli/aliases.ts";
import { tree } from "../../src/commands/tree.ts";
import { VERSION } from "../../src/version.ts";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openQueryLab } from "./query_lab.ts";

let lab: ProgramLab;
const folder = temporaryFolder();
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const RANGE = ["--from", "2026-11-22", "--to", "2026-11-23", "--no-pacing"];

describe("an earlier name of a flag", () => {
  it("still works, with a note", async () => {
    const now = await lab.sends(["query", "segmentation", "Sign Up", ...RANGE, "--math", "unique"]);
    const before = await lab.sends(["query", "segmentation", "Sign Up", ...RANGE, "--type", "unique"]);
    assert.deepEqual(before.query, now.query);
    assert.equal(before.stdout, now.stdout);
    assert.deepEqual([now.stderr, before.stderr], ["", "--type is now --math\n"]);
  });

  it("is said nothing about with --quiet, and in no help, completion or suggestion", async () => {
    const quiet = await lab.sends(["query", "segmentation", "Sign Up", ...RANGE, "--type=unique", "-q"]);
    assert.equal(quiet.stderr, "");
    for (const ask of [["query", "segmentation", "--help"], ["__complete", "--", "query", "segmentation", "--t"]]) {
      const { stdout } = await lab.mp(ask);
      assert.match(stdout, /--to\b/);
      assert.doesNotMatch(stdout, /--type/);
    }
    assert.doesNotMatch((await lab.mp(["query", "segmentation", "A", "--typ", "x"])).stderr, /--type/);
  });

  it("is refused beside the name of now", async () => {
    const { code, stderr } = await lab.mp(
      ["query", "segmentation", "A", ...RANGE, "--type", "unique", "--math", "general"],
    );
    assert.equal(code, 3);
    assert.match(stderr, /Cannot use --math together with --type: they are two names of one flag/);
  });

  it("may be repeated where the flag may", async () => {
    const { query } = await lab.sends(["profiles", "list", "--property", "a", "--property", "b", "--no-pacing"])
      .then(({ text }) => ({ query: new URLSearchParams(text) }));
    assert.equal(query.get("output_properties"), '["a","b"]');
  });
});

describe("another name of a command", () => {
  it("runs it; one of before is noted", async () => {
    const now = await lab.sends(["events", "list", "--no-pacing"]);
    const before = await lab.sends(["-f", "json", "events", "names", "--no-pacing"]);
    assert.deepEqual([before.stdout, before.stderr], [now.stdout, "'mp events names' is now 'mp events list'\n"]);
    const funnel = await lab.sends(["funnel", "7001", "--last", "3d", "--no-pacing"]);
    assert.deepEqual([funnel.path, funnel.stderr], ["/api/query/funnels", ""]);
    const funnels = await lab.sends(["funnel", "list", "--no-pacing"]);
    assert.deepEqual([funnels.path, funnels.stderr], ["/api/query/funnels/list", ""]);
    assert.equal((await lab.mp(["version"])).stdout, `mp ${VERSION}\n`);
  });

  it("has the help and the completion of its command, and is shown by neither until a part of it is typed", async () => {
    const help = (await lab.mp(["help", "query", "retention"])).stdout;
    assert.equal((await lab.mp(["help", "retention"])).stdout, help);
    assert.equal((await lab.mp(["retention", "--help"])).stdout, help);
    assert.match((await lab.mp(["people", "-h"])).stdout, /Usage: mp profiles /);
    assert.match((await lab.mp(["__complete", "--", "people", "set-"])).stdout, /^set-once\t/);
    const names = (await lab.mp(["__complete", "--", ""])).stdout;
    assert.match(names, /^profiles\t/m);
    assert.doesNotMatch(names + (await lab.mp(["help", "commands"])).stdout, /^ *(funnel|people)\b/m);
  });

  it("is completed from its first letter on, also in two words", async () => {
    assert.equal((await lab.mp(["__complete", "--", "peo"])).stdout, "people\tmp profiles\n");
    assert.equal((await lab.mp(["__complete", "--", "aut"])).stdout, "auth\tmp login\n");
    assert.match(
      (await lab.mp(["__complete", "--", "auth", ""])).stdout,
      /^login\tmp login\nlogout\t.*\nstatus\tmp whoami\n$/,
    );
  });

  it("is no command's own name, and stands for one", () => {
    const names = new Set(tree.map(({ name }) => name));
    for (const word of ["funnel", "retention", "segmentation", "people", "event", "accounts", "workspace"]) {
      assert.ok(!names.has(word), word);
      assert.ok(names.has(expandAliases([word]).words[0]!), word);
    }
    for (const name of names) assert.deepEqual(expandAliases([name, "list"]).words, [name, "list"]);
    assert.deepEqual(expandAliases(["-p", "1", "auth", "-q", "login", "x"]).words, ["-p", "1", "login", "-q", "x"]);
  });
});

describe("the user's own commands", () => {
  const env = (aliases: string) => ({ MP_CONFIG_PATH: folder.write("config.toml", `[alias]\n${aliases}\n`) });
  const mp = (argv: string[], aliases: string) => lab.mp(argv, { env: env(aliases) });

  it("stand for words of a command line, and what is typed follows them", async () => {
    const seg = `signups = "query segmentation 'Sign Up' --from 2026-11-22"`;
    const { stdout, stderr, code } = await mp(["signups", "--to", "2026-11-23", "--no-pacing"], seg);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(Object.keys(JSON.parse(stdout).data.values), ["Sign Up"]);
    assert.match((await mp(["-q", "ret", "-h"], 'ret = "retention"')).stdout, /Usage: mp query retention/);
    const help = await mp(["help", "signups"], seg);
    assert.match(help.stdout, /mp query segmentation <event>/);
    assert.equal(help.stderr, "'mp signups' is your alias of: mp query segmentation Sign Up --from 2026-11-22\n");
  });

  it("are listed with the commands; one that a command of mp hides says so", async () => {
    const aliases = 'top = "events top"\nevents = "events list"\nusers = "profiles list"';
    const { stdout } = await mp(["help", "commands"], aliases);
    assert.match(stdout, /Your aliases:\n {2}top +events top\n/);
    assert.match(stdout, /\n {2}events +not used: 'mp events' is a command of its own\n {2}users +not used/);
    const { stderr, code } = await mp(["events", "list", "--no-pacing"], aliases);
    assert.equal(code, 0);
    assert.match(stderr, /^alias\.events in .*config\.toml is not used: 'mp events' is a command of its own\n$/);
  });

  it("are completed as commands are, with the flags and values of what they stand for", async () => {
    const aliases = 'top = "events top"\nevents = "events list"\nmine = "query insights"';
    assert.match(
      (await mp(["__complete", "--", ""], aliases)).stdout,
      /\ntop\tmp events top\nmine\tmp query insights\n$/,
    );
    assert.equal((await mp(["__complete", "--", "mi"], aliases)).stdout, "mine\tmp query insights\n");
    assert.match((await mp(["__complete", "--", "-q", "top", "--li"], aliases)).stdout, /^--limit\t/);
    assert.match((await mp(["__complete", "--", "help", "mi"], aliases)).stdout, /^mine\t/);
    assert.match((await mp(["__complete", "--", "even"], "top = 3")).stdout, /^events\t/);
  });

  it("are not expanded twice, and a bad one is an error with the file and the key", async () => {
    for (
      const [aliases, message] of [
        ['top = "again"\nagain = "top"', /alias\.top in .*config\.toml: "again" is no command of mp\n/],
        ['top = "top"', /alias\.top in .*config\.toml: "top" is no command of mp\n/],
        ["top = 3", /alias\.top in .*config\.toml: it is not a text\n/],
        [`top = "events 'x"`, /alias\.top in .*config\.toml: a quote is not closed\n/],
      ] as const
    ) {
      const { code, stderr } = await mp(["top"], aliases);
      assert.equal(code, 3, aliases);
      assert.match(stderr, message);
      assert.equal((await mp(["events", "list", "--no-pacing"], aliases)).code, 0);
    }
    const unknown = await mp(["signup"], 'signups = "events list"');
    assert.match(unknown.stderr, /'mp signup': no such command\nhint: did you mean 'mp signups'\?/);
  });
});

describe("arguments", () => {
  it("are first those that are required; what may be left out has the place it is shown at", async () => {
    const both = await lab.sends(["events", "values", "Sign Up", "country", "--no-pacing"]);
    assert.deepEqual([both.query.event, both.query.name], ["Sign Up", "country"]);
    const one = await lab.sends(["events", "values", "country", "--no-pacing"]);
    assert.deepEqual([one.query.event, one.query.name], [undefined, "country"]);
    const none = await lab.mp(["events", "values"]);
    assert.match(none.stderr, /<property> is missing/);
  });

  it("in another order find nothing, and that is said", async () => {
    const { stderr } = await lab.sends(["events", "values", "country", "Sign Up", "--no-pacing"]);
    assert.match(stderr, /the event comes first, then the property\n$/);
  });
});
