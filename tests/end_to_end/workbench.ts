/**
 * Everything that the examples of the help and of the README take for granted: a sandbox with two months of events,
 * the files that they name, the accounts that they use, and a password manager.
 */
import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import type { Operation } from "../../src/api/operation.ts";
import { type BinaryOptions, type BinaryResult, spawnBinary, temporaryFolder } from "../helpers/binary.ts";
import { succeeded } from "./expectations.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { makePrograms, runShell } from "./shell.ts";

/** A line of the help that can be typed. */
export interface HelpExample {
  /** Full name of its command, without `mp`. */
  command: string;
  operations: readonly Operation[];
  run: string;
}

/** The examples of all commands that there are. */
export async function helpExamples(): Promise<HelpExample[]> {
  return (await allCommands(tree)).flatMap(({ name, command }) =>
    command.examples.map(({ run }) => ({ command: name, operations: command.operations ?? [], run }))
  );
}

export interface Workbench {
  readonly sandbox: SandboxProcess;
  /** A new folder with the files, to be worked in; its home has the accounts when they are wanted. */
  newDesk(options?: { accounts: boolean }): Desk;
  close(): Promise<void>;
}

export interface Desk {
  readonly folder: string;
  /** Types a line into a shell. A sandbox is stopped again as soon as it serves. */
  type(line: string, env?: Record<string, string>): Promise<BinaryResult>;
}

const ACCOUNT_FILE = join(".config", "mp", "config.toml");

/** Makes the workbench; it takes a moment, and has to be closed. */
export async function openWorkbench(): Promise<Workbench> {
  const sandbox = await startSandboxProcess({ events: 2500, days: 60 });
  const root = temporaryFolder();
  const programs = makePrograms(root, { pass: `echo ${sandbox.env.MP_SECRET}` });
  const files = join(root, "files");
  mkdirSync(files);
  const env = { ...sandbox.env, STAGING_SECRET: sandbox.env.MP_SECRET! };
  const close = async () => {
    await sandbox.stop();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await makeFiles(files, sandbox);
    await makeAccounts(root, programs, env, await otherProject(sandbox));
  } catch (error) {
    await close();
    throw error;
  }
  let desks = 0;
  return {
    sandbox,
    close,
    newDesk({ accounts } = { accounts: false }) {
      const folder = join(root, `desk-${++desks}`);
      const home = join(folder, ".home");
      mkdirSync(join(home, ".config", "mp"), { recursive: true, mode: 0o700 });
      for (const name of readdirSync(files)) linkSync(join(files, name), join(folder, name));
      mkdirSync(join(folder, "backup"));
      writeFileSync(join(folder, "backup", "config.toml"), OFFICIAL_CONFIG, { mode: 0o600 });
      for (const [name, text] of Object.entries(PLAN)) {
        mkdirSync(join(folder, "plan", name.split("/")[0]!), { recursive: true });
        writeFileSync(join(folder, "plan", name), text);
      }
      if (accounts) copyFileSync(join(root, ACCOUNT_FILE), join(home, ACCOUNT_FILE));
      return {
        folder,
        async type(line, more = {}) {
          const options: BinaryOptions = { cwd: folder, home, env: { ...env, ...more }, timeoutMs: 100_000 };
          const serves = /^mp (-.* )?sandbox\b/.test(line);
          return await (serves ? serveAndStop : runShell)(line, programs, options);
        },
      };
    },
  };
}

/** Whether a command's examples speak of accounts that are there already. */
export function needsAccounts(command: string): boolean {
  return ["logout", "copy", "projects use", "workspaces use"].includes(command) ||
    (/^account /.test(command) && !/^account (add|import)$/.test(command));
}

/** Whether a command takes away what the examples of others may need. */
export function takesAway(command: string): boolean {
  return /\b(delete|cancel|remove|unset|archive|logout|plan apply)\b/.test(command);
}

/** A line with flags for the first `mp` in it; they stand before the command, so that the line's own flags win. */
export function withFlags(line: string, flags: string): string {
  return line.replace(/(^|[|;&] *)mp /, `$1mp ${flags} `);
}

