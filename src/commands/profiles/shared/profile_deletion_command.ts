/** `profiles delete` and `groups delete`. */
import { z } from "zod";
import {
  MAX_UPDATES_PER_REQUEST,
  type ProfileUpdate,
  type UpdateOperation,
  USERS,
} from "../../../api/profile_updates.ts";
import { type Command, command } from "../../../cli/command.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import { shellWord } from "../../../runtime/shell_word.ts";
import { someIds } from "../../../cli/some_ids.ts";
import { formatCount, formatNumber } from "../../../output/format.ts";
import { inputError, MpError } from "../../../errors.ts";
import { checkEither, recordsIn, WHOLE_BODY } from "../../../cli/whole_body.ts";
import {
  GROUP,
  optionalFields,
  type ProfileCommandOptions,
  send,
  typedTarget,
  type TypedUpdate,
  updateSwitches,
} from "./profile_update_command.ts";

/** Makes the command. It asks before it deletes. */
export function profileDeletionCommand(operation: UpdateOperation, options: ProfileCommandOptions): Command {
  const isUser = operation.kind === USERS;
  const ids = z.array(z.string()).min(1).meta({ description: isUser ? "Whose profiles" : "Which groups" });
  const target: Record<string, z.ZodType> = isUser
    ? { distinct_ids: ids }
    : { group_key: GROUP.group_key, group_ids: ids };
  const input = z.object({
    ...optionalFields(target),
    ...updateSwitches(operation),
    ...(isUser ? IGNORE_ALIAS : {}),
    ...WHOLE_BODY,
  });
  return command({
    ...options,
    operations: [operation],
    args: isUser ? ["distinct_ids"] : ["group_key", "group_ids"],
    input,
    async run(context, typed) {
      const { distinct_ids, group_key, group_ids, ignore_alias, ...rest } = typed as TypedUpdate & TypedDeletion;
      checkEither("delete a profile", rest.data, typedTarget(target, typed));
      if (rest.data !== undefined) {
        const updates = recordsIn(rest.data);
        const which = formatCount(updates.length, isUser ? "profile" : "group profile");
        await confirmInProject(context, `Delete ${which}? This cannot be undone`, { byToken: true });
        await send(context, operation, updates, rest);
        return await context.note(`Deleted ${which}`);
      }
      const named = [...new Set(distinct_ids ?? group_ids ?? [])];
      if (named.includes("")) throw inputError("Cannot delete a profile without an id");
      const count = named.length === 1 ? "profile" : `${formatNumber(named.length)} profiles`;
      const what = `${isUser ? "" : `${group_key} `}${count} of ${someIds(named)}`;
      await confirmInProject(context, `Delete the ${what}? This cannot be undone`, { byToken: true });
      const updates = named.map((id): ProfileUpdate => ({
        ...(isUser ? { $distinct_id: id } : { $group_key: group_key, $group_id: id }),
        $delete: "",
        ...(ignore_alias ? { $ignore_alias: true } : {}),
      }));
      for (let start = 0; start < updates.length; start += MAX_UPDATES_PER_REQUEST) {
        const batch = updates.slice(start, start + MAX_UPDATES_PER_REQUEST);
        await send(context, operation, batch, rest).catch(async (error) => {
          const state = error instanceof MpError && error.inDoubt ? "are in doubt" : "are not deleted";
          if (start > 0) {
            await context.note(`${start} of ${updates.length} were deleted; the next ${batch.length} ${state}`);
          }
          throw error;
        });
      }
      const look = isUser ? `; look whether it is gone: mp profiles get ${shellWord(named[0] as string)}` : "";
      await context.note(`Deleted the ${what}${look}`);
    },
  }) as unknown as Command;
}

interface TypedDeletion {
  distinct_ids?: string[];
  group_ids?: string[];
  ignore_alias?: boolean;
}

const IGNORE_ALIAS = {
  ignore_alias: z.boolean().default(false).meta({
    description: "Delete the profile of this very id, also when it is an alias of another",
  }),
};
