import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { unzipSync } from "fflate";
import { installScript } from "../../../scripts/release/install_script.ts";
import { buildRelease } from "../../../scripts/release/release.ts";
import { tryBinary } from "../../../scripts/release/notes.ts";
import { isSignedBy } from "../../../scripts/release/signature.ts";
import { RELEASE_TARGETS } from "../../../scripts/release/targets.ts";
import { VERSION } from "../../../src/version.ts";
import { itUnless } from "../../helpers/needs.ts";

const SECONDS = 1_795_000_000;
/** Stands for the binary, which the tests of the binary build: it starts on every machine with a shell. */
const PROGRAM = `#!/bin/sh\n[ "$1" = --version ] && echo "mp ${VERSION}" || echo 'properties["plan"] == 1'\n`;

const scratch = mkdtempSync(join(tmpdir(), "mp-release-test-"));
const at = (name: string) => join(scratch, name);
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;

async function release(folder: string): Promise<string[]> {
  return await buildRelease({
    targets: RELEASE_TARGETS,
    folder: at(folder),
    seconds: SECONDS,
    url: `file://${at(folder)}`,
    privateKey: key,
    attempt: (target) =>
      Promise.resolve(target.name.startsWith("linux") ? { target, how: "a test" } : { target, why: "none" }),
    build: (_target, outfile) => {
      mkdirSync(join(outfile, ".."), { recursive: true });
      writeFileSync(outfile, PROGRAM);
      return Promise.resolve();
    },
  });
}

const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const isLinux = process.platform === "linux";

function install(folder: string, ...args: string[]) {
  const home = mkdtempSync(at("home-"));
  const result = spawnSync("sh", [join(at(folder), "install.sh"), "--to", join(home, "here"), ...args], {
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home },
    encoding: "utf8",
  });
  return { ...result, prefix: join(home, "here") };
}

