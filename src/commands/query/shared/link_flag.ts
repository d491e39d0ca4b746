/** `--link`: what makes links is loaded for who wants one. */
import { z } from "zod";
import type { Context } from "../../../cli/context.ts";
import type { countingMeasure, Counts, propertyMeasure } from "./counts_link.ts";

export const LINK = {
  link: z.boolean().optional().meta({
    description: "Print the address of the report on Mixpanel's web page, and ask for no numbers",
  }),
};

/** What says what is counted of an event. */
interface Measures {
  countingMeasure: typeof countingMeasure;
  propertyMeasure: typeof propertyMeasure;
}

/** What a command does with `--link`: in place of asking, it prints the address of the question that `countsOf` makes. */
export function linkInstead<Input>(countsOf: (input: Input, measures: Measures) => Counts) {
  return async (input: Input, { link }: Readonly<Record<string, unknown>>, context: Context): Promise<boolean> => {
    if (link !== true) return false;
    const links = await import("./counts_link.ts");
    await links.printCountsLink(context, countsOf(input, links));
    return true;
  };
}
