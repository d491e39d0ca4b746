/** The layouts of other systems' exports, as data. */
import type { Recipe, RecordKind } from "../map_recipe.ts";

export interface Preset {
  /** What it reads, in a few words, for the help. */
  summary: string;
  /** For each kind of record that the layout has. */
  recipes: Partial<Record<RecordKind, Recipe>>;
}
