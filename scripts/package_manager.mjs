/** Which program installs the packages: npm where it is, else what Deno or Bun bring with them. */

/** @typedef {{ name: "npm" | "deno" | "bun", command: string, args: string[], env?: Record<string, string> }} PackageManager */

/**
 * npm comes first, because the lock file is its own: with `npm ci` every package has the version of the lock. Deno and
 * Bun take the exact versions of package.json, and for what these need in turn the newest that fits.
 *
 * @param {object} host
 * @param {"node" | "deno" | "bun"} host.runtime what runs this
 * @param {string} host.execPath the program of that runtime
 * @param {string | undefined} host.npmScript npm's own script, where npm runs this
 * @param {(command: string) => boolean} host.works whether a program can be started
 * @returns {PackageManager | undefined}
 */
export function choosePackageManager({ runtime, execPath, npmScript, works }) {
  // npm asks a registry that cannot be reached twice more, for over a minute, and says nothing meanwhile.
  const ci = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
  // On Windows `npm` by name is a batch file, which needs a shell; its script can be run as it is.
  if (runtime === "node" && npmScript?.endsWith(".js")) {
    return { name: "npm", command: execPath, args: [npmScript, ...ci] };
  }
  if (works("npm")) return { name: "npm", command: "npm", args: ci };
  const own = runtime === "node" ? [] : [{ name: runtime, command: execPath }];
  const others = ["bun", "deno"].map((name) => ({ name, command: name }));
  const found = [...own, ...others].find(({ command }) => works(command));
  if (found?.name === "bun") return { ...found, args: ["install", "--frozen-lockfile"] };
  if (found?.name === "deno") {
    return {
      ...found,
      // npm's layout of folders, in which packages find their neighbours.
      args: ["install", "--node-modules-linker=hoisted", "--quiet"],
      // npm and Bun accept the certificates that the system accepts; Deno has to be told.
      env: { DENO_TLS_CA_STORE: "mozilla,system" },
    };
  }
  return undefined;
}
