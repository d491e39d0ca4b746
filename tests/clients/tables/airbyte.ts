import { join } from "node:path";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AIRBYTE as PACKAGES, installPackages } from "../../helpers/python_packages.ts";
import type { Client } from "../client.ts";
import { SEED_ANNOTATION, SEED_COHORT, SEED_DAY, SEED_EVENTS, SEED_FUNNEL, SEED_PROFILES } from "../seed.ts";
import { answers } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "airbyte.py");
const STREAMS = ["annotations", "cohort_members", "cohorts", "engage", "export", "funnels"];

export const AIRBYTE: Client = {
  name: "Airbyte's source-mixpanel",
  registry: "PyPI",
  package: "airbyte-source-mixpanel",
  version: "4.0.2",
  reaches: "`HTTPS_PROXY`, with the authority among those of the package `certifi`: it reads no variable for that",
  install() {
    const installed = installPackages(PACKAGES);
    return "reason" in installed ? installed : { argv: [installed.python, driver], env: { MP_DAY: SEED_DAY } };
  },
  calls: {
    spec: answers(["credentials"], "what a configuration must have; no server is asked"),
    check: answers("SUCCEEDED", "the service account is accepted"),
    discover: answers(STREAMS, "all streams"),
    read: answers(STREAMS, "records of every stream; the minute that it waits after each request is skipped"),
    "read export": answers(
      SEED_EVENTS.map(({ event, properties: { distinct_id, plan, amount, $insert_id } }) => [
        event,
        distinct_id,
        plan,
        String(amount),
        $insert_id,
      ]).sort(),
      "all events with their properties",
    ),
    "read engage": answers(
      SEED_PROFILES.map(({ $distinct_id, $set: { plan, $email } }) => [$distinct_id, plan, $email]),
      "all profiles with their properties",
    ),
    "read funnels": answers(
      [[SEED_FUNNEL.id, SEED_FUNNEL.name, SEED_DAY, [["Seed View", 2], ["Seed Buy", 1]]]],
      "people by step and day",
    ),
    "read cohorts": answers([[SEED_COHORT.id, SEED_COHORT.name, 1, 1]], "the cohort with the number of its members"),
    "read cohort_members": answers([[SEED_COHORT.id, "seed-1"]], "its members"),
    "read annotations": answers(
      [[SEED_ANNOTATION.date, SEED_ANNOTATION.description, SANDBOX.projectId]],
      "the annotation of the day",
    ),
  },
};
