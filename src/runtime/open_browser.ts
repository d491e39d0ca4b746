/** Opens an address in the user's browser. */
import { spawn } from "node:child_process";
import process from "node:process";

/**
 * Starts the browser that `$BROWSER` names, or else the desktop's own. False when there is none to start; whether it has
 * shown the page is not known.
 */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const named = env.BROWSER?.trim();
  const [program, ...first] = named ? [named] : desktopOpener();
  return new Promise((resolve) => {
    const child = spawn(program as string, [...first, url], { env: { ...env }, stdio: "ignore", detached: true });
    // expected: ENOENT or EACCES, since the desktop need not have that program
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

/** Whether there is a screen to show a page on: not over SSH, unless the display comes with it. */
export function hasBrowser(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return true;
  if (env.SSH_CONNECTION || env.SSH_TTY) return false;
  return Boolean(env.BROWSER) || process.platform === "darwin" || process.platform === "win32";
}

function desktopOpener(): string[] {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}
