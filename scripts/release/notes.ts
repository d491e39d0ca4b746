/** `RELEASE_NOTES.md`: what is new, which file is for whom, how to check them, and what was started before the release. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { starterFor } from "./emulation.ts";
import { archiveName, type ReleaseTarget } from "./targets.ts";

/** Where a platform's binary was started before the release, or why it was not. */
export interface Trial {
  target: ReleaseTarget;
  /** Undefined when it was not started. */
  how?: string;
  why?: string;
}

export interface NotesFacts {
  version: string;
  /** The text of CHANGELOG.md. */
  changelog: string;
  /** Archives and packages, in the order of the notes. */
  files: readonly { name: string; bytes: number; sum: string }[];
  trials: readonly Trial[];
  isSigned: boolean;
}

/**
 * Starts a binary that is to be released, where this machine can.
 *
 * Throws when it starts but is not the version that it should be, or does not work.
 */
export async function tryBinary(target: ReleaseTarget, binary: string, version: string): Promise<Trial> {
  const scratch = mkdtempSync(join(tmpdir(), "mp-trial-"));
  try {
    const folder = join(scratch, "emulator");
    mkdirSync(folder);
    const starter = starterFor(target.bun, folder);
    if ("why" in starter) return { target, why: starter.why };
    try {
      const printed = await starter.run(binary, ["--version"]);
      const formatted = await starter.run(binary, ["expr", "format", 'properties["plan"]==1']);
      if (printed !== `mp ${version}\n` || formatted !== 'properties["plan"] == 1\n') {
        throw new Error(`it printed ${JSON.stringify(printed + formatted)}`);
      }
    } catch (error) {
      throw new Error(`Cannot release ${target.name}: it fails on ${starter.how}: ${(error as Error).message}`);
    } finally {
      starter.stop?.();
    }
    return { target, how: starter.how };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function releaseNotes({ version, changelog, files, trials, isSigned }: NotesFacts): string {
  const started = trials.filter(({ how }) => how !== undefined);
  const rest = trials.filter(({ how }) => how === undefined);
  return [
    `# mp ${version}`,
    changesOf(version, changelog),
    "## Files",
    table(["File", "Size", "SHA-256"], files.map(({ name, bytes, sum }) => [name, megabytes(bytes), `\`${sum}\``])),
    "## Checking them",
    isSigned ? SIGNED : UNSIGNED,
    "## Tried before the release",
    started.length === 0 ? "No binary was started." : "These binaries were started and did their work:\n\n" +
      table(["Archive", "Started on"], started.map(({ target, how }) => [archiveName(version, target), how!])),
    ...rest.length === 0 ? [] : [
      "These were built and **not** started:\n\n" +
      table(["Archive", "Why"], rest.map(({ target, why }) => [archiveName(version, target), why!])),
    ],
  ].join("\n\n") + "\n";
}

const SIGNED =
  `The signature is ECDSA over \`SHA256SUMS\`; take \`mp-release.pem\` from an earlier release or from a place \
that you trust:

\`\`\`sh
openssl dgst -sha256 -verify mp-release.pem -signature SHA256SUMS.sig SHA256SUMS
sha256sum --check --ignore-missing SHA256SUMS
\`\`\`

\`install.sh\` does both.`;

const UNSIGNED = `This build is not signed. The checksums show only that a file arrived whole:

\`\`\`sh
sha256sum --check --ignore-missing SHA256SUMS
\`\`\``;

/** The changelog's part about a version, without its heading. Throws when there is none. */
function changesOf(version: string, changelog: string): string {
  const part = changelog.split(/^## /m).find((text) => text.split(/\s/, 1)[0] === version);
  if (part === undefined) throw new Error(`Cannot write release notes: CHANGELOG.md has no part about ${version}`);
  return part.slice(part.indexOf("\n")).trim();
}

function table(head: string[], rows: readonly string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
