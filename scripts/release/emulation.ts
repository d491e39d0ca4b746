/**
 * Starts a binary for another platform where Debian has an emulator or a loader for it:
 *
 *     linux-arm64         qemu-user, libc6-arm64-cross
 *     linux-x64-musl      musl, gcc (musl's C++ library is not in Debian: glibc's is used, with what that lacks added)
 *     linux-arm64-musl    qemu-user, gcc-aarch64-linux-gnu, musl:arm64 as .ci/programs unpacks it
 *     windows-x64         wine64, gcc-mingw-w64-x86-64-win32 (for a library that Wine 8 lacks)
 *
 * Nothing emulates darwin, windows-arm64 or FreeBSD on Debian.
 */
import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, symlinkSync } from "node:fs";
import { arch } from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Target } from "../compile.ts";
import { MUSL_ARM64_ROOT } from "../project.ts";

/** How a binary is started here. */
export interface Starter {
  /** In a few words, such as `qemu-aarch64`. */
  how: string;
  /** Starts the binary with arguments and returns its standard output; throws when it does not end well. */
  run(binary: string, args: string[]): Promise<string>;
  /** Ends what the emulator left running. */
  stop?(): void;
}

/** A platform whose binaries cannot be started here, and why. */
export interface NoStarter {
  why: string;
}

const SHIMS = join(import.meta.dirname!, "emulators");
const TIME_LIMIT_MS = 120_000;

/**
 * The way to start binaries for a platform on this machine. On Linux it needs Debian's places of libraries.
 *
 * @param scratch an empty folder of the caller's, for what has to be put together
 */
export function starterFor(target: Target, scratch: string): Starter | NoStarter {
  const host = process.platform === "linux" ? `linux-${arch()}` : `${process.platform}-${arch()}`;
  if (target === host || target === host.replace("win32", "windows")) {
    return { how: `${target} itself`, run: (binary, args) => start([binary, ...args], {}) };
  }
  if (host !== "linux-x64") return { why: `no emulator is known on ${host}` };
  switch (target) {
    case "linux-arm64":
      return linuxArm64();
    case "linux-x64-musl":
      return linuxX64Musl(scratch);
    case "linux-arm64-musl":
      return linuxArm64Musl(scratch);
    case "windows-x64":
      return windowsX64(scratch);
    default:
      return { why: "Debian has no emulator for it" };
  }
}

function linuxArm64(): Starter | NoStarter {
  const qemu = programOf("qemu-aarch64", "qemu-aarch64-static");
  const root = "/usr/aarch64-linux-gnu";
  if (qemu === undefined) return { why: "qemu-user is not installed" };
  if (!existsSync(`${root}/lib/ld-linux-aarch64.so.1`)) return { why: "libc6-arm64-cross is not installed" };
  return { how: "qemu-aarch64", run: (binary, args) => start([qemu, "-L", root, binary, ...args], {}) };
}

function linuxX64Musl(scratch: string): Starter | NoStarter {
  if (!existsSync("/lib/ld-musl-x86_64.so.1")) return { why: "musl is not installed" };
  const made = muslLibraries(scratch, {
    compiler: "gcc",
    loader: "/lib/ld-musl-x86_64.so.1",
    glibcLoader: "ld-linux-x86-64.so.2",
    libraries: ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu"],
  });
  if (typeof made === "object") return made;
  const env = { LD_LIBRARY_PATH: made, LD_PRELOAD: join(made, "shim.so") };
  return { how: "musl's loader on Debian", run: (binary, args) => start([binary, ...args], env) };
}