describe("a release", () => {
  let names: string[] = [];
  before(async () => {
    names = await release("one");
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it("has an archive for every platform, packages, manifests, sums and a signature", () => {
    for (const { name, isWindows } of RELEASE_TARGETS) {
      assert.ok(names.includes(`mp-${VERSION}-${name}.${isWindows ? "zip" : "tar.gz"}`), name);
    }
    for (
      const name of ["install.sh", "mp.rb", "mp.json", "mp.cdx.json", "Dockerfile", "SHA256SUMS", "SHA256SUMS.sig"]
    ) {
      assert.ok(names.includes(name), name);
    }
    assert.deepEqual(readdirSync(at("one")).sort(), [...names].sort());
  });

  it("has the same bytes when it is built again", async () => {
    await release("two");
    // These name the folder, and the sums and the signature follow from them.
    const own = ["install.sh", "mp.rb", "mp.json", "SHA256SUMS", "SHA256SUMS.sig"];
    for (const name of names.filter((one) => !own.includes(one))) {
      assert.ok(readFileSync(join(at("one"), name)).equals(readFileSync(join(at("two"), name))), name);
    }
  });

  it("has archives that tar and unzip read, with binary, licences, manual and completions", () => {
    const listed = execFileSync("tar", ["-tzf", join(at("one"), `mp-${VERSION}-linux-x64.tar.gz`)], {
      encoding: "utf8",
    });
    const zipped = Object.keys(unzipSync(readFileSync(join(at("one"), `mp-${VERSION}-windows-x64.zip`))));
    const files = [
      "LICENSE",
      "THIRD_PARTY_NOTICES.txt",
      "guides/first-query.md",
      "man/man1/mp.1",
      "man/man1/mp-export.1",
      "man/man7/mp-quotas.7",
    ];
    for (
      const file of [...files, "completions/mp.bash", "completions/_mp", "completions/mp.fish", "completions/mp.ps1"]
    ) {
      assert.ok(listed.split("\n").includes(`mp-${VERSION}/${file}`), file);
      assert.ok(zipped.includes(`mp-${VERSION}/${file}`), file);
    }
    assert.ok(listed.includes(`mp-${VERSION}/mp\n`));
    assert.ok(zipped.includes(`mp-${VERSION}/mp.exe`));
  });

  it("names the parts of the binary with versions, licences and sums", () => {
    const bill = JSON.parse(readFileSync(join(at("one"), "mp.cdx.json"), "utf8"));
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const names = bill.components.map((one: { name: string }) => one.name);
    for (const name of [...Object.keys(dependencies), "bun"]) assert.ok(names.includes(name), name);
    for (const { name, licenses, hashes } of bill.components) {
      assert.match(licenses[0].license.id, /^(MIT|ISC|BSD-3-Clause|Apache-2\.0|MPL-2\.0|OFL-1\.1)$/, name);
      assert.match(hashes[0].content, /^[0-9a-f]{128}$/, name);
    }
    const notices = readFileSync(join(at("one"), "THIRD_PARTY_NOTICES.txt"), "utf8");
    for (const name of Object.keys(dependencies)) assert.ok(notices.includes(`\n${name} `), name);
    assert.match(notices, /\nLicence: MPL-2\.0\. Source: https:\/\/github\.com\/\S+\/resvg-js\n/);
  });

  it("has notes that say what is new, what to check, and what was not started", () => {
    const notes = readFileSync(join(at("one"), "RELEASE_NOTES.md"), "utf8");
    assert.ok(notes.startsWith(`# mp ${VERSION}\n\nThe first working`), notes.slice(0, 99));
    const sums = readFileSync(join(at("one"), "SHA256SUMS"), "utf8");
    const listed = [...notes.matchAll(/^\| (\S+) \| [\d.]+ MB \| `([0-9a-f]{64})` \|$/gm)];
    assert.equal(listed.length, RELEASE_TARGETS.length + 2);
    for (const [, name, sum] of listed) assert.ok(sums.includes(`${sum}  ${name}\n`), name);
    assert.match(notes, /openssl dgst -sha256 -verify mp-release\.pem -signature SHA256SUMS\.sig SHA256SUMS/);
    const [started, rest] = notes.slice(notes.indexOf("## Tried")).split("**not** started");
    for (const { name } of RELEASE_TARGETS) {
      assert.equal(started!.includes(`-${name}.`), name.startsWith("linux"), name);
      assert.equal(rest!.includes(`-${name}.`), !name.startsWith("linux"), name);
    }
  });

  it("stops when a binary does not work", async () => {
    const target = RELEASE_TARGETS.find(({ bun }) => bun === `${process.platform}-${process.arch}`);
    if (target === undefined) return;
    writeFileSync(at("broken"), "#!/bin/sh\necho mp 0.0.0\n", { mode: 0o755 });
    await assert.rejects(
      tryBinary(target, at("broken"), VERSION),
      /^Error: Cannot release \S+: it fails on \S+ itself: /,
    );
    writeFileSync(at("good"), PROGRAM, { mode: 0o755 });
    assert.equal((await tryBinary(target, at("good"), VERSION)).how, `${target.bun} itself`);
  });

  it("is signed by the key, and by no other", () => {
    const sums = readFileSync(join(at("one"), "SHA256SUMS"));
    const signature = readFileSync(join(at("one"), "SHA256SUMS.sig"));
    const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey.export({
      type: "spki",
      format: "pem",
    });
    assert.ok(isSignedBy(sums, signature, readFileSync(join(at("one"), "mp-release.pem"), "utf8")));
    assert.ok(!isSignedBy(sums, signature, other as string));
  });

  itUnless(!(isLinux && has("openssl")) && "no openssl", "is installed from a folder without a network", () => {
    const { status, stdout, stderr, prefix } = install("one", "--from", at("one"));
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`^Installed mp ${VERSION} in `));
    for (
      const file of ["bin/mp", "share/man/man1/mp.1", "share/bash-completion/completions/mp", "share/doc/mp/LICENSE"]
    ) {
      assert.ok(existsSync(join(prefix, file)), file);
    }
    // And removed without a trace, but for what was there before.
    writeFileSync(join(prefix, "share/man/man1/mp-of-others.1"), "");
    const remove = ["--remove", "--to", prefix];
    const removed = spawnSync("sh", [join(at("one"), "install.sh"), ...remove], { encoding: "utf8" });
    assert.equal(removed.status, 0, removed.stderr);
    const left = readdirSync(prefix, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    assert.deepEqual(left.map(({ name }) => name), ["mp-of-others.1"]);
    const again = spawnSync("sh", [join(at("one"), "install.sh"), ...remove], { encoding: "utf8" });
    assert.equal(again.status, 1);
    assert.match(
      again.stderr,
      /nothing that this script installed is in .*\nhint: sh install.sh --remove --to PREFIX\n/,
    );
  });

  itUnless(
    !(isLinux && has("openssl")) && "no openssl",
    "is refused when an archive or the sums were changed",
    () => {
      execFileSync("cp", ["-r", at("one"), at("changed")]);
      for (const { name, isWindows } of RELEASE_TARGETS) {
        if (!isWindows) writeFileSync(join(at("changed"), `mp-${VERSION}-${name}.tar.gz`), "x", { flag: "a" });
      }
      const damaged = install("changed", "--from", at("changed"));
      assert.equal(damaged.status, 1);
      assert.match(damaged.stderr, /is damaged: its checksum/);
      writeFileSync(join(at("changed"), "SHA256SUMS"), "0  nothing\n", { flag: "a" });
      const forged = install("changed", "--from", at("changed"));
      assert.equal(forged.status, 1);
      assert.match(forged.stderr, /the signature of SHA256SUMS is wrong/);
      assert.ok(!existsSync(join(forged.prefix, "bin", "mp")));
    },
  );

  itUnless(!isLinux && "not Linux", "is installed without a signature only with --unsigned, which is said", () => {
    execFileSync("cp", ["-r", at("one"), at("unsigned")]);
    writeFileSync(join(at("unsigned"), "install.sh"), installScript({ version: VERSION }));
    const refused = install("unsigned", "--from", at("unsigned"));
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^install\.sh: this release is not signed.*\nhint: .*sh install\.sh --unsigned$/m);
    assert.ok(!existsSync(join(refused.prefix, "bin", "mp")));
    const { status, stderr, prefix } = install("unsigned", "--from", at("unsigned"), "--unsigned");
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "install.sh: no signature is checked (--unsigned)\n");
    assert.ok(existsSync(join(prefix, "bin", "mp")));
    const help = (folder: string) => install(folder, "--help").stdout;
    assert.match(help("unsigned"), /This release is not signed/);
    assert.match(help("one"), /signature is checked with openssl/);
  });

  itUnless(!has("dpkg") && "no dpkg", "is a Debian package that dpkg installs and removes", () => {
    const root = mkdtempSync(at("debian-"));
    mkdirSync(join(root, "var/lib/dpkg/updates"), { recursive: true });
    mkdirSync(join(root, "var/lib/dpkg/info"));
    for (const file of ["status", "available"]) writeFileSync(join(root, "var/lib/dpkg", file), "");
    const architecture = execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim();
    const dpkg = (...args: string[]) =>
      spawnSync("dpkg", [`--root=${root}`, "--log=/dev/null", "--force-depends", "--force-not-root", ...args], {
        encoding: "utf8",
        // A user who is not root has these in no path.
        env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
      });
    const installed = dpkg("-i", join(at("one"), `mp_${VERSION}_${architecture}.deb`));
    assert.equal(installed.status, 0, installed.stderr);
    assert.equal(execFileSync(join(root, "usr/bin/mp"), ["--version"], { encoding: "utf8" }), `mp ${VERSION}\n`);
    assert.ok(existsSync(join(root, "usr/share/man/man1/mp.1.gz")));
    assert.ok(existsSync(join(root, "usr/share/doc/mp/guides/first-query.md")));
    const removed = dpkg("-r", "mp");
    assert.equal(removed.status, 0, removed.stderr);
    assert.ok(!existsSync(join(root, "usr/bin/mp")));
  });

  itUnless(!has("ruby") && "no ruby", "is a Homebrew formula whose install and test blocks run", () => {
    const archive = at("brew");
    mkdirSync(archive);
    execFileSync("tar", ["-xzf", join(at("one"), `mp-${VERSION}-linux-x64.tar.gz`), "-C", archive]);
    const run = spawnSync("ruby", [
      join(import.meta.dirname!, "homebrew_shim.rb"),
      join(at("one"), "mp.rb"),
      at("cellar"),
    ], {
      cwd: join(archive, `mp-${VERSION}`),
      encoding: "utf8",
    });
    assert.equal(run.status, 0, run.stderr);
    const facts = JSON.parse(run.stdout);
    assert.equal(facts.version, VERSION);
    assert.equal(facts.sources.length, 4);
    for (const { url, sha256 } of facts.sources) {
      const name = url.slice(url.lastIndexOf("/") + 1);
      assert.ok(readFileSync(join(at("one"), "SHA256SUMS"), "utf8").includes(`${sha256}  ${name}\n`), url);
    }
    assert.ok(existsSync(join(at("cellar"), "bin/mp")));
    assert.ok(existsSync(join(at("cellar"), "share/man/man1/mp-query.1")));
  });

  it("is a Scoop manifest that names archives with their sums", () => {
    const { architecture, bin, extract_dir } = JSON.parse(readFileSync(join(at("one"), "mp.json"), "utf8"));
    const sums = readFileSync(join(at("one"), "SHA256SUMS"), "utf8");
    for (const { url, hash } of Object.values(architecture) as { url: string; hash: string }[]) {
      assert.ok(sums.includes(`${hash}  ${url.slice(url.lastIndexOf("/") + 1)}\n`), url);
      const zip = unzipSync(readFileSync(url.slice("file://".length)));
      assert.ok(Object.hasOwn(zip, `${extract_dir}/${bin}`));
    }
  });
});

describe("the manual", () => {
  itUnless(!has("groff") && "no groff", "renders without a warning", async () => {
    const { manPages } = await import("../../../scripts/release/man_pages.ts");
    const folder = mkdtempSync(join(tmpdir(), "mp-man-test-"));
    try {
      const files = [...await manPages("2026-11-23")].map(([path, text]) => {
        const file = join(folder, path.replace("/", "-"));
        writeFileSync(file, text);
        chmodSync(file, 0o644);
        return file;
      });
      for (const file of files) {
        const { stderr, stdout } = spawnSync("groff", ["-ww", "-man", "-Tutf8", "-Kutf8", "-P-cbou", file], {
          encoding: "utf8",
        });
        assert.equal(stderr, "", file);
        assert.match(stdout, /^NAME$/m);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
