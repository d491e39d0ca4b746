/** The environment in which the repository's programs are checked. */
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "./project.ts";

/**
 * No home, no credentials, no proxies and no preferences of whoever runs it. Deno's cache is kept among the packages,
 * so that the second run is quick.
 */
export function cleanEnvironment(home: string): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/^(MP_|npm_|XDG_|DENO_|BUN_)|proxy$|^(FORCE_COLOR|COLUMNS|NODE_OPTIONS|NODE_ENV|INIT_CWD)$/i.test(name)
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    DENO_DIR: join(ROOT, "node_modules", ".cache", "deno"),
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
  };
}
