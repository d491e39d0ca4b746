/** `--source`: a question asked of files, with the command that asks Mixpanel. */
import { z } from "zod";
import { choice, repeatedTexts } from "../../../api/params.ts";
import type { Command } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { PRESET_NAMES, type PresetName } from "../../../records/map/presets/index.ts";
import { readVariable } from "../../../settings/environment.ts";
import { SCHEMES } from "../../../storage/registry.ts";

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch (error) {
    // expected: RangeError for a name that is none
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** How the files of a question are read. */
export const SOURCE_FLAGS = {
  source: repeatedTexts(
    `Ask these files in place of Mixpanel: a folder, file, pattern, or ${SCHEMES}bucket/prefix; default MP_SOURCE`,
    { placeholder: "PATH" },
  ).optional(),
  tz: z.string().refine(isZone, { error: "no such time zone: use an IANA name such as Europe/Berlin" }).optional().meta(
    {
      placeholder: "ZONE",
      description: "With --source: the project's time zone, by which days are cut; default UTC",
    },
  ),
  preset: choice(PRESET_NAMES as [PresetName, ...PresetName[]], "With --source: where the files come from, if not mp")
    .optional(),
  map: z.array(z.string()).optional().meta({
    placeholder: "TARGET=SOURCE",
    description: "With --source: what a column or path is: event=name, time=ts, distinct_id=user.id, plan=tier",
  }),
};

export interface SourceFlags {
  source?: string[];
  tz?: string;
  preset?: PresetName;
  map?: string[];
}

/** The command, whose questions can be asked of files too. */
export function askable<Input extends z.ZodObject>(command: Command<Input>): Command<Input> {
  const input = command.input.extend(SOURCE_FLAGS) as unknown as Input;
  return {
    ...command,
    input,
    async run(context, given, typedDays) {
      const { source, tz, preset, map, ...own } = given as SourceFlags & Record<string, unknown>;
      const paths = sourceOf(context, source);
      if (paths === undefined) {
        refuseAlone({ tz, preset, map });
        return await command.run(context, own as z.output<Input>, typedDays);
      }
      const { withFiles } = await import("./source_client.ts");
      return await withFiles(
        context,
        { paths, tz, preset, map },
        (asking) => command.run(asking, own as z.output<Input>, typedDays),
      );
    },
  };
}

/** The command, which refuses what MP_SOURCE would make of it: only Mixpanel can answer. */
export function onlyMixpanel<Input extends z.ZodObject>(command: Command<Input>, reason: string): Command<Input> {
  return {
    ...command,
    async run(context, input, typedDays) {
      const paths = sourceOf(context, undefined);
      if (paths === undefined) return await command.run(context, input, typedDays);
      throw inputError(
        `Cannot ask ${paths[0]}, which MP_SOURCE names: ${reason}`,
        "unset MP_SOURCE asks Mixpanel",
        "not_in_files",
      );
    },
  };
}

function sourceOf({ env }: Context, typed: string[] | undefined): string[] | undefined {
  if (typed !== undefined && typed.length > 0) return typed;
  const variable = readVariable(env, "MP_SOURCE");
  return variable === undefined ? undefined : [variable];
}

/** @throws MpError (input) for flags that need --source */
export function refuseAlone(flags: Omit<SourceFlags, "source">): void {
  const alone = Object.entries(flags).find(([, value]) => value !== undefined);
  if (alone === undefined) return;
  throw inputError(
    `Cannot use --${alone[0]} without --source: it says how files are read`,
    "name the files with --source",
    "bad_flags",
  );
}
