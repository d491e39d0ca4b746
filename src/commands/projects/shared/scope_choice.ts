/** Which project or workspace an account is for: chosen by id, by name or from a list, and written to the config file. */
import { inputError } from "../../../errors.ts";
import type { Context } from "../../../cli/context.ts";
import { readVariable } from "../../../settings/environment.ts";
import type { Account } from "../../../settings/account.ts";
import { nearest } from "../../../streams/nearest.ts";
import { accountName, changeConfig, openConfig, requireAccount } from "../../account/shared/config_access.ts";
import type { Choice, Prompts } from "../../account/shared/prompts.ts";

/** What can be chosen. */
export interface NamedId {
  id: string;
  name: string;
  /** What tells two of the same name apart. */
  hint?: string;
}

/**
 * The one that was typed, by its id or its name in any case; without anything typed, the one picked from the list.
 *
 * @throws MpError (input) when there is none or more than one, and when nothing is typed and nobody can be asked.
 */
export async function chooseNamed(
  noun: "project" | "workspace",
  all: readonly NamedId[],
  typed: string | undefined,
  prompts: Prompts | undefined,
): Promise<NamedId> {
  if (typed === undefined) {
    if (prompts === undefined) {
      throw inputError(
        `Cannot tell which ${noun} is meant`,
        `name one; 'mp ${noun}s list' shows them`,
        "missing_argument",
      );
    }
    if (all.length === 0) throw inputError(`Cannot choose a ${noun}: the credentials see none`);
    const choices = all.map(({ id, name, hint }): Choice<string> => ({
      value: id,
      label: name,
      hint: hint === undefined ? id : `${id}, ${hint}`,
    }));
    const picked = await prompts.select(`Which ${noun}?`, choices);
    return all.find(({ id }) => id === picked)!;
  }
  const byId = all.find(({ id }) => id === typed);
  if (byId !== undefined) return byId;
  const byName = all.filter(({ name }) => name.toLowerCase() === typed.toLowerCase());
  const [only] = byName;
  if (only !== undefined && byName.length === 1) return only;
  if (byName.length > 1) {
    const ids = byName.map(({ id }) => id).join(", ");
    throw inputError(
      `Cannot tell which ${noun} ${JSON.stringify(typed)} is: ${byName.length} have that name`,
      `use an id: ${ids}`,
    );
  }
  const near = nearest(typed, all.map(({ name }) => name));
  throw inputError(
    `Cannot use ${noun} ${JSON.stringify(typed)}: the credentials see no such ${noun}`,
    near === undefined ? `'mp ${noun}s list' shows those they see` : `did you mean ${JSON.stringify(near)}?`,
    `unknown_${noun}`,
  );
}

/** Changes the account in use, which the config file must hold, and says which variable takes precedence. */
export async function changeAccount(
  context: Context,
  { variable, said }: { variable: "MP_PROJECT_ID" | "MP_WORKSPACE_ID"; said: (account: string) => string },
  change: (account: Account) => Account,
): Promise<void> {
  const name = await storedAccount(context);
  await changeConfig(context, said(name), (config) => ({ set: [change(requireAccount(config, name, "change"))] }));
  const other = readVariable(context.env, variable);
  if (other !== undefined) await context.note(`${variable} is set in this shell: ${other} takes precedence`);
}

/** The name of the account that a command would use now. Throws an input error when the config file has none. */
export async function storedAccount(context: Context): Promise<string> {
  const { account } = await context.settings();
  return accountName(context, await openConfig(context), account?.value);
}
