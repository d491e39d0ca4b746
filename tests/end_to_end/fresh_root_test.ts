import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { after, describe } from "node:test";
import { buildRelease } from "../../scripts/release/release.ts";
import { RELEASE_TARGETS } from "../../scripts/release/targets.ts";
import { VERSION } from "../../src/version.ts";
import { BINARY, temporaryFolder } from "../helpers/binary.ts";
import { makeDebianRoot, runInDebianRoot, whyNoDebianRoot } from "./debian_root.ts";
import { itUnless } from "../helpers/needs.ts";

const root = temporaryFolder();
after(() => rmSync(root, { recursive: true, force: true }));

/** What someone types who has carried the files of a release to a server. */
const VISIT = `set -e
cd /root
for tool in node npm deno bun curl openssl; do ! command -v $tool || exit 90; done
[ "$(wc -l </proc/net/route)" -le 1 ] || exit 91
if sh /release/install.sh --from /release 2>/tmp/refusal; then exit 92; fi

sh /release/install.sh --from /release --unsigned
mp sandbox --demo >settings 2>/tmp/sandbox &
until grep -qs MP_TOKEN settings; do kill -0 $!; sleep 0.1; done
. ./settings
mp query segmentation Purchase --last 30d --format chart

kill -INT $!
wait $! || true
cat /tmp/refusal >&2
`;

describe("a fresh Debian root without Node and without a network", () => {
  const missing = whyNoDebianRoot();
  itUnless(
    missing,
    "gets from an archive to the first chart in under a minute, with three commands",
    { timeout: 120_000 },
    async () => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
      const folder = join(root, "release");
      mkdirSync(folder);
      await buildRelease({
        targets: RELEASE_TARGETS.filter(({ bun }) => bun === `linux-${arch()}`),
        folder,
        seconds: 1_795_000_000,
        privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
        level: 1,
        attempt: (target) => Promise.resolve({ target, how: "this machine" }),
        build: (_target, outfile) => {
          mkdirSync(dirname(outfile), { recursive: true });
          copyFileSync(BINARY, outfile);
          chmodSync(outfile, 0o755);
          return Promise.resolve();
        },
      });
      makeDebianRoot(root);

      const startedMs = performance.now();
      const { code, stdout, stderr } = runInDebianRoot(root, VISIT);
      const seconds = (performance.now() - startedMs) / 1000;
      assert.equal(code, 0, `exit code ${code}\n${stdout}\n${stderr}`);
      console.log(`From the archive to the first chart: ${seconds.toFixed(1)} s`);
      assert.ok(seconds < 60, `${seconds} s`);
      // Debian does not begin with openssl, and the script checks no signature by halves.
      assert.match(
        stderr,
        /^install\.sh: openssl is not here, so the signature can't be checked\nhint: .*--unsigned$/m,
      );
      assert.match(stdout, new RegExp(`^Installed mp ${VERSION} in /usr/local/bin\nNext: mp demo\n`));
      const chart = stdout.slice(stdout.indexOf("Next: mp demo\n") + 14);
      assert.match(chart, /Purchase/);
      assert.match(chart, /[\u2800-\u28ff─│┤╭╮█▁-▇]/, chart);
      assert.ok(chart.split("\n").length > 8, chart);
    },
  );
});
