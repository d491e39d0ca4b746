/** Alerts on the numbers of saved reports: insights and funnels. */
import { z } from "zod";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, choice, count, id, jsonText, text } from "./params.ts";

const PATH = "/projects/{project_id}/alerts/custom/";
const ONE = `${PATH}{alert_id}/`;

const one = { alert_id: id("Alert's id, from 'mp alerts list'", { completes: "alerts" }) };
const alertIds = z.array(one.alert_id).min(1).meta({
  placeholder: "ID",
  completes: "alerts",
  description: "Ids of alerts",
});

const UNPUBLISHED = { ...APP, unpublished: "client" } as const;

/** How often an alert is checked: what people type, and seconds as the API has them. */
const FREQUENCIES: Readonly<Record<string, number>> = { hour: 3600, day: 86_400, week: 604_800 };

/** `hour`, `day` or `week`; a number of seconds that is none of them as it is. */
export function formatFrequency(seconds: unknown): string {
  const known = Object.entries(FREQUENCIES).find(([, one]) => one === Number(seconds))?.[0];
  return known ?? (seconds === undefined || seconds === null ? "" : `${seconds} s`);
}

const secondsOf = (value: string | number): number => FREQUENCIES[value] ?? Number(value);

const frequency = z.union([z.string(), z.number()])
  .refine((value) => Object.values(FREQUENCIES).includes(secondsOf(value)), {
    error: (issue) => `${JSON.stringify(issue.input)} is not hour, day or week`,
  })
  .transform(secondsOf)
  .meta({ placeholder: Object.keys(FREQUENCIES).join("|"), description: "How often it is checked" });

/** Hours and minutes of a day. */
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "not a time such as 08:00");

/** Days count from 0, Monday; an `end_day` from 7 on is in the next week. */
const notificationWindows = z.looseObject({
  enabled: z.boolean(),
  windows: z.array(z.looseObject({
    start_day: z.int().min(0).max(6),
    start_time: clock,
    end_day: z.int().min(0).max(13),
    end_time: clock,
  })),
});

/**
 * What an alert is made of. The shape of `condition` is not known, and that of `subscriptions` from one client's tests
 * only, so that neither is a flag.
 */
const fields = {
  name: text("Name that people read").max(50),
  bookmark_id: id("Id of the saved report that it watches", {
    flag: "report-id",
    aliases: ["bookmark-id"],
    completes: "reports",
  }),
  frequency,
  condition: z.looseObject({}).meta({ description: "When it fires; only in --data" }),
  subscriptions: z.array(z.looseObject({})).meta({ description: "Whom it tells; only in --data" }),
  notification_windows: jsonText(notificationWindows, "When it may tell somebody").optional(),
};

const paused = z.boolean().meta({ description: "Whether it is paused" });

/** An alert. Where one is asked for by its id, servers may show no more than id and name. */
export const alert = z.looseObject({
  id: anyId,
  name: z.string().nullish(),
  frequency: z.unknown().optional(),
  paused: z.boolean().nullish(),
  valid: z.boolean().nullish(),
  last_fired: z.string().nullish(),
  bookmark: z.looseObject({ id: anyId.optional(), name: z.string().nullish() }).nullish(),
});

export const listAlerts = operation({
  ...UNPUBLISHED,
  id: "alerts.list",
  summary: "list alerts on saved reports",
  routes: [get("app", PATH)],
  params: z.object({
    bookmark_id: fields.bookmark_id.meta({ description: "Only those of this saved report" }).optional(),
    skip_user_filter: z.boolean().meta({ description: "Also those that others have made" }).optional(),
  }),
  result: z.array(alert),
});

export const getAlert = operation({
  ...UNPUBLISHED,
  id: "alerts.get",
  summary: "show an alert",
  routes: [get("app", ONE)],
  params: z.object(one),
  result: alert,
});

export const createAlert = operation({
  ...UNPUBLISHED,
  id: "alerts.create",
  summary: "create an alert on a saved report",
  routes: [post("app", PATH)],
  look: "mp alerts list",
  params: z.object({ ...fields, paused: paused.default(false) }),
  result: alert,
});

export const updateAlert = operation({
  ...UNPUBLISHED,
  id: "alerts.update",
  summary: "change an alert",
  routes: [patch("app", ONE)],
  look: "mp alerts get {alert_id}",
  repeatable: true,
  params: z.object({ ...one, ...z.object({ ...fields, paused }).partial().shape }),
  result: alert,
});

export const deleteAlert = operation({
  ...UNPUBLISHED,
  id: "alerts.delete",
  summary: "delete alerts",
  routes: [del("app", ONE)],
  look: "mp alerts list",
  params: z.object(one),
  result: z.unknown(),
});

export const deleteAlerts = operation({
  ...UNPUBLISHED,
  id: "alerts.delete_many",
  summary: "delete several alerts at once",
  routes: [post("app", `${PATH}bulk-delete/`)],
  look: "mp alerts list",
  params: z.object({ alert_ids: alertIds }),
  result: z.unknown(),
});

export const countAlerts = operation({
  ...UNPUBLISHED,
  id: "alerts.count",
  summary: "show how many alerts there are, and how many there may be",
  routes: [get("app", `${PATH}alert-count/`)],
  params: z.object({ type: choice(["anomaly"], "Only alerts of this kind").optional() }),
  result: z.looseObject({
    anomaly_alerts_count: z.number().optional(),
    alert_limit: z.number().nullish(),
    is_below_limit: z.boolean().optional(),
  }),
});

export const alertHistory = operation({
  ...UNPUBLISHED,
  id: "alerts.history",
  summary: "list when an alert was checked and fired",
  routes: [get("app", `${ONE}history/`)],
  params: z.object({
    ...one,
    page_size: count("Items in a page; all pages are fetched", { min: 1 }).optional(),
  }),
  result: z.array(z.looseObject({})),
});

export const testAlert = operation({
  ...UNPUBLISHED,
  id: "alerts.test",
  summary: "send an alert once, without saving it",
  routes: [post("app", `${PATH}test/`)],
  params: createAlert.params,
  result: z.unknown(),
});

export const alertScreenshot = operation({
  ...UNPUBLISHED,
  id: "alerts.screenshot",
  summary: "get the address of an alert's picture",
  routes: [get("app", `${PATH}screenshot/`)],
  params: z.object({ gcs_key: text("The picture's key, from 'mp alerts history'", { placeholder: "KEY" }) }),
  result: z.looseObject({ signed_url: z.string() }),
});

export const validateAlerts = operation({
  ...UNPUBLISHED,
  id: "alerts.validate",
  summary: "show which alerts a change of their report would break",
  routes: [post("app", `${PATH}validate-alerts-for-bookmark/`)],
  repeatable: true,
  params: z.object({
    alert_ids: alertIds,
    bookmark_type: choice(["insights", "funnels"], "What kind of report it is", { flag: "report-type" }),
    bookmark_params: jsonText(z.looseObject({}), "The report's parameters as they would be", {
      flag: "report-params",
    }),
  }),
  result: z.looseObject({
    alert_validations: z.array(z.looseObject({
      alert_id: anyId,
      alert_name: z.string().nullish(),
      valid: z.boolean(),
      reason: z.string().nullish(),
    })),
    invalid_count: z.number().optional(),
  }),
});