function linuxArm64Musl(scratch: string): Starter | NoStarter {
  const qemu = programOf("qemu-aarch64", "qemu-aarch64-static");
  if (qemu === undefined) return { why: "qemu-user is not installed" };
  const loader = [MUSL_ARM64_ROOT, "/usr"].map((root) => `${root}/lib/aarch64-linux-musl/libc.so`)
    .find((path) => existsSync(path));
  if (loader === undefined) return { why: `musl for arm64 is not in ${MUSL_ARM64_ROOT}: .ci/programs unpacks it` };
  const made = muslLibraries(join(scratch, "lib"), {
    compiler: "aarch64-linux-gnu-gcc",
    loader,
    glibcLoader: "ld-linux-aarch64.so.1",
    libraries: ["/usr/aarch64-linux-gnu/lib"],
  });
  if (typeof made === "object") return made;
  for (const name of ["ld-musl-aarch64.so.1", "libc.musl-aarch64.so.1"]) copyFileSync(loader, join(made, name));
  const settings = ["-E", "LD_LIBRARY_PATH=/lib", "-E", "LD_PRELOAD=/lib/shim.so"];
  const command = [qemu, "-L", scratch, ...settings];
  return { how: "qemu-aarch64 and musl's loader", run: (binary, args) => start([...command, binary, ...args], {}) };
}

/** A folder with the C++ library for musl's loader: glibc's own, and a shim that has to be loaded first. */
function muslLibraries(
  folder: string,
  parts: { compiler: string; loader: string; glibcLoader: string; libraries: string[] },
): string | NoStarter {
  if (programOf(parts.compiler) === undefined) return { why: `${parts.compiler} is not installed` };
  mkdirSync(folder, { recursive: true });
  for (const name of ["libstdc++.so.6", "libgcc_s.so.1"]) {
    const from = parts.libraries.map((place) => join(place, name)).find((path) => existsSync(path));
    if (from === undefined) return { why: `${name} is not installed` };
    copyFileSync(from, join(folder, name));
  }
  // The C++ library names glibc's loader, which is the C library here.
  copyFileSync(parts.loader, join(folder, parts.glibcLoader));
  const shim = ["-shared", "-fPIC", "-nostdlib", "-O1", "-o", join(folder, "shim.so"), join(SHIMS, "glibc_on_musl.c")];
  const { status } = spawnSync(parts.compiler, shim, { stdio: "ignore" });
  return status === 0 ? folder : { why: `${parts.compiler} cannot compile` };
}

function windowsX64(scratch: string): Starter | NoStarter {
  const wine = "/usr/lib/wine/wine64";
  const compiler = programOf("x86_64-w64-mingw32-gcc");
  if (!existsSync(wine)) return { why: "wine64 is not installed" };
  if (compiler === undefined) return { why: "gcc-mingw-w64-x86-64-win32 is not installed" };
  mkdirSync(scratch, { recursive: true });
  const library = join(scratch, "bcryptprimitives.dll");
  const made = spawnSync(compiler, ["-shared", "-O1", "-o", library, join(SHIMS, "bcryptprimitives.c"), "-ladvapi32"], {
    stdio: "ignore",
  });
  if (made.status !== 0) return { why: `${basename(compiler)} cannot compile` };
  const env = { WINEPREFIX: join(scratch, "wine"), WINEDEBUG: "-all", HOME: scratch, DISPLAY: "" };
  return {
    how: "Wine",
    async run(binary, args) {
      // A program finds libraries beside itself.
      const placed = join(scratch, basename(binary));
      if (!existsSync(placed)) placeFile(binary, placed);
      return (await start([wine, placed, ...args], env)).replaceAll("\r\n", "\n");
    },
    // Its server stays for a while, in case there is more to do.
    stop: () => void spawnSync(join(dirname(wine), "wineserver64"), ["-k"], { env: { ...process.env, ...env } }),
  };
}

function placeFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    symlinkSync(from, to);
  }
}

async function start(command: string[], env: Record<string, string>): Promise<string> {
  const [program, ...args] = command as [string, ...string[]];
  const { stdout } = await promisify(execFile)(program, args, {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", TZ: "UTC", ...env },
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  return stdout;
}

/** The path of the first of these programs that is installed. */
function programOf(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(":");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
