import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runBinary, temporaryFolder } from "../helpers/binary.ts";

/** A folder, such as a stranger's repository, with files by which runtimes take settings and code. */
function makeHostile(folder: string): { traces: string[] } {
  const traces = ["preload", "module"].map((name) => join(folder, `${name}-ran`));
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./preload.ts"]\n[run]\npreload = ["./preload.ts"]\n');
  writeFileSync(
    join(folder, "preload.ts"),
    `require("node:fs").writeFileSync(${JSON.stringify(traces[0])}, ""); console.log("preloaded"); process.exit(66);\n`,
  );
  const settings = "MP_API_BASE_URL=http://127.0.0.1:9\nMP_REGION=mars\nMP_TOKEN=stolen\nBUN_OPTIONS=--version\n";
  for (const name of [".env", ".env.local", ".env.production", ".env.development"]) {
    writeFileSync(join(folder, name), settings);
  }
  writeFileSync(join(folder, "package.json"), '{"name": "hostile", "version": "6.6.6", "type": "commonjs"}\n');
  writeFileSync(join(folder, "tsconfig.json"), '{"compilerOptions": {"paths": {"*": ["./module.ts"]}}}\n');
  writeFileSync(join(folder, "deno.json"), '{"imports": {"commander": "./module.ts", "zod": "./module.ts"}}\n');
  const module = `require("node:fs").writeFileSync(${JSON.stringify(traces[1])}, ""); module.exports = {};\n`;
  writeFileSync(join(folder, "module.ts"), module);
  for (const name of ["zod", "commander", "jq-web", "smol-toml"]) {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", name, "index.js"), module);
  }
  return { traces };
}

describe("the binary in a hostile folder", () => {
  let folder = "";
  let traces: string[] = [];
  before(() => {
    folder = temporaryFolder();
    ({ traces } = makeHostile(folder));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const args of [["--version"], ["--help"], ["whoami"], ["api", "GET", "/api/app/me", "--dry-run"]]) {
    it(`prints the same for mp ${args.join(" ")} as elsewhere, and runs nothing from there`, async () => {
      const home = temporaryFolder();
      try {
        const env = { MP_USERNAME: "somebody", MP_SECRET: "made-up", MP_PROJECT_ID: "1" };
        const elsewhere = await runBinary(args, { home, env, cwd: home });
        const there = await runBinary(args, { home, env, cwd: folder });
        assert.deepEqual(there, elsewhere);
        assert.notEqual(there.code, 66);
        assert.deepEqual(traces.filter((path) => existsSync(path)), []);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });
  }
});
