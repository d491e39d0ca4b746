/** The rules by which an import takes records, the same for `--check` and for the import itself. */
import { GROUPS, USERS } from "../../../api/profile_updates.ts";
import type { Context } from "../../../cli/context.ts";
import { updateCheck, type UpdateRules } from "../../../jobs/profiles/update_profiles.ts";
import { eventCheck } from "../../../records/check/event_check.ts";
import type { RecordCheck } from "../../../records/check/record_check.ts";
import { recordFixer } from "../../../records/map/fix_record.ts";
import type { Recipe } from "../../../records/map/map_recipe.ts";
import type { ImportInput } from "./import_flags.ts";

/** The check of an import's records, of whatever kind. */
export function importCheck(context: Context, input: ImportInput, recipe: Recipe): RecordCheck {
  if ((recipe.kind ?? "events") !== "events") return updateCheck(updateRules(context, recipe), recipe);
  const { timeZone, timeFormat: format } = recipe;
  return eventCheck(false, { recipe, fix: input.fix ? recordFixer({ timeZone, format }) : undefined });
}

/** Only updates that are harmless when they are sent twice, as after a crash they may be. */
export function updateRules({ globals }: Context, recipe: Recipe): UpdateRules {
  return {
    kind: recipe.kind === "groups" ? GROUPS : USERS,
    allowsDelete: globals.yes || globals.dryRun,
    onlyRepeatable: true,
  };
}
