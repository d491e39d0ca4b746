import { z } from "zod";
import { me } from "../../api/app.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { workspacesOf } from "../../cli/scope.ts";
import { openConfig, requireAccount } from "../account/shared/config_access.ts";
import { promptsOf } from "../account/shared/prompts.ts";
import { changeAccount, chooseNamed, storedAccount } from "../projects/shared/scope_choice.ts";
import { inputError } from "../../errors.ts";

export default command({
  summary: "choose the workspace (data view) that the account is used for",
  description:
    `Writes the workspace's id to the account in use, for all queries of its project. On a terminal, a list is
offered when none is named. Without a workspace, queries see all of the project that the account may see.`,
  examples: [
    { text: "By its name", run: "mp workspaces use 'All Project Data'" },
    { text: "None again", run: "mp workspaces use --none" },
  ],
  args: ["id_or_name"],
  operations: [me],
  input: z.object({
    id_or_name: text("Workspace's id or name").optional(),
    none: z.boolean().default(false).meta({ description: "Use no workspace: query the project as a whole" }),
  }),
  async run(context, { id_or_name: typed, none }) {
    const variable = "MP_WORKSPACE_ID";
    requireAccount(await openConfig(context), await storedAccount(context), "change");
    if (none) {
      if (typed !== undefined) {
        throw inputError("Cannot use a workspace and none", "leave one of the two out", "bad_flags");
      }
      const said = (account: string) => `Account ${account} now uses no workspace`;
      return await changeAccount(context, { variable, said }, (before) => ({ ...before, workspaceId: undefined }));
    }
    const all = (await workspacesOf(context)).map((one) => ({ id: String(one.id), name: one.name }));
    const { id, name } = await chooseNamed("workspace", all, typed, await promptsOf(context));
    const said = (account: string) => `Account ${account} now uses workspace ${id} (${name})`;
    await changeAccount(context, { variable, said }, (before) => ({ ...before, workspaceId: id }));
  },
});
