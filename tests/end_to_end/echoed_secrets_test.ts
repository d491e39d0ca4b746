import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { secretsIn } from "./encoded_forms.ts";
import { type EchoServer, startEchoingProxy, startRefusingGateway } from "./echo_server.ts";
import { type Desk, helpExamples, inParallel, needsAccounts, openWorkbench, withFlags } from "./workbench.ts";

/**
 * What a server repeats of the credentials is found nowhere. Every command runs against gateways that repeat them in
 * every form, in what they refuse and in what they answer; then all that it printed and each file that it left, in the
 * folder that it ran in, at home and among temporary files, is searched, but for the one that accounts are kept in.
 */
const USERNAME = "ana.mp-service-account";
const TOKEN = "t0ken'en\\of+a/project";
const SECRET = "Sv1+c/9f8&e7=d6%c5";
const BEARER = "0a.uTh-~t0k/en+x==";
const PROJECT_SECRET = "pR0j:ect/s3cr?et#1";

/** What proves who asks, and what must not be found. */
const KINDS = [
  { env: { MP_USERNAME: USERNAME, MP_SECRET: SECRET, MP_TOKEN: TOKEN }, secrets: [SECRET, TOKEN] },
  { env: { MP_OAUTH_TOKEN: BEARER, MP_TOKEN: TOKEN }, secrets: [BEARER, TOKEN] },
  { env: { MP_API_SECRET: PROJECT_SECRET, MP_TOKEN: TOKEN }, secrets: [PROJECT_SECRET, TOKEN] },
] as const;
const NO_CREDENTIALS = { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "", MP_TOKEN: "" };

/** The tour takes seconds, and the sandbox asks nobody. */
const ALONE = new Set(["sandbox", "demo", "login"]);

const commands = (await allCommands(tree)).map(({ name }) => name).filter((name) => !ALONE.has(name));
const examples = await helpExamples();
const workbench = await openWorkbench();
const servers: { server: EchoServer; kind: typeof KINDS[number] }[] = [];
/** By command, how it was run and what was found. */
const results = new Map<string, [run: string, found: string[]][]>();
try {
  const sandbox = {
    url: workbench.sandbox.env.MP_API_BASE_URL!,
    authorization: `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`,
    token: SANDBOX.token,
  };
  for (const [index, kind] of KINDS.entries()) {
    const credentials = { username: USERNAME, secrets: kind.secrets };
    servers.push({ kind, server: await startRefusingGateway([400, 403, 401][index]!, credentials) });
  }
  const credentials = { username: USERNAME, token: TOKEN, secrets: KINDS[0].secrets };
  servers.push({ kind: KINDS[0], server: await startEchoingProxy(sandbox, credentials) });
  await inParallel(commands, 4, async (name) => {
    const example = examples.find((one) => one.command === name);
    if (example === undefined) return;
    const found: [string, string[]][] = [];
    for (const [index, { server, kind }] of servers.entries()) {
      const desk = workbench.newDesk({ accounts: needsAccounts(name) });
      const before = new Set(filesIn(desk.folder));
      const temporary = join(desk.folder, ".tmp");
      mkdirSync(temporary);
      const env = { ...NO_CREDENTIALS, ...kind.env, MP_API_BASE_URL: server.url, TMPDIR: temporary };
      const line = withFlags(example.run, "-v");
      const { stdout, stderr } = await desk.type(line, env);
      found.push([`${line} at server ${index}`, foundIn(desk, before, `${stdout}\n${stderr}`, kind.secrets)]);
    }
    results.set(name, found);
  });
} finally {
  for (const { server } of servers) await server.close();
  await workbench.close();
}

describe("what a server repeats of the credentials is not to be found after", () => {
  for (const [name, found] of results) {
    it(`mp ${name}`, () => {
      for (const [run, where] of found) assert.deepEqual(where, [], run);
    });
  }

  it("any of the commands, many of which have asked each server", () => {
    for (const { server } of servers) assert.ok(server.answered() > 50, `${server.answered()} requests`);
  });
});

/** Where secrets are: in what was printed, or in which new files. */
function foundIn(
  desk: Desk,
  before: ReadonlySet<string>,
  printed: string,
  secrets: readonly string[],
): string[] {
  const places = filesIn(desk.folder).filter((path) => !before.has(path)).map((path): [string, string] => {
    const bytes = readFileSync(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return [relative(desk.folder, path), (isGzip ? gunzipSync(bytes) : bytes).toString("utf8")];
  });
  return [["what is printed", printed] as const, ...places].flatMap(([place, text]) =>
    secretsIn(text, secrets).map((secret) => `${secret} in ${place}`)
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    // Accounts are kept there, and their secrets with them.
    if (path.endsWith(join(".config", "mp"))) return [];
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}
