import { join } from "node:path";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { installPackages, TAP as PACKAGES } from "../../helpers/python_packages.ts";
import type { Client } from "../client.ts";
import { SEED_ANNOTATION, SEED_COHORT, SEED_DAY, SEED_EVENTS, SEED_FUNNEL, SEED_PROFILES } from "../seed.ts";
import { answers } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "tap.py");
const STREAMS = ["annotations", "cohort_members", "cohorts", "engage", "export", "funnels"];

/** It writes numbers of events as text. */
const rows = SEED_EVENTS.map(({ event, properties: { distinct_id, plan, amount, $insert_id } }) => [
  event,
  distinct_id,
  plan,
  String(amount),
  $insert_id,
]).sort();

export const TAP: Client = {
  name: "tap-mixpanel",
  registry: "PyPI",
  package: "tap-mixpanel",
  version: "1.8.0",
  reaches: "`HTTPS_PROXY` and `REQUESTS_CA_BUNDLE`; it has no option for the host",
  install() {
    const installed = installPackages(PACKAGES);
    return "reason" in installed ? installed : { argv: [installed.python, driver], env: { MP_DAY: SEED_DAY } };
  },
  calls: {
    discover: answers([STREAMS, true], "all streams; properties of profiles are in their schema"),
    sync: answers(STREAMS, "records of every stream"),
    export: answers(rows, "all events with their properties"),
    engage: answers(
      SEED_PROFILES.map(({ $distinct_id, $set: { plan, $email } }) => [$distinct_id, plan, $email]),
      "all profiles with their properties",
    ),
    funnels: answers(
      [[SEED_FUNNEL.id, SEED_FUNNEL.name, SEED_DAY, [["Seed View", 2], ["Seed Buy", 1]]]],
      "people by step and day",
    ),
    cohorts: answers([[SEED_COHORT.id, SEED_COHORT.name, 1, 1]], "the cohort with the number of its members"),
    cohort_members: answers([[SEED_COHORT.id, "seed-1"]], "its members"),
    annotations: answers(
      [[`${SEED_ANNOTATION.date.replace(" ", "T")}.000000Z`, SEED_ANNOTATION.description, SANDBOX.projectId]],
      "the annotation of the day",
    ),
  },
};
