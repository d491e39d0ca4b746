/** `--source`: a question asked of files, with the command that asks Mixpanel. */
import type { z } from "zod";
import type { Command } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { readVariable } from "../../../settings/environment.ts";
import { isZone, refuseAlone, SOURCE_FLAGS, type SourceFlags } from "./source_flags.ts";

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
        { paths, tz: tz ?? zoneOf(context), preset, map },
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

/** @throws MpError (input) for a zone that is none */
function zoneOf({ env }: Context): string | undefined {
  const zone = readVariable(env, "MP_SOURCE_TZ");
  if (zone === undefined || isZone(zone)) return zone;
  throw inputError(
    `Cannot use MP_SOURCE_TZ: there is no time zone '${zone}'`,
    "use an IANA name such as Europe/Berlin",
    "bad_variable",
  );
}

function sourceOf({ env }: Context, typed: string[] | undefined): string[] | undefined {
  if (typed !== undefined && typed.length > 0) return typed;
  const variable = readVariable(env, "MP_SOURCE");
  return variable === undefined ? undefined : [variable];
}
