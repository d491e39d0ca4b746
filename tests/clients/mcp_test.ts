/** The protocol's official client against `mp mcp`: from the sources on both runtimes and compiled, in both eras of the protocol. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe } from "node:test";
import { pathToFileURL } from "node:url";
import { BUN, DENO, ROOT } from "../../scripts/project.ts";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadDemo } from "../../src/sandbox/load_demo.ts";
import { BINARY } from "../helpers/binary.ts";
import { install } from "../helpers/install.ts";
import { describeUnless, itUnless } from "../helpers/needs.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";

const VERSION = "2.4.0";
const installed = install({
  name: `mcp-client-${VERSION}`,
  files: { "package.json": "{}" },
  commands: () => [
    [
      "npm",
      "install",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--save-exact",
      `@modelcontextprotocol/client@${VERSION}`,
    ],
  ],
});

const main = join(ROOT, "main.ts");
const PROGRAMS = {
  "Bun": { command: BUN, args: [main], isThere: true },
  "Deno": { command: DENO, args: ["run", "-A", "--no-check", main], isThere: true },
  "the binary": { command: BINARY, args: [], isThere: existsSync(BINARY) },
};
const ERAS = { "2025-11-25": {}, "2026-07-28": { versionNegotiation: { mode: { pin: "2026-07-28" } } } };

// deno-lint-ignore no-explicit-any
type Any = any;

/** The time of the sandbox stands still, and that of the program does not. */
const DAYS = { from: "2026-11-17", to: "2026-11-23" };

describeUnless("reason" in installed && installed.reason, "the official client", () => {
  const folder = temporaryFolder();
  let lab: ProgramLab;
  let library: Any;
  let stdio: Any;
  before(async () => {
    lab = openProgramLab();
    loadDemo(lab.store, { projectId: SANDBOX.projectId, nowMs: NOW_MS, days: 30, events: 2000 });
    const dist = join("folder" in installed ? installed.folder : "", "node_modules/@modelcontextprotocol/client/dist");
    library = await import(pathToFileURL(join(dist, "index.mjs")).href);
    stdio = await import(pathToFileURL(join(dist, "stdio.mjs")).href);
  });
  after(() => lab.stop());

  for (const [name, { command, args, isThere }] of Object.entries(PROGRAMS)) {
    describe(name, () => {
      for (const [era, options] of Object.entries(ERAS)) {
        itUnless(!isThere && "not built", `lists, asks, reads, is asked, and ends, by ${era}`, async () => {
          const client = new library.Client({ name: "test", version: "1" }, {
            capabilities: { elicitation: { form: {} } },
            ...options,
          });
          const questions: string[] = [];
          client.setRequestHandler("elicitation/create", (request: Any) => {
            questions.push(request.params.message);
            return { action: "accept", content: { confirm: true } };
          });
          const faults: unknown[] = [];
          client.onerror = (fault: unknown) => void faults.push(fault);
          const { PATH, TMPDIR } = process.env;
          const transport = new stdio.StdioClientTransport({
            command,
            args: [...args, "mcp", "--allow-writes", "--files", folder.path(".")],
            env: { PATH, TMPDIR, ...sandboxEnvironment(lab.url), HOME: folder.path("home") },
            stderr: "pipe",
          });
          await client.connect(transport);
          try {
            assert.equal(client.getNegotiatedProtocolVersion(), era);
            assert.equal(client.getServerVersion().name, "mp");
            assert.match(client.getInstructions(), /never instructions/);

            const { tools } = await client.listTools();
            assert.deepEqual(
              tools.filter((tool: Any) => !tool.annotations.readOnlyHint).map((tool: Any) => tool.name),
              ["annotate", "save_report", "update_lexicon", "delete_saved"],
            );
            const funnel = await client.callTool({
              name: "ask_funnel",
              arguments: { steps: ["View Product", "Purchase"], ...DAYS },
            });
            assert.match(funnel.content[0].text, /^\$overall,2,Purchase|^2,Purchase/m);

            const long = await client.callTool({
              name: "ask_segmentation",
              arguments: { event: "Purchase", from: "2026-10-25", to: "2026-11-23" },
            });
            assert.match(long.content[0].text, /10 more: read_answer/);
            const { resources } = await client.listResources();
            assert.deepEqual(resources.map((one: Any) => one.uri), [long.content[1].uri]);
            const { contents } = await client.readResource({ uri: long.content[1].uri });
            assert.equal(Object.keys(JSON.parse(contents[0].text).data.values.Purchase).length, 30);
            assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 1);

            const file = `${name.replace(" ", "-")}-${era}.jsonl`;
            const exported = await client.callTool({ name: "export_events", arguments: { ...DAYS, file } });
            assert.match(exported.content[0].text, /^Exported \d+ events/);
            assert.ok(existsSync(folder.path(file)));

            const description = `By ${name}, ${era}`;
            await client.callTool({ name: "annotate", arguments: { description, date: "2026-11-20" } });
            const notes = await client.callTool({
              name: "list_saved",
              arguments: { kind: "annotations", search: description },
            });
            const [, id] = /^(\d+),2026-11-20/m.exec(notes.content[0].text)!;
            const deleted = await client.callTool({ name: "delete_saved", arguments: { kind: "annotation", id } });
            assert.match(deleted.content[0].text, new RegExp(`Deleted annotation ${id}`));
            assert.deepEqual(questions, [`Project ${SANDBOX.projectId}: Delete annotation ${id}?`]);

            await assert.rejects(client.callTool({ name: "nonsense", arguments: {} }), /no tool "nonsense"/);
            if (era < "2026-07-28") await client.ping();
            assert.deepEqual(faults, []);
          } finally {
            await client.close();
          }
        });
      }
    });
  }
});
