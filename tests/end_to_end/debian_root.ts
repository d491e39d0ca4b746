/** A Debian root as an installation begins: the essential packages of this machine's Debian, and nothing else. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Why no such root can be made and entered here; undefined when it can. */
export function whyNoDebianRoot(): string | undefined {
  if (process.platform !== "linux") return "this is no Linux";
  const tools = ["dpkg-query", "unshare", "chroot", "ip"];
  const missing = tools.find((tool) => spawnSync("sh", ["-c", `PATH=${SYSTEM_PATH}; command -v ${tool}`]).status !== 0);
  if (missing !== undefined) return `${missing} is not installed`;
  const probe = spawnSync("unshare", [...NAMESPACES, "true"], { env: { PATH: SYSTEM_PATH } });
  return probe.status === 0 ? undefined : "namespaces are not allowed";
}

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** A user, a network without a way out, mounts and processes of its own. */
const NAMESPACES = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"];

/** Fills an empty folder with the essential packages, as a fresh installation has them. */
export function makeDebianRoot(root: string): void {
  for (const folder of ["usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "proc", "dev", "tmp", "root", "etc"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  const paths = execFileSync("dpkg-query", ["-L", ...essentialPackages()], { encoding: "utf8", maxBuffer: 1 << 26 });
  // Folders come with their files; a folder among the arguments would be copied with all that is in it.
  const script =
    `sort -u | grep -v -e '^/usr/share/\\(doc\\|man\\|locale\\|info\\)/' -e '^/[a-z0-9]*$' | while read -r path; do
    if [ -L "$path" ] || { [ -f "$path" ] && [ -r "$path" ]; }; then printf '%s\\0' "$path"; fi
  done | xargs -0 cp -P --parents --no-preserve=ownership -t "$1" 2>&1`;
  const { status, stdout } = spawnSync("sh", ["-c", script, "sh", root], { input: paths, encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot copy the essential packages: ${stdout}`);
}

/** The packages that every Debian has, and those that they depend on. */
function essentialPackages(): string[] {
  const listed = execFileSync("dpkg-query", ["-W", "-f", "${Package}\t${Essential}\t${Pre-Depends}, ${Depends}\n"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const needs = new Map<string, string[]>();
  const wanted = new Set<string>();
  for (const line of listed.trim().split("\n")) {
    const [name = "", isEssential, depends = ""] = line.split("\t");
    needs.set(name, depends.split(/[,|]/).map((one) => one.trim().split(/[ :(]/, 1)[0]!));
    if (isEssential === "yes") wanted.add(name);
  }
  // A set goes on with what is added during the walk.
  for (const name of wanted) {
    for (const one of needs.get(name) ?? []) if (needs.has(one)) wanted.add(one);
  }
  return [...wanted];
}

/** Runs a script inside the root, as its root user, with a loopback interface and no other network. */
export function runInDebianRoot(root: string, script: string): { code: number; stdout: string; stderr: string } {
  writeFileSync(join(root, "tmp/visit.sh"), script);
  const enter = `ip link set lo up &&
    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
    exec env -i PATH="$PATH" HOME=/root TERM=xterm chroot "$1" /bin/sh /tmp/visit.sh`;
  const { status, stdout, stderr } = spawnSync("unshare", [...NAMESPACES, "sh", "-c", enter, "sh", root], {
    env: { PATH: SYSTEM_PATH },
    encoding: "utf8",
    timeout: 100_000,
    killSignal: "SIGKILL",
  });
  return { code: status ?? 1, stdout, stderr };
}
