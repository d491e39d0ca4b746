/** Whether a report counts anything, and what is said when it does not. */
import type { Context } from "../../../cli/context.ts";
import { nothingCounted, nothingSplit } from "../../../cli/nothing_counted.ts";

type Numbers = Readonly<Record<string, number | null>>;

interface Asked {
  event: string;
  where?: string;
  on?: string;
}

export const isNothing = (numbers: Numbers | undefined): boolean => Object.values(numbers ?? {}).every((one) => !one);

/** The remark on the counts of one event, split by a property or not. */
export function remarkOnCounts(
  { data: { values } }: { data: { values: Record<string, Numbers> } },
  { event, where, on }: Asked,
  context: Context,
): Promise<string> | undefined {
  if (Object.values(values).every(isNothing)) return nothingCounted(context, [event], { where });
  const [segment, ...others] = Object.keys(values);
  const isUnsplit = on !== undefined && segment === "undefined" && others.length === 0;
  return isUnsplit ? nothingSplit(context, event, on) : undefined;
}

/** The remark on one number a date, made of a numeric property. */
export function remarkOnNumbers(
  { results }: { results: Numbers },
  { event, where, on }: Asked,
  context: Context,
): Promise<string> | undefined {
  return isNothing(results) ? nothingCounted(context, [event], { where, on }) : undefined;
}
