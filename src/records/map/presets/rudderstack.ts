import type { Preset } from "./preset.ts";
import { segment } from "./segment.ts";

/** RudderStack keeps calls as Segment does, in its object storages and in its warehouses. */
export const rudderstack: Preset = {
  summary: "RudderStack's calls, as its storages and warehouses keep them",
  recipes: segment.recipes,
};
