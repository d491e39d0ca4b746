/**
 * Builds a release: archives for every platform, their checksums and signature, and what other installers need.
 *
 *     npm run release -- [--target NAME …] [--url URL] [--output FOLDER]
 *
 * `--url` is where the files will be found; without it no Homebrew formula and no Scoop manifest is written.
 * `MP_RELEASE_KEY` holds the private key (PEM, P-256); without it the release is not signed. `SOURCE_DATE_EPOCH` is the
 * time in all archives, else that of the last commit: the same source gives the same bytes.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { sourceGuides } from "../../src/cli/guides.ts";
import { COMPLETION_SCRIPTS } from "../../src/commands/completion/shared/completion_scripts.ts";
import { VERSION } from "../../src/version.ts";
import { compile } from "../compile.ts";
import { ROOT } from "../project.ts";
import { type ArchiveFile, tarGz, textFile, zip } from "./archives.ts";
import { billOfMaterials, thirdPartyNotices } from "./bill_of_materials.ts";
import { installScript } from "./install_script.ts";
import { manPages } from "./man_pages.ts";
import { releaseNotes, type Trial, tryBinary } from "./notes.ts";
import { debianPackage, dockerfile, homebrewFormula, scoopManifest } from "./packages.ts";
import { publicKeyOf, sign } from "./signature.ts";
import { archiveName, RELEASE_TARGETS, type ReleaseTarget } from "./targets.ts";

export interface ReleaseOptions {
  targets: readonly ReleaseTarget[];
  folder: string;
  /** Time of all archives, in seconds since 1970. */
  seconds: number;
  url?: string;
  /** PEM text. */
  privateKey?: string;
  /** How hard gzip tries, from 1 to 9. Default: 9. */
  level?: number;
  /** For the Debian package. */
  maintainer?: string;
  /** Makes the binary of a platform at a path. Default: compiles it. */
  build?(target: ReleaseTarget, outfile: string): Promise<void>;
  /** Starts the binary of a platform where that is possible. Default: under an emulator, when this machine has one. */
  attempt?(target: ReleaseTarget, binary: string): Promise<Trial>;
  onFile?(name: string, bytes: number): void;
}

const DEBIAN_ARCHITECTURES: Readonly<Record<string, string>> = { "linux-x64": "amd64", "linux-arm64": "arm64" };

