/** The snippets of docs/guides/monitoring.md, as their programs read them: each runs a command that mp takes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import type { ProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { openQueryLab } from "../query_lab.ts";

const guide = readFileSync(join(import.meta.dirname!, "..", "..", "..", "docs", "guides", "monitoring.md"), "utf8");
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map(([, block]) => block!);

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

/** Runs a command line of the guide, with its file in place of the one below /etc; it ends as a check that was made. */
async function runs(words: readonly string[]): Promise<void> {
  const file = folder.write("checks.toml", blocks("toml")[0]!);
  const argv = words.map((word) => word === "/etc/mp/checks.toml" || word === "checks.toml" ? file : word);
  assert.equal(argv[0], "check", words.join(" "));
  const env = { HOME: folder.path("home"), SLACK_ADDRESS: "http://127.0.0.1:1/" };
  lab.requests.length = 0;
  const { code, stdout, stderr } = await lab.mp(argv, { env });
  assert.match(stdout, /^(OK|WARNING|CRITICAL): /, stderr);
  assert.ok(code <= 2 && lab.requests.length > 0);
}

/** The words of a simple command, as a shell has them. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare!);
const afterMp = (line: string): string[] => shellWords(line.replace(/^.*?\bmp (?=check )/, ""));

describe("the guide to monitoring", () => {
  it("has a file of checks", () => runs(["check", "--file", "checks.toml"]));

  it("has commands for Nagios, which its own characters do not cut", async () => {
    const lines = blocks("nagios").flatMap((block) => block.match(/command_line .*/g) ?? []);
    assert.equal(lines.length, 2);
    for (const line of lines) {
      assert.doesNotMatch(line, /[!;]/);
      await runs(afterMp(line));
    }
    const names = blocks("nagios").flatMap((block) =>
      [...block.matchAll(/command_name +(\S+)/g)].map(([, name]) => name)
    );
    const used = blocks("nagios").flatMap((block) =>
      [...block.matchAll(/check_command +(\S+)/g)].map(([, name]) => name)
    );
    assert.ok(used.every((name) => names.includes(name)));
  });

  it("has a command for Icinga with flags that exist", async () => {
    const [block = ""] = blocks("icinga");
    const flags = [...block.matchAll(/"(--[\w-]+)" = "([^"]+)"/g)].flatMap(([, flag, value]) => [
      flag!,
      value === "$mixpanel_file$" ? "checks.toml" : value!,
    ]);
    assert.equal(flags.length, 4);
    await runs(["check", ...flags]);
  });

  it("has a line for cron, without a percent sign", async () => {
    const [line = ""] = blocks("crontab");
    assert.doesNotMatch(line, /%/);
    assert.match(line, /^(\S+ ){5}set -a; /);
    await runs(afterMp(/\$\(([^)]*?) 2>&1\)/.exec(line)![1]!));
  });

  it("has a service and a timer of systemd", async () => {
    const [service = "", timer = ""] = blocks("ini");
    await runs(afterMp(/^ExecStart=(.*)$/m.exec(service)![1]!));
    assert.match(timer, /^OnCalendar=/m);
  });

  it("has a workflow and a job for a cluster, in YAML", async () => {
    const [workflow, job] = blocks("yaml").map((block) => parse(block));
    const steps = workflow.jobs.check.steps.map(({ run = "" }: { run?: string }) => run);
    await runs(afterMp(steps.find((run: string) => run.includes("mp check"))));
    assert.deepEqual([job.apiVersion, job.kind, job.spec.jobTemplate.spec.backoffLimit], ["batch/v1", "CronJob", 0]);
    const pod = job.spec.jobTemplate.spec.template.spec;
    const [container] = pod.containers;
    await runs(container.args);
    const mounts = container.volumeMounts.map(({ name }: { name: string }) => name);
    assert.deepEqual(mounts, pod.volumes.map(({ name }: { name: string }) => name));
    assert.equal(pod.restartPolicy, "Never");
  });
});
