import { amplitude } from "./amplitude.ts";
import { ga4 } from "./ga4.ts";
import { heap } from "./heap.ts";
import { posthog } from "./posthog.ts";
import type { Preset } from "./preset.ts";
import { rawExport } from "./raw_export.ts";
import { rudderstack } from "./rudderstack.ts";
import { segment } from "./segment.ts";

/** By the name that is typed after `--preset`. */
export const PRESETS = {
  "raw-export": rawExport,
  amplitude,
  ga4,
  posthog,
  segment,
  rudderstack,
  heap,
} as const satisfies Record<
  string,
  Preset
>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];
