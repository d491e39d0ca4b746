/** `profiles delete` and `groups delete`. */
import { z } from "zod";
import {
  MAX_UPDATES_PER_REQUEST,
  type ProfileUpdate,
  type UpdateOperation,
  USERS,
} from "../../../api/profile_updates.ts";
import { type Command, command } from "../../../cli/command.ts";
import { inputError } from "../../../errors.ts";
import { formatCount } from "../../../output/format.ts";
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

const MOST_NAMED = 5;

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
        await context.confirm(`Delete ${which}? This cannot be undone`);
        await send(context, operation, updates, rest);
        return await context.note(`Deleted ${which}`);
      }
      const named = [...new Set(distinct_ids ?? group_ids ?? [])];
      if (named.includes("")) throw inputError("Cannot delete a profile without an id");
      const shown = named.slice(0, MOST_NAMED).map((id) => JSON.stringify(id)).join(", ");
      const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : "";
      const what = `${isUser ? "" : `${group_key} `}profile${named.length === 1 ? "" : "s"} of ${shown}${more}`;
      await context.confirm(`Delete the ${what}? This cannot be undone`);
      const updates = named.map((id): ProfileUpdate => ({
        ...(isUser ? { $distinct_id: id } : { $group_key: group_key, $group_id: id }),
        $delete: "",
        ...(ignore_alias ? { $ignore_alias: true } : {}),
      }));
      for (let start = 0; start < updates.length; start += MAX_UPDATES_PER_REQUEST) {
        await send(context, operation, updates.slice(start, start + MAX_UPDATES_PER_REQUEST), rest);
      }
      await context.note(`Deleted the ${what}`);
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
