/** What the commands on experiments have in common. */
import type { z } from "zod";
import type { experiment } from "../../../api/experiments.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

type Experiment = z.output<typeof experiment>;

/** Rows with the columns that people look for. */
export function presentExperiments(experiments: readonly Experiment[]): Presentation {
  return {
    rows: experiments.map(({ id, name, status, start_date, end_date, variants, feature_flag }) => ({
      id,
      name,
      status,
      start: start_date,
      end: end_date,
      variants: variants?.map(keyOf).filter((key) => key !== undefined).join(", "),
      flag: feature_flag?.key,
    })),
    columns: ["id", "name", "status", "start", "end", "variants", "flag"],
  };
}

/** A sentence on what an experiment has become. */
export const becameOf = ({ name, id, status }: Experiment): string => `${name ?? id}: ${status}`;

function keyOf(variant: unknown): unknown {
  if (typeof variant !== "object" || variant === null) return variant;
  const { key, name } = variant as { key?: unknown; name?: unknown };
  return key ?? name;
}
