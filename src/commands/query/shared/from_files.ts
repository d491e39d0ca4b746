/** `--source`: a question asked of files or of an engine, with the command that asks Mixpanel. */
import type { z } from "zod";
import type { Command } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { isEngineAddress } from "../../../engines/engine_address.ts";
import { inputError } from "../../../errors.ts";
import { readVariable } from "../../../settings/environment.ts";
import { isZone, refuseAlone, SOURCE_FLAGS, type SourceFlags, type WantedSource } from "./source_flags.ts";

/** The command, whose questions can be asked of files too. */
export function askable<Input extends z.ZodObject>(command: Command<Input>): Command<Input> {
  const input = command.input.extend(SOURCE_FLAGS) as unknown as Input;
  return {
    ...command,
    input,
    async run(context, given, typedDays) {
      const { source, tz, preset, map, ...own } = given as SourceFlags & Record<string, unknown>;
      const wanted = wantedSource(context, { source, tz, preset, map });
      const ask = (asking: Context) => command.run(asking, own as z.output<Input>, typedDays);
      return wanted === undefined ? await ask(context) : await withSource(context, wanted, ask);
    },
  };
}

/**
 * What is asked in place of Mixpanel: what the flags name, or MP_SOURCE; undefined where that is Mixpanel.
 *
 * @throws MpError (input) for flags that need --source
 */
export function wantedSource(
  context: Context,
  { source, tz, preset, map }: SourceFlags,
): WantedSource | undefined {
  const paths = sourceOf(context, source);
  if (paths !== undefined) return { paths, tz: tz ?? zoneOfVariable(context), preset, map };
  refuseAlone({ tz, preset, map });
  return undefined;
}

/** Runs `ask` with a context whose client answers from files, or from a table in an engine. */
export async function withSource<T>(
  context: Context,
  wanted: WantedSource,
  ask: (asking: Context) => Promise<T>,
): Promise<T> {
  if (wanted.paths.some(isEngineAddress)) {
    return await (await import("./engine_source.ts")).withEngine(context, wanted, ask);
  }
  return await (await import("./source_client.ts")).withFiles(context, wanted, ask);
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

/** The zone of the variable, if there is one. @throws MpError (input) for a zone that is none */
export function zoneOfVariable({ env }: Context): string | undefined {
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
