/** The flags of `--source`, and how its files are read. */
import { z } from "zod";
import { choice, repeatedTexts } from "../../../api/params.ts";
import { ENGINE_ADDRESSES } from "../../../engines/engine_address.ts";
import { inputError } from "../../../errors.ts";
import { PRESET_NAMES, type PresetName } from "../../../records/map/presets/index.ts";
import { SCHEMES } from "../../../storage/registry.ts";

export function isZone(timeZone: string): boolean {
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
    `Ask these files in place of Mixpanel: a folder, file, pattern, or ${SCHEMES}bucket/prefix; or a table: ` +
      `${ENGINE_ADDRESSES}; default MP_SOURCE`,
    { placeholder: "PATH" },
  ).optional(),
  tz: z.string().refine(isZone, { error: "no such time zone: use an IANA name such as Europe/Berlin" }).optional().meta(
    {
      placeholder: "ZONE",
      description: "With --source: the project's time zone, by which days are cut; default MP_SOURCE_TZ or UTC",
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

/** What is asked in place of Mixpanel, and how it is read. */
export interface WantedSource extends Omit<SourceFlags, "source"> {
  paths: readonly string[];
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