/** Writes all files of a release into a folder; returns their names. */
export async function buildRelease(options: ReleaseOptions): Promise<string[]> {
  const { targets, folder, seconds, url, privateKey, level } = options;
  const maintainer = options.maintainer ?? "The mp authors <noreply@localhost>";
  const build = options.build ??
    ((target, outfile) => compile({ entry: join(ROOT, "main.ts"), outfile, target: target.bun }));
  const attempt = options.attempt ?? ((target, binary) => tryBinary(target, binary, VERSION));
  mkdirSync(folder, { recursive: true });
  const sizes = new Map<string, number>();
  const trials: Trial[] = [];
  const sums = new Map<string, string>();
  const written: string[] = [];
  const write = (name: string, content: Uint8Array | string, { isSummed = true } = {}) => {
    writeFileSync(join(folder, name), content, { mode: name.endsWith(".sh") ? 0o755 : 0o644 });
    if (isSummed) sums.set(name, createHash("sha256").update(content).digest("hex"));
    sizes.set(name, content.length);
    written.push(name);
    options.onFile?.(name, content.length);
  };

  const scratch = mkdtempSync(join(tmpdir(), "mp-release-"));
  try {
    const companions = await companionFiles(seconds);
    for (const target of targets) {
      const program = target.isWindows ? "mp.exe" : "mp";
      const outfile = join(scratch, target.name, program);
      await build(target, outfile);
      trials.push(await attempt(target, outfile));
      const content = new Uint8Array(readFileSync(outfile));
      rmSync(outfile);
      const files = [{ path: program, content, isExecutable: true }, ...companions];
      const inFolder = files.map((file) => ({ ...file, path: `mp-${VERSION}/${file.path}` }));
      write(archiveName(VERSION, target), target.isWindows ? zip(inFolder, seconds) : tarGz(inFolder, seconds, level));
      const architecture = DEBIAN_ARCHITECTURES[target.name];
      if (architecture === undefined) continue;
      const facts = { version: VERSION, architecture, maintainer, seconds, level };
      write(`mp_${VERSION}_${architecture}.deb`, debianPackage(files, facts));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }

  write("mp.cdx.json", billOfMaterials(seconds));
  write("THIRD_PARTY_NOTICES.txt", thirdPartyNotices());
  write("Dockerfile", dockerfile({ version: VERSION }));
  const publicKey = privateKey === undefined ? undefined : publicKeyOf(privateKey);
  write("install.sh", installScript({ version: VERSION, url, publicKey }));
  if (url !== undefined && targets.length === RELEASE_TARGETS.length) {
    write("mp.rb", homebrewFormula({ version: VERSION, url, sums }));
    write("mp.json", scoopManifest({ version: VERSION, url, sums }));
  }
  const binaries = [...sums].filter(([name]) => /\.(tar\.gz|zip|deb)$/.test(name));
  const files = binaries.map(([name, sum]) => ({ name, bytes: sizes.get(name) ?? 0, sum }));
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  const notes = releaseNotes({ version: VERSION, changelog, files, trials, isSigned: privateKey !== undefined });
  // Not among the sums, which it repeats: it says what the machine of the release could start.
  write("RELEASE_NOTES.md", notes, { isSummed: false });
  const lines = [...sums].sort(([one], [other]) => one < other ? -1 : 1).map(([name, sum]) => `${sum}  ${name}\n`);
  write("SHA256SUMS", lines.join(""), { isSummed: false });
  if (privateKey !== undefined && publicKey !== undefined) {
    write("SHA256SUMS.sig", sign(new TextEncoder().encode(lines.join("")), privateKey), { isSummed: false });
    write("mp-release.pem", publicKey, { isSummed: false });
  }
  return written;
}

/** What every archive has beside the binary. */
async function companionFiles(seconds: number): Promise<ArchiveFile[]> {
  const day = new Date(seconds * 1000).toISOString().slice(0, 10);
  const { bash, zsh, fish, powershell } = COMPLETION_SCRIPTS;
  return [
    textFile("LICENSE", readFileSync(join(ROOT, "LICENSE"), "utf8")),
    textFile("THIRD_PARTY_NOTICES.txt", thirdPartyNotices()),
    ...Object.entries(sourceGuides()).map(([name, text]) => textFile(`guides/${name}.md`, text)),
    ...[...await manPages(day)].map(([path, text]) => textFile(`man/${path}`, text)),
    textFile("completions/mp.bash", bash),
    textFile("completions/_mp", zsh),
    textFile("completions/mp.fish", fish),
    textFile("completions/mp.ps1", powershell),
  ];
}

/** When the release was made, as far as its source says. */
function sourceSeconds(): number {
  const declared = Number(process.env.SOURCE_DATE_EPOCH);
  if (Number.isInteger(declared) && declared > 0) return declared;
  return Number(execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: ROOT, encoding: "utf8" }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: "string", multiple: true, default: [] },
      url: { type: "string" },
      output: { type: "string", default: join(ROOT, "dist", "release") },
    },
  });
  const unknown = values.target.find((name) => !RELEASE_TARGETS.some((one) => one.name === name));
  if (unknown !== undefined) {
    const names = RELEASE_TARGETS.map(({ name }) => name).join(", ");
    throw new Error(`Cannot release ${unknown}: no such target\nhint: ${names}`);
  }
  const folder = resolve(values.output);
  await buildRelease({
    targets: RELEASE_TARGETS.filter(({ name }) => values.target.length === 0 || values.target.includes(name)),
    folder,
    seconds: sourceSeconds(),
    url: values.url?.replace(/\/+$/, ""),
    privateKey: process.env.MP_RELEASE_KEY || undefined,
    maintainer: process.env.MP_RELEASE_MAINTAINER || undefined,
    onFile: (name, bytes) => console.error(`${relative(ROOT, join(folder, name))} (${(bytes / 1e6).toFixed(1)} MB)`),
  });
  if (!process.env.MP_RELEASE_KEY) console.error("Not signed: MP_RELEASE_KEY is not set");
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
