/** The config file: one TOML document that holds the accounts and the name of the one in use. */
import { inputError, MpError } from "../errors.ts";
import { readFault, writeFault } from "../runtime/files/file_faults.ts";
import { dirname, fileInfo, makeFolder, readTextFile, writeFileAtomically } from "../runtime/files/files.ts";
import { followLinks, withFileLock } from "../runtime/files/private_files.ts";
import { userId } from "../runtime/process.ts";
import { shellWord } from "../runtime/shell_word.ts";
import { type Account, accountTable, checkAccountName, readAccount, type Table } from "./account.ts";
import { readAlias } from "./alias.ts";
import { changeText, isTable } from "./edit.ts";
import { parseToml, tomlFault } from "../streams/toml.ts";
import { isOfficialLayout, readOfficialLayout } from "./official_client.ts";
import { type ExposedFile, exposedSecret, type SecretSource } from "./secret.ts";

export interface Config {
  path: string;
  exists: boolean;
  /** The account to use when none is named. It may have been taken away by hand. */
  active?: string;
  /** Names of all accounts, in the order of the file. */
  names: readonly string[];
  /**
   * An account by its name, or undefined.
   *
   * @throws MpError (input) when its table can't be used; the others still can.
   */
  account(name: string): Account | undefined;
  /** Names of the user's own commands, in the order of the file. */
  aliases: readonly string[];
  /**
   * The words that one of them stands for, or undefined.
   *
   * @throws MpError (input) when it can't be used; the others still can.
   */
  alias(name: string): string[] | undefined;
  /** Whether the file belongs to Mixpanel's Python client, which `mp` reads and never changes. */
  official: boolean;
}

/** What to change in a config file. */
export interface ConfigChange {
  /** Accounts to add, or to replace. */
  set?: readonly Account[];
  remove?: readonly string[];
  /** The account to use when none is named; null for none. */
  active?: string | null;
}

const LOCK_TIMEOUT_MS = 10_000;

/**
 * Reads the config file; one that is not there is an empty one. One that others can read is read too, as containers
 * mount it: a secret that stands in it is refused when it is fetched.
 *
 * @throws MpError (input) when others than its owner and root could change it, or with line and column when it is not
 * TOML. No part of the file is repeated.
 */
export async function readConfig(path: string): Promise<Config> {
  const { text, exposed } = await readOwn(path);
  return configOf(path, text, exposed);
}

/**
 * Changes the config file, while no other `mp` does. `decide` gets the file as it is then.
 *
 * The file is replaced in one step and is the owner's alone (0600), as is its folder when it is made (0700). Comments
 * and keys that `mp` does not know stay.
 */
export async function updateConfig(
  path: string,
  decide: (config: Config) => ConfigChange,
  onDamagedLock: (path: string) => void = () => {},
): Promise<void> {
  try {
    const target = await followLinks(path);
    await makeFolder(dirname(target), 0o700);
    const done = await withFileLock(`${target}.lock`, async () => {
      const text = await readPrivately(target);
      const config = configOf(target, text);
      const change = decide(config);
      if (config.official) throw foreignFile(target);
      const set = Object.fromEntries(
        (change.set ?? []).map((account) => [checkAccountName(account.name), accountTable(account)]),
      );
      const changed = changeText(text ?? "", { set, remove: change.remove, active: change.active });
      await writeFileAtomically(target, changed, { mode: 0o600 });
    }, { timeoutMs: LOCK_TIMEOUT_MS, onDamaged: onDamagedLock });
    if (done === undefined) {
      throw new MpError(`Cannot change ${path}: another process has held it for ${LOCK_TIMEOUT_MS / 1000} s`, {
        category: "failure",
        code: "config_locked",
        hint: "try again when the other 'mp' has ended",
      });
    }
  } catch (cause) {
    if (cause instanceof MpError) throw cause;
    throw new MpError(`Cannot write ${path}: ${writeFault(cause)}`, {
      category: "failure",
      code: "config_unwritable",
      hint: "set MP_CONFIG_PATH to a file in a folder that you may write to",
      cause,
    });
  }
}

/** The document of any private TOML file, or undefined when it is not there. Throws as `readConfig` does. */
export async function readDocument(path: string): Promise<Table | undefined> {
  const text = await readPrivately(path);
  return text === undefined ? undefined : parseConfig(path, text);
}

