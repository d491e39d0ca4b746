/** A saved funnel as the report that it is to Mixpanel, under the same id. (facts 2.12, 4) */
import type { SandboxCall } from "../call.ts";
import { DEFAULT_LENGTH_DAYS, FUNNEL, type SavedFunnel } from "../query/funnels.ts";
import type { SavedBookmark } from "./saved_bookmark.ts";

const DAYS = 30;

/** Undefined for what is no funnel, and for one with conditions, which are saved as expressions. */
export function savedFunnelReport({ store, project }: SandboxCall, id: number): SavedBookmark | undefined {
  const saved = store.savedObjects.get<SavedFunnel>(project.id, FUNNEL, id);
  const names = saved?.steps.map((step) =>
    typeof step === "string" ? step : step.where === undefined ? step.event : undefined
  );
  if (saved === undefined || names === undefined || names.includes(undefined)) return undefined;
  const { name, length = DEFAULT_LENGTH_DAYS, length_unit = "day" } = saved;
  return { name, type: "funnels", params: paramsOf(names as string[], length, length_unit) };
}

function paramsOf(names: readonly string[], length: number, unit: string): SavedBookmark["params"] {
  return {
    sections: {
      show: [{
        type: "metric",
        behavior: {
          ...{ type: "funnel", resourceType: "events", funnelOrder: "loose" },
          ...{ conversionWindowDuration: length, conversionWindowUnit: unit },
          behaviors: names.map((name) => ({
            ...{ type: "event", id: null, name, filters: [], filtersDeterminer: "all", funnelOrder: "loose" },
          })),
          ...{ exclusions: [], aggregateBy: [], filter: [] },
        },
        measurement: { math: "conversion_rate_unique", property: null, stepIndex: null },
      }],
      time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: DAYS } }],
      ...{ filter: [], group: [], formula: [] },
    },
    displayOptions: { chartType: "funnel-steps" },
  };
}
