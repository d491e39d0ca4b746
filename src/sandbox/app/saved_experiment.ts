/** Experiments as they are saved: flags and experiments know each other by it. */
import type { SandboxCall } from "../call.ts";
import type { Authorship } from "./author.ts";
import type { JsonObject } from "./body.ts";

/** The kind of saved objects that experiments are. */
export const EXPERIMENT = "experiment";

export const EXPERIMENT_STATUSES = ["draft", "active", "concluded", "success", "fail"] as const;
export type ExperimentStatus = typeof EXPERIMENT_STATUSES[number];

/** An experiment as it is saved. */
export interface SavedExperiment extends Authorship {
  id: string;
  name: string;
  status: ExperimentStatus;
  startDate?: string;
  endDate?: string;
  /** When it was archived. */
  deletedMs?: number;
  /** Description, hypothesis, variants, metrics and the like, as they were sent. */
  details: JsonObject;
}

/** The experiment of an id, if there is one. */
export function savedExperiment(call: SandboxCall, id: string): SavedExperiment | undefined {
  return call.store.savedObjects.list<SavedExperiment>(call.project.id, EXPERIMENT).find(({ body }) => body.id === id)
    ?.body;
}
