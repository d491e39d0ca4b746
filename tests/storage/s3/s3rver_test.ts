import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openStorage } from "../../../src/storage/registry.ts";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";

/** A store that others wrote. It runs on Node.js, and ends when its standard input does. */
const PROGRAM = `
  const S3rver = require("s3rver");
  const store = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: process.argv[1],
    configureBuckets: [{ name: "bucket" }] });
  store.run().then(({ port }) => console.log(port));
  process.stdin.resume().on("end", () => process.exit());
`;

describe("a store that others wrote", () => {
  it("takes uploads in parts, lists, ranges and removals", { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "mp-s3rver-"));
    const store = spawn("node", ["-e", PROGRAM, folder], {
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => store.once("exit", resolve));
    try {
      const port = String(await new Promise((resolve) => store.stdout.once("data", resolve))).trim();
      const storage = await openStorage("s3://bucket/out", {
        env: {
          AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
          AWS_ACCESS_KEY_ID: "S3RVER",
          AWS_SECRET_ACCESS_KEY: "S3RVER",
          AWS_CONFIG_FILE: "/dev/null",
          AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        },
        clock: fakeClock(Date.now()),
        userAgent: "mp/test",
        transport: () => createTransport({ proxy: {} }),
        partBytes: 100_000,
      });
      await storage.writeText("date=2026-01-01/a b+c.json", "ä");
      assert.equal(await storage.readText("date=2026-01-01/a b+c.json"), "ä");
      const bytes = Uint8Array.from({ length: 250_001 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
      const file = await storage.create("large.bin");
      for (let start = 0; start < bytes.length; start += 7777) {
        await file.write(bytes.subarray(start, start + 7777));
      }
      assert.equal(await storage.info("large.bin"), undefined);
      await file.commit();
      assert.equal((await storage.info("large.bin"))?.sizeBytes, bytes.length);
      const chunks: Uint8Array[] = [];
      for await (const chunk of storage.read("large.bin", { start: 90_000, end: 210_001 })) chunks.push(chunk);
      assert.equal(Buffer.compare(Buffer.concat(chunks), bytes.subarray(90_000, 210_001)), 0);
      const paths: string[] = [];
      for await (const { path } of storage.list()) paths.push(path);
      assert.deepEqual(paths, ["date=2026-01-01/a b+c.json", "large.bin"]);
      await storage.remove("large.bin");
      assert.equal(await storage.info("large.bin"), undefined);
    } finally {
      store.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