/** Does work for each item, so many at a time; results come in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

async function makeFiles(folder: string, sandbox: SandboxProcess): Promise<void> {
  succeeded(await sandbox.mp(["export", "events", "--last", "30d", "-o", "events.jsonl"], { cwd: folder }));
  const nowSeconds = Math.floor(Date.now() / 1000);
  const live = ["u-1", "u-2"].map((id, index) =>
    JSON.stringify({ event: "Sign Up", properties: { distinct_id: id, time: nowSeconds - index } }) + "\n"
  );
  writeFileSync(join(folder, "live.jsonl"), live.join(""));
  writeFileSync(join(folder, "README.md"), "# Coffee shop\n");
  const mail = '[{"type": "email", "value": "a@example.com"}]';
  writeFileSync(
    join(folder, "alert.json"),
    `{"condition": {"operator": "less_than", "value": 5}, "subscriptions": ${mail}}`,
  );
  writeFileSync(
    join(folder, "checks.toml"),
    '[defaults]\nlast = "30d"\n\n[[check]]\nevent = "Purchase"\nwarn = "<2"\ncrit = "<1"\n\n' +
      '[[check]]\nevent = "Page View"\nabsent-for = "3d"\n',
  );
  writeFileSync(join(folder, "updates.jsonl"), '{"$distinct_id": "u-1", "$set": {"plan": "pro"}}\n');
  const group = '{"$group_key": "company", "$group_id": "Acme", "$set": {"plan": "pro"}}\n';
  writeFileSync(join(folder, "group-updates.jsonl"), group);
  writeFileSync(join(folder, "products.csv"), "sku,name\nA-1,Espresso\nA-2,Filter\n");
  writeFileSync(join(folder, "purchases.csv"), "action,user,at,amount\nPurchase,u-1,2026-01-31 12:00:00,19.9\n");
  writeFileSync(join(folder, "excel.csv"), "sep=;\nevent;time;distinct_id;price\nBuy;31.01.2026 12:00;u-1;19,90\n");
  writeFileSync(join(folder, "users.csv"), "id,plan\nu-1,pro\nu-2,free\n");
  succeeded(await sandbox.mp(["profiles", "set", "u-1", "plan=pro", "seats:=3"]));
  // The first type of group is called 1000000000000000001.
  succeeded(await sandbox.mp(["groups", "set", "company", "Acme", "plan=pro"]));
}

/** A project to copy into. */
async function otherProject(sandbox: SandboxProcess): Promise<{ id: number; token: string }> {
  return JSON.parse(succeeded(await sandbox.mp(["projects", "create", "Archive"])));
}

/** The accounts that examples speak of, made by `mp` itself: one with a variable, one with a password manager. */
async function makeAccounts(
  home: string,
  programs: string,
  env: Record<string, string>,
  archive: { id: number; token: string },
): Promise<void> {
  const common = `--username "$MP_USERNAME" --project "$MP_PROJECT_ID" --base-url "$MP_API_BASE_URL"`;
  for (
    const line of [
      `mp account add staging ${common} --secret-env STAGING_SECRET`,
      `mp account add production ${common} --secret-command 'pass show mixpanel' --token-env MP_TOKEN`,
      `printf %s "$MP_SECRET" | mp account add stored ${common} --secret-stdin --token-env MP_TOKEN`,
      `mp account add archive --username "$MP_USERNAME" --project ${archive.id} --base-url "$MP_API_BASE_URL" ` +
      `--secret-env STAGING_SECRET --token-command 'echo ${archive.token}'`,
    ]
  ) succeeded(await runShell(line, programs, { home, env }));
}

async function serveAndStop(line: string, programs: string, options: BinaryOptions): Promise<BinaryResult> {
  const path = `${programs}:${options.env?.PATH ?? "/usr/bin:/bin"}`;
  // Any port will do, and few events: what comes last counts.
  const script = `exec ${line} --port 0 --events 500`;
  const running = await spawnBinary(["-c", script], {
    ...options,
    program: "/bin/sh",
    env: { ...options.env, PATH: path },
    ready: /^export MP_TOKEN=.+\n/m,
  });
  return await running.stop();
}

/** As Mixpanel's Python client writes it. */
/** Some definitions of a project. */
const PLAN = {
  "events/refund.toml": 'name = "Refund"\ndescription = "Money back"\n\n[properties.amount]\ntype = "number"\n',
  "tags/money.toml": 'name = "money"\n',
};

const OFFICIAL_CONFIG = `
[accounts.team]
type = "service_account"
region = "us"
default_project = "1000001"
username = "sandbox.mp-service-account"
secret = "sandbox-service-secret"

[active]
account = "team"
`;
