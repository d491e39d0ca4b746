import { join } from "node:path";
import { AIRBYTE as PACKAGES, installPackages } from "../../helpers/python_packages.ts";
import type { Client } from "../client.ts";
import { SEED_DAY } from "../seed.ts";
import { answers } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "airbyte.py");

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
    discover: answers(["annotations", "cohort_members", "cohorts", "engage", "export", "funnels"], "all streams"),
    read: { not: "it waits for a minute after each request, so as to stay within Mixpanel's quota" },
  },
};
