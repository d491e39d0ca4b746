/** What the commands of plans share: the folder, the kinds, the project. */
import { z } from "zod";
import { text } from "../../../api/params.ts";
import type { Client } from "../../../client/types.ts";
import type { Context } from "../../../cli/context.ts";
import { workspaceOf } from "../../../cli/scope.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import type { PlanDefinition } from "../../../jobs/plan/definition.ts";
import { differencesOf, type PlanChange } from "../../../jobs/plan/plan_differences.ts";
import { readPlan, withoutLocalFields } from "../../../jobs/plan/plan_folder.ts";
import type { PlanKind, PlanProject } from "../../../jobs/plan/plan_kind.ts";
import { PLAN_KINDS } from "../../../jobs/plan/plan_kinds.ts";
import { type ProjectPlan, readProject } from "../../../jobs/plan/read_project.ts";
import { referencesIn } from "../../../jobs/plan/references.ts";

/** Exit code: there are differences. */
export const DIFFERENCES_FOUND = 9;

export const planInput = {
  folder: text("Folder of the plan, or an address such as s3://bucket/plan", { placeholder: "FOLDER" }),
  only: z.array(z.enum(PLAN_KINDS.map(({ kind }) => kind) as [string, ...string[]])).optional().meta({
    placeholder: "KIND",
    description: `Leave out all other kinds; one of ${PLAN_KINDS.map(({ kind }) => kind).join(", ")}`,
  }),
};

/** Those that were asked for, else all. */
export function chosenKinds(only: readonly string[] | undefined): PlanKind[] {
  return PLAN_KINDS.filter(({ kind }) => only === undefined || only.includes(kind));
}

/** The project of a client, as jobs of plans know it; its workspace is that of the command. */
export function planProject(context: Context, client: Client): PlanProject {
  let workspace: Promise<string> | undefined;
  const known = new Map<string, Promise<unknown>>();
  const { clock, signal, note } = context;
  return {
    client,
    workspace: () => workspace ??= workspaceOf(context),
    once<T>(what: string, read: () => Promise<T>): Promise<T> {
      if (!known.has(what)) known.set(what, read());
      return known.get(what) as Promise<T>;
    },
    clock,
    signal,
    note,
  };
}

/** A project, with the kinds that were asked for; the others where they are referred to. */
export function readChosen(
  project: PlanProject,
  kinds: readonly PlanKind[],
  wanted: readonly PlanDefinition[] = [],
): Promise<ProjectPlan> {
  const others = PLAN_KINDS.filter((one) => !kinds.includes(one));
  const referredTo = wanted.flatMap(({ fields }) => referencesIn(fields)).map((path) => path.split("/")[0]!);
  return readProject(project, kinds, { others, referredTo });
}

/** A plan and a project beside each other. */
export interface ComparedPlan {
  kinds: PlanKind[];
  wanted: PlanDefinition[];
  project: PlanProject;
  there: ProjectPlan;
  changes: PlanChange[];
}

/**
 * Reads a folder, then the project.
 *
 * @throws MpError (input) before anything is asked for, when the folder has no plan
 */
export async function comparePlan(
  context: Context,
  { folder, only }: { folder: string; only?: readonly string[] },
): Promise<ComparedPlan> {
  const kinds = chosenKinds(only);
  const wanted = (await readPlan(await storageAt(context, folder), kinds)).map(({ definition }) =>
    withoutLocalFields(definition, kinds.find(({ kind }) => kind === definition.kind)!)
  );
  const project = planProject(context, await context.client());
  const there = await readChosen(project, kinds, wanted);
  // People who write ids of this project mean its things.
  const named = wanted.map((one) => ({ ...one, fields: there.named(one.fields) }));
  return { kinds, wanted: named, project, there, changes: differencesOf(named, there.definitions, kinds) };
}

/** Says which ids within the project's definitions lead nowhere: in another project they would mean something else. */
export async function noteUnknown(context: Context, { unknown }: ProjectPlan): Promise<void> {
  for (const { of, kind, id } of unknown) {
    await context.note(`${of} refers to ${kind}/${id}, which is not in the project: its id stays in the plan`);
  }
}
