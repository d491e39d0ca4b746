/** What several tables of mixpanel-headless show: how it is installed, and things that both drivers make. */
import { join } from "node:path";
import { HEADLESS as PACKAGES, installPackages } from "../../helpers/python_packages.ts";
import type { Client } from "../client.ts";
import { prepareHeadless } from "../headless_seed.ts";
import { SEED_DAY, SEED_REPORT } from "../seed.ts";

/** A client that a driver of this name runs. */
export const headlessClient = (name: string, driver: string, calls: Client["calls"]): Client => ({
  name,
  registry: "PyPI",
  package: "mixpanel-headless",
  version: "0.4.0",
  reaches: "`HTTPS_PROXY` and `SSL_CERT_FILE`; it also has `MP_API_BASE_URL`",
  install() {
    const installed = installPackages(PACKAGES);
    return "reason" in installed
      ? installed
      : { argv: [installed.python, join(import.meta.dirname!, "..", "drivers", driver)] };
  },
  prepare: prepareHeadless,
  calls,
});

export const day = (value: unknown) => ({ [SEED_DAY]: value });
/** As saved reports have it, with the offset of the project's zone. */
export const dated = (value: unknown) => ({ [`${SEED_DAY}T00:00:00+00:00`]: value });

/** Of the client's own memory or files. */
export const local = { not: "asks no endpoint" };
export const oneSchema = {
  not: "expects one schema of `…/schemas/event?entity_name=`, where the published specification has a list",
};

const { sections: { show: [{ behavior, measurement }], time }, displayOptions } = SEED_REPORT.params;

/** A report that counts views on the day of the seed. */
export const VIEWS = { sections: { show: [{ type: "metric", behavior, measurement }], time }, displayOptions };
export const IS_PRO = {
  resourceType: "events",
  value: "plan",
  filterType: "string",
  defaultType: "string",
  filterOperator: "equals",
  filterValue: ["pro"],
};
export const PRO_USERS = {
  operator: "and",
  children: [{ property: "user", value: "plan", operator: "==", operand: "pro", type: "string" }],
};
export const ALERT = {
  condition: { operator: "less_than", value: 50 },
  frequency: 86_400,
  subscriptions: [{ type: "email", value: "a@example.com" }],
};