/** The text of a file that nobody else can read. */
async function readPrivately(path: string): Promise<string | undefined> {
  const { text, exposed } = await readOwn(path);
  if (exposed !== undefined) throw exposedSecret(exposed);
  return text;
}

/**
 * The text of a file that nobody but this user and root can change: it says whom to ask, and which commands to run.
 * `exposed` is set when others can read it.
 */
async function readOwn(path: string): Promise<{ text?: string; exposed?: ExposedFile }> {
  const info = await reading(path, fileInfo(path));
  if (info === undefined) return {};
  if (!info.isRegular) {
    const kind = info.isFolder ? "a folder" : "no regular file";
    throw inputError(`Cannot read ${path}: it is ${kind}`, "set MP_CONFIG_PATH to a file");
  }
  const { mode, owner } = info;
  const user = userId();
  const hasOwners = user !== undefined;
  if (hasOwners && owner !== user && owner !== 0) {
    throw inputError(
      `Cannot read ${path}: it belongs to another user (user id ${owner})`,
      `own it, or set MP_CONFIG_PATH to a file of yours; it may name commands to run and servers to trust`,
      "config_not_own",
    );
  }
  if (hasOwners && (mode & 0o022) !== 0) {
    throw inputError(
      `Cannot read ${path}: other users of this machine can change it (mode ${mode.toString(8)})`,
      `chmod 600 ${shellWord(path)}`,
      "config_not_private",
    );
  }
  const text = await reading(path, readTextFile(path));
  return { text, exposed: hasOwners && (mode & 0o044) !== 0 ? { path, mode } : undefined };
}

async function reading<T>(path: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (cause) {
    throw new MpError(`Cannot read ${path}: ${readFault(cause) ?? String(cause)}`, {
      category: "input",
      code: "unreadable_config",
      hint: "set MP_CONFIG_PATH to a file that you can read",
      cause,
    });
  }
}

function configOf(path: string, text: string | undefined, exposed?: ExposedFile): Config {
  const document = parseConfig(path, text ?? "");
  if (isOfficialLayout(document)) {
    const { active, accounts } = readOfficialLayout(document);
    return {
      path,
      exists: true,
      active,
      names: [...accounts.keys()],
      account: (name) => withExposure(accounts.get(name), exposed),
      aliases: [],
      alias: () => undefined,
      official: true,
    };
  }
  const tables = isTable(document.accounts) ? document.accounts : {};
  const aliases = isTable(document.alias) ? document.alias : {};
  const active = isTable(document.active) ? document.active.account : document.active;
  return {
    path,
    exists: text !== undefined,
    active: typeof active === "string" ? active : undefined,
    names: Object.keys(tables).filter((name) => isTable(tables[name])),
    account: (name) =>
      Object.hasOwn(tables, name) && isTable(tables[name])
        ? withExposure(readAccount(name, tables[name]), exposed)
        : undefined,
    aliases: Object.keys(aliases),
    alias: (name) => Object.hasOwn(aliases, name) ? readAlias(path, aliases, name) : undefined,
    official: false,
  };
}

/** The account with its secrets marked; not the project's token, which every app carries. */
function withExposure(account: Account | undefined, exposed: ExposedFile | undefined): Account | undefined {
  if (account === undefined || exposed === undefined) return account;
  const marked = (secret: SecretSource | undefined): SecretSource | undefined =>
    secret?.kind === "value" ? { ...secret, exposed } : secret;
  return {
    ...account,
    secret: marked(account.secret),
    oauthToken: marked(account.oauthToken),
    clientSecret: marked(account.clientSecret),
    projectSecret: marked(account.projectSecret),
  };
}

function parseConfig(path: string, text: string): Table {
  try {
    return parseToml(text);
  } catch (error) {
    const fault = tomlFault(error);
    if (fault === undefined) throw error;
    throw inputError(
      `Cannot read ${path}: line ${fault.line}, column ${fault.column}: ${fault.reason}`,
      "texts stand in double quotes, and a table begins with [accounts.NAME]",
      "bad_config",
    );
  }
}

function foreignFile(path: string): MpError {
  return inputError(
    `Cannot change ${path}: it belongs to Mixpanel's Python client, which reads no other keys than its own`,
    "unset MP_CONFIG_PATH, or set it to a file of mp's own; 'mp account import' copies the accounts there",
    "foreign_config",
  );
}
