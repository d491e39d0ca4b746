import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeFileAtomically } from "../../src/runtime/files/files.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed } from "./stubbed.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/workspaces/${SANDBOX.workspaceId}/feature-flags`;
const id = (number: number) => `f0000000-0000-4000-8000-00000000000${number}`;
let lab: ProgramLab;
const files = temporaryFolder();

async function withLab(work: () => Promise<void>): Promise<void> {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
  try {
    await work();
  } finally {
    await lab.stop();
  }
}

const inWorkspace = { MP_WORKSPACE_ID: String(SANDBOX.workspaceId) };
const sends = (...argv: string[]) => lab.sends(["flags", ...argv], { env: inWorkspace });
const mp = (argv: string[], stdin?: string) => lab.mp(["flags", ...argv], { env: inWorkspace, stdin });
const seen = () => lab.requests.map(({ method, path }) => `${method} ${path}`);
// deno-lint-ignore no-explicit-any
const flag = async (key: string): Promise<any> => JSON.parse((await mp(["get", key])).stdout).results;

describe("mp flags list and get", () => {
  it("shows what people look for", () =>
    withLab(async () => {
      const { method, path, query, stdout } = await sends("list", "-f", "csv");
      assert.deepEqual([method, path, query], ["GET", PATH, {}]);
      assert.match(stdout, /^key,name,status,variants,rollout,tags,modified,id\n/);
      assert.match(stdout, /\nprice-badge,price badge,enabled,"on, off",20%,,2026-10-26T12:00:00Z,f0000000-/);
      assert.deepEqual((await sends("list", "--include-archived")).query, { include_archived: "true" });
    }));

  it("asks for the default workspace when none is set", () =>
    withLab(async () => {
      assert.equal((await lab.mp(["flags", "list"])).code, 0);
      assert.deepEqual(seen(), ["GET /api/app/me", `GET ${PATH}`]);
    }));

  it("finds a flag by its id, or by its key, and suggests a near one", () =>
    withLab(async () => {
      assert.equal((await sends("get", id(1))).path, `${PATH}/${id(1)}`);
      const { code, stdout } = await mp(["get", "price-badge", "--jq", ".results.id"]);
      assert.deepEqual([code, stdout], [0, `${id(2)}\n`]);
      const missed = await mp(["get", "price-bage"]);
      assert.equal(missed.code, 4);
      assert.match(missed.stderr, /no flag has this key or id\nhint: did you mean price-badge\?/);
      assert.equal((await mp(["get", id(9)])).code, 4);
    }));
});

describe("mp flags create", () => {
  it("makes a gate when nothing else is said", () =>
    withLab(async () => {
      const { method, path, text, stderr } = await sends("create", "dark-mode", "--rollout", "0.1", "--tag", "ui");
      assert.deepEqual([method, path], ["POST", PATH]);
      assert.deepEqual(JSON.parse(text), {
        name: "dark-mode",
        key: "dark-mode",
        tags: ["ui"],
        context: "distinct_id",
        serving_method: "client",
        ruleset: {
          variants: [
            { key: "on", value: true, is_control: false, split: 1 },
            { key: "off", value: false, is_control: true, split: 0 },
          ],
          rollout: [{ rollout_percentage: 0.1, variant_splits: { on: 1, off: 0 } }],
        },
      });
      assert.match(stderr, /^Made flag dark-mode \(disabled\): [0-9a-f-]{36}\n$/);
    }));

  it("copies a flag as it was read, without what only the server writes", () =>
    withLab(async () => {
      const read = await mp(["get", "new-checkout"]);
      const { code, stdout, stderr } = await mp(["create", "copy", "--name", "Copy", "--data", "-"], read.stdout);
      assert.equal(code, 0, stderr);
      const [copy, original] = [JSON.parse(stdout).results, JSON.parse(read.stdout).results];
      assert.deepEqual(copy.ruleset, original.ruleset);
      assert.deepEqual([copy.key, copy.name, copy.hash_salt], ["copy", "Copy", original.hash_salt]);
      assert.notEqual(copy.id, original.id);
      const sent = JSON.parse(lab.requests.at(-1)!.text);
      assert.deepEqual(["id", "created", "creator_id", "can_view"].filter((name) => name in sent), []);
    }));

  it("refuses bodies before they are sent, with the place of the mistake", () =>
    withLab(async () => {
      const ruleset = (changes: unknown) => JSON.stringify({ ruleset: changes });
      const variants = [{ key: "on", value: true, is_control: false, split: 1 }];
      const cases: [string[], RegExp][] = [
        [["--data", '{"rulset": {}}'], /there is no field "rulset"\n.*did you mean "ruleset"/s],
        [
          ["--data", ruleset({ variants, rollout: [{ rollout_percentage: 2, variant_splits: {} }] })],
          /rollout\.0\.rollout_percentage/,
        ],
        [["--data", ruleset({ variants, rollout: [{ rollout_percentage: 1 }] })], /rollout\.0\.variant_splits/],
        [["--data", ruleset({ variants: [{ ...variants[0], splt: 1 }], rollout: [] })], /variants\.0.*splt/],
        [["--rollout", "3"], /--rollout/],
        [["--status", "on"], /--status/],
        [["--hash-salt", "short"], /--hash-salt/],
        [["--data", ruleset({ variants, rollout: [] }), "--rollout", "0.5"], /the flag has 0 rollouts/],
      ];
      for (const [argv, message] of cases) {
        const { code, stderr } = await mp(["create", "x", ...argv]);
        assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
      }
      assert.equal(lab.requests.length, 0);
    }));
});

describe("mp flags update", () => {
  it("reads, changes and writes the whole flag", () =>
    withLab(async () => {
      const before = await flag("price-badge");
      const { code, stderr } = await mp(["update", id(2), "--rollout", "0.5"]);
      assert.deepEqual([code, stderr], [0, "Changed flag price-badge (enabled)\n"]);
      assert.deepEqual(seen().slice(-2), [`GET ${PATH}/${id(2)}`, `PUT ${PATH}/${id(2)}`]);
      const sent = JSON.parse(lab.requests.at(-1)!.text);
      assert.equal(sent.ruleset.rollout[0].rollout_percentage, 0.5);
      const after = await flag("price-badge");
      for (const name of ["name", "key", "tags", "context", "serving_method", "hash_salt", "status", "created"]) {
        assert.deepEqual(after[name], before[name], name);
      }
      assert.deepEqual(after.ruleset.variants, before.ruleset.variants);
      assert.deepEqual(after.ruleset.test, before.ruleset.test);
    }));

  it("writes as it is with --replace", () =>
    withLab(async () => {
      const { results } = JSON.parse((await mp(["get", id(2)])).stdout);
      const before = lab.requests.length;
      const body = JSON.stringify({ ...results, status: "archived" });
      assert.equal((await mp(["update", id(2), "--replace", "--data", "-"], body)).code, 0);
      assert.deepEqual(seen().slice(before), [`PUT ${PATH}/${id(2)}`]);
      const incomplete = await mp(["update", id(2), "--replace", "--status", "enabled"]);
      assert.equal(incomplete.code, 3);
      assert.match(incomplete.stderr, /--name.*--key.*--ruleset/);
    }));

  it("shows in a dry run what comes first, and changes nothing", () =>
    withLab(async () => {
      const { code, stdout, stderr } = await mp(["update", id(2), "--status", "disabled", "--dry-run"]);
      assert.equal(code, 0);
      assert.match(stdout, /^curl 'http.*feature-flags\/f0000000/);
      assert.match(stderr, /read first, and then written changed/);
      assert.equal(lab.requests.length, 0);
    }));

  it("needs something to change", () =>
    withLab(async () => {
      const { code, stderr } = await mp(["update", id(2)]);
      assert.equal(code, 3);
      assert.match(stderr, /nothing to change is given/);
    }));
});

describe("mp flags delete", () => {
  it("deletes by key, after asking", () =>
    withLab(async () => {
      const asked = await mp(["delete", "old-banner"]);
      assert.equal(asked.code, 3);
      assert.match(asked.stderr, /Delete flag old-banner\?/);
      const { code, stderr } = await mp(["delete", "old-banner", "--yes"]);
      assert.deepEqual([code, stderr], [0, "Deleted flag old-banner\n"]);
      assert.equal(lab.requests.at(-1)!.method, "DELETE");
      assert.equal((await mp(["get", id(3)])).code, 4);
    }));
});

describe("mp flags evaluate", () => {
  const evaluate = (...argv: string[]) => mp(["evaluate", ...argv]);

  it("asks Mixpanel, with the whole context", () =>
    withLab(async () => {
      const { method, path, query, stdout } = await sends(
        ...["evaluate", "u-1", "--device-id", "d-1", "--property", "plan=Barista", "--property", "seats:=3"],
        ...["--context", '{"company": "acme", "custom_properties": {"plan": "x", "beta": true}}'],
      );
      assert.deepEqual([method, path], ["GET", "/flags"]);
      assert.deepEqual([query.token, query.project_id], [SANDBOX.token, String(SANDBOX.projectId)]);
      assert.deepEqual(JSON.parse(query.context!), {
        company: "acme",
        custom_properties: { plan: "Barista", beta: true, seats: 3 },
        distinct_id: "u-1",
        device_id: "d-1",
      });
      assert.deepEqual(JSON.parse(stdout).flags["barista-tools"], {
        variant_key: "on",
        variant_value: true,
        is_qa_tester: false,
      });
    }));

  it("does with the project's token alone", () =>
    withLab(async () => {
      const env = { MP_USERNAME: undefined, MP_SECRET: undefined, MP_PROJECT_ID: undefined };
      const { query, headers, code } = await lab.sends(["flags", "evaluate", "u-1"], { env });
      assert.deepEqual([code, query.project_id], [0, undefined]);
      assert.equal(headers.get("authorization"), `Basic ${btoa(`${SANDBOX.token}:`)}`);
    }));

  it("says in a table why each is as it is, and what does not apply", () =>
    withLab(async () => {
      const { stdout } = await evaluate("qa-1", "-f", "csv");
      assert.match(stdout, /^flag,variant,value,why\nnew-checkout,control,old,qa-1 is a test user of it\n/);
      const other = await evaluate("u-5", "-f", "csv");
      assert.match(
        other.stdout,
        /\nbarista-tools,,,"outside rollout 1 \(place \d+ of 100, its rule does not hold\)"\n/,
      );
      assert.match(
        other.stdout,
        /\nnew-checkout,(control|treatment),(old|new),"in rollout 1 \(place \d+ of 100, below 100\); /,
      );
    }));

  it("suggests the flag that was meant", () =>
    withLab(async () => {
      for (const where of [["-f", "csv"], ["--local"]]) {
        const { code, stderr } = await evaluate("u-1", "new-chekout", ...where);
        assert.equal(code, 4);
        assert.match(
          stderr,
          /no enabled flag has this key\nhint: did you mean new-checkout\? 'mp flags list' shows all/,
        );
      }
    }));

  it("decides here the same as there", () =>
    withLab(async () => {
      for (let user = 0; user < 20; user++) {
        const argv = [`u-${user}`, "--property", "plan=barista"];
        const there = JSON.parse((await evaluate(...argv)).stdout);
        const { flags, reasons } = JSON.parse((await evaluate(...argv, "--local")).stdout);
        const variants = (all: Record<string, { variant_key: string }>) =>
          Object.fromEntries(Object.entries(all).map(([key, one]) => [key, one.variant_key]));
        assert.deepEqual(variants(flags), variants(there.flags), argv[0]);
        assert.deepEqual(Object.keys(reasons), ["new-checkout", "price-badge", "dark-roast-first", "barista-tools"]);
      }
    }));

  it("decides offline from a file", () =>
    withLab(async () => {
      const path = files.path("flags.json");
      assert.equal((await mp(["definitions", "-o", path])).code, 0);
      assert.deepEqual([lab.requests[0]!.path, lab.requests[0]!.query.token], ["/flags/definitions", SANDBOX.token]);
      const before = lab.requests.length;
      const argv = ["evaluate", "u-1", "--local", "--definitions", path, "--jq", '.flags["new-checkout"].variant_key'];
      const { code, stdout } = await lab.mp(["flags", ...argv], { env: { MP_TOKEN: undefined, MP_SECRET: undefined } });
      assert.equal(code, 0);
      assert.match(stdout, /^(control|treatment)\n$/);
      assert.equal(lab.requests.length, before);
    }));

  it("shows one flag", () =>
    withLab(async () => {
      const { stdout } = await evaluate("u-1", "new-checkout");
      assert.deepEqual(Object.keys(JSON.parse(stdout).flags), ["new-checkout"]);
      assert.deepEqual(JSON.parse((await evaluate("u-1", "old-banner")).stdout), { flags: {} });
      const misspelt = await evaluate("u-1", "new-chekout");
      assert.deepEqual([misspelt.code, JSON.parse(misspelt.stdout)], [0, { flags: {} }]);
      assert.match(misspelt.stderr, /no enabled flag has this key; did you mean new-checkout\?/);
      assert.equal((await evaluate("u-1", "nope", "--local")).code, 4);
      assert.equal((await evaluate("u-1", "nope", "-f", "table")).code, 4);
    }));

  it("refuses files that hold no definitions, and a file without --local", () =>
    withLab(async () => {
      const path = files.path("nothing.json");
      const odd = [null, {}, [], "x", 1, { rollout: [], variants: null }, { rollout: {}, variants: [] }].map((
        ruleset,
      ) => JSON.stringify({ flags: [{ key: "x", name: "x", context: "distinct_id", ruleset }] }));
      for (const content of ["{}", "nonsense", '{"flags": [{"name": "x", "enabled": true, "variants": []}]}', ...odd]) {
        await writeFileAtomically(path, content);
        assert.equal((await evaluate("u-1", "--local", "--definitions", path)).code, 3, content);
      }
      assert.equal((await evaluate("u-1", "--local", "--definitions", files.path("gone"))).code, 3);
      assert.equal((await evaluate("u-1", "--definitions", path)).code, 3);
      assert.equal(lab.requests.length, 0);
    }));

  it("names the flag and the field of a definition that is damaged", async () => {
    const { server, mp: run } = await openStubbed();
    const flag = (key: string, rollout_percentage: unknown) => ({
      key,
      context: "distinct_id",
      ruleset: { variants: [{ key: "on" }], rollout: [{ rollout_percentage }] },
    });
    server.on("GET", "/flags/definitions", { json: { code: 200, flags: [flag("fine", 0.5), flag("dark", "50%")] } }, 2);
    const { code, stderr } = await run(["flags", "evaluate", "u-1", "--local"]);
    assert.equal(code, 3);
    assert.match(stderr, /damaged of flag "dark": ruleset\.rollout\.0\.rollout_percentage must be a number\n/);
    const listed = await run(["flags", "definitions", "-f", "csv"]);
    assert.match(listed.stderr, /unexpected shape at flags\.1\.ruleset\.rollout\.0\.rollout_percentage/);
    await server.finish();
  });

  it("understands the reference's answer, which has keys and values alone", async () => {
    const { server, mp: run } = await openStubbed();
    server.on("GET", "/flags", { json: { feature_flag_1: "variant_a", feature_flag_2: true } });
    server.on("GET", "/flags/definitions", {
      json: { flags: [{ id: "flag_123", name: "feature_flag_1", enabled: true, rollout_percentage: 50 }] },
    }, 2);
    server.on("GET", "/flags", { status: 403, json: { error: "no", status: "error" } });
    const list = await run(["flags", "definitions", "-f", "csv"]);
    assert.match(list.stdout, /^key,.*\nfeature_flag_1,/);
    const { code, stderr } = await run(["flags", "evaluate", "u-1", "--local"]);
    assert.equal(code, 3);
    assert.match(stderr, /the definitions have no rules/);
    const { stdout } = await run(["flags", "evaluate", "u-1"]);
    assert.deepEqual(JSON.parse(stdout), { feature_flag_1: "variant_a", feature_flag_2: true });
    assert.equal((await run(["flags", "evaluate", "u-1"])).code, 2);
    await server.finish();
  });
});

describe("mp flags definitions", () => {
  it("lists what is enabled", () =>
    withLab(async () => {
      const { path, stdout } = await sends("definitions", "-f", "csv");
      assert.equal(path, "/flags/definitions");
      assert.match(stdout, /\nnew-checkout,new checkout,distinct_id,"control 50%, treatment 50%",100%,e0000000-/);
      assert.doesNotMatch(stdout, /old-banner/);
    }));
});
