/** The platforms of a release: what the world calls them, and what Bun does. */
import type { Target } from "../compile.ts";

export interface ReleaseTarget {
  /** In the names of files. */
  name: string;
  bun: Target;
  isWindows: boolean;
}

export const RELEASE_TARGETS: readonly ReleaseTarget[] = [
  { name: "linux-x64", bun: "linux-x64", isWindows: false },
  { name: "linux-arm64", bun: "linux-arm64", isWindows: false },
  { name: "linux-x64-musl", bun: "linux-x64-musl", isWindows: false },
  { name: "linux-arm64-musl", bun: "linux-arm64-musl", isWindows: false },
  { name: "darwin-x64", bun: "darwin-x64", isWindows: false },
  { name: "darwin-arm64", bun: "darwin-arm64", isWindows: false },
  { name: "windows-x64", bun: "windows-x64", isWindows: true },
  { name: "windows-arm64", bun: "windows-arm64", isWindows: true },
];

/** The archive of a platform. */
export function archiveName(version: string, { name, isWindows }: ReleaseTarget): string {
  return `mp-${version}-${name}.${isWindows ? "zip" : "tar.gz"}`;
}
