/** Experiments: draft → active → concluded → success or fail. All live in a workspace. */
import { z } from "zod";
import { APP, del, get, operation, patch, post, put } from "./operation.ts";
import { instant, text, workspace } from "./params.ts";

const PATH = "/workspaces/{workspace_id}/experiments";
const ONE = `${PATH}/{experiment_id}`;

const one = {
  ...workspace,
  experiment_id: text("Experiment's id, from 'mp experiments list'", {
    placeholder: "ID",
    lists: "mp experiments list",
  }),
};

const settings = z.record(z.string(), z.unknown());
const objects = z.array(z.record(z.string(), z.unknown()));

const info = {
  name: text("Name").max(255),
  description: z.string().max(400).meta({ description: "What it is about" }).optional(),
  hypothesis: text("What is expected").optional(),
  settings: settings.meta({ description: "Settings, those of its feature flag among them" }).optional(),
  variants: objects.meta({ description: 'Variants: [{"key": "control"}, …]' }).optional(),
  metrics: objects.meta({ description: "Metrics" }).optional(),
  global_access_type: text("Who may see it", { placeholder: "TYPE" }).optional(),
};

/** An experiment; `deleted` is when it was archived. */
export const experiment = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  status: z.string().optional(),
  start_date: z.string().nullish(),
  end_date: z.string().nullish(),
  variants: z.array(z.unknown()).nullish(),
  feature_flag: z.looseObject({ key: z.string().optional() }).nullish(),
});

export const listExperiments = operation({
  id: "experiments.list",
  summary: "list experiments",
  routes: [get("app", PATH)],
  ...APP,
  params: z.object(workspace),
  result: z.array(experiment),
});

export const createExperiment = operation({
  id: "experiments.create",
  summary: "draft an experiment",
  routes: [post("app", PATH)],
  look: "mp experiments list",
  ...APP,
  params: z.object({ ...workspace, ...info }),
  result: experiment,
});

export const getExperiment = operation({
  id: "experiments.get",
  summary: "show an experiment",
  routes: [get("app", ONE)],
  ...APP,
  params: z.object(one),
  result: experiment,
});

export const updateExperiment = operation({
  id: "experiments.update",
  summary: "change an experiment",
  routes: [patch("app", ONE)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  repeatable: true,
  params: z.object({
    ...one,
    ...info,
    name: info.name.optional(),
    status: text("Status", { placeholder: "draft|active|concluded|success|fail" }).optional(),
    start_date: instant("When it began").optional(),
    end_date: instant("When it ended").optional(),
    exposures_cache: settings.meta({ description: "Counts of exposures that are known already" }).optional(),
    results_cache: settings.meta({ description: "Results that are known already" }).optional(),
    tags: z.array(z.string()).meta({ flag: "tag", placeholder: "TAG", description: "A tag; all are replaced" })
      .optional(),
  }),
  result: experiment,
});

export const deleteExperiment = operation({
  id: "experiments.delete",
  summary: "delete an experiment",
  routes: [del("app", ONE)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  params: z.object(one),
  result: z.unknown(),
});

export const launchExperiment = operation({
  id: "experiments.launch",
  summary: "start a drafted experiment",
  routes: [put("app", `${ONE}/launch`)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  repeatable: false,
  params: z.object(one),
  result: experiment,
});

export const concludeExperiment = operation({
  id: "experiments.conclude",
  summary: "stop an active experiment",
  routes: [put("app", `${ONE}/force_conclude`)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  repeatable: false,
  params: z.object({ ...one, end_date: instant("When it ended; default: now").optional() }),
  result: experiment,
});

export const decideExperiment = operation({
  id: "experiments.decide",
  summary: "record the outcome of a concluded experiment",
  routes: [patch("app", `${ONE}/decide`)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  params: z.object({
    ...one,
    success: z.boolean().meta({ description: "Whether its hypothesis held" }),
    variant: text("The variant that is shipped", { placeholder: "KEY" }).optional(),
    message: text("Why").optional(),
  }),
  result: experiment,
});

export const archiveExperiment = operation({
  id: "experiments.archive",
  summary: "archive an experiment",
  routes: [post("app", `${ONE}/archive`)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  repeatable: true,
  params: z.object(one),
  result: z.unknown(),
});

export const duplicateExperiment = operation({
  id: "experiments.duplicate",
  summary: "draft a copy of an experiment",
  routes: [post("app", "/projects/{project_id}/experiments/{experiment_id}/duplicate")],
  look: "mp experiments list",
  ...APP,
  unpublished: "client",
  body: { kind: "json", ifAny: true },
  params: z.object({
    experiment_id: one.experiment_id,
    name: info.name.meta({ description: "Name of the copy" }).optional(),
  }),
  result: experiment,
});

export const listExperimentResults = operation({
  id: "experiments.erf",
  summary: "print the results of experiments that Mixpanel has computed",
  routes: [get("app", "/projects/{project_id}/experiments/erf/")],
  ...APP,
  unpublished: "client",
  params: z.object({}),
  result: z.unknown(),
});

export const unarchiveExperiment = operation({
  id: "experiments.unarchive",
  summary: "restore an archived experiment",
  routes: [del("app", `${ONE}/archive`)],
  look: "mp experiments get {experiment_id}",
  ...APP,
  repeatable: true,
  params: z.object(one),
  result: experiment,
});
