/** Makes a sandbox known to other `mp` processes of this user, and says how to use it. */
import type { Context } from "../../../cli/context.ts";
import { processId } from "../../../runtime/process.ts";
import { SANDBOX } from "../../../sandbox/defaults.ts";
import type { Account } from "../../../settings/account.ts";
import { readConfig } from "../../../settings/file.ts";
import { configPath } from "../../../settings/paths.ts";
import { announceSandbox, SANDBOX_ACCOUNT } from "../../../settings/running_sandbox.ts";

export interface Announcement {
  /** Whether `mp -a sandbox` asks this sandbox. */
  isAccount: boolean;
  end(): Promise<void>;
}

export async function announce(context: Context, url: string): Promise<Announcement> {
  let end: () => Promise<void>;
  try {
    end = await announceSandbox(context.env, {
      port: new URL(url).port,
      account: sandboxAccount(url),
      processId: processId(),
      startedMs: context.clock.now(),
    });
  } catch (error) {
    // expected: a state folder that cannot be written to, without which the sandbox serves all the same
    await context.note(`The account '${SANDBOX_ACCOUNT}' cannot be used: ${(error as Error).message}`);
    return { isAccount: false, end: () => Promise.resolve() };
  }
  return { isAccount: !await isUsersOwn(context), end };
}

/** How to use it, in a few lines. */
export function waysToUse(url: string, isAccount: boolean): string[] {
  const { host } = new URL(url);
  return [
    isAccount
      ? `Ask it:      mp -a ${SANDBOX_ACCOUNT} events list`
      : `Ask it:      with the variables below; the account '${SANDBOX_ACCOUNT}' is another one`,
    `Watch it:    ${url}/ in a browser: requests, events, each SDK`,
    // On lines of its own it can be copied from a terminal of 80 columns.
    "Node SDK:",
    `  Mixpanel.init("${SANDBOX.token}",`,
    `    { host: "${host}", protocol: "http" })`,
  ];
}

function sandboxAccount(url: string): Account {
  return {
    name: SANDBOX_ACCOUNT,
    baseUrl: url,
    projectId: String(SANDBOX.projectId),
    workspaceId: String(SANDBOX.workspaceId),
    username: SANDBOX.username,
    secret: { kind: "value", value: SANDBOX.serviceSecret },
    oauthToken: { kind: "value", value: SANDBOX.oauthToken },
    projectToken: { kind: "value", value: SANDBOX.token },
  };
}

/** Whether the user has an account of that name, which then takes precedence. */
async function isUsersOwn({ env }: Context): Promise<boolean> {
  try {
    return (await readConfig(configPath(env))).names.includes(SANDBOX_ACCOUNT);
  } catch {
    // expected: a config file that cannot be read, which is reported to who uses an account
    return false;
  }
}
