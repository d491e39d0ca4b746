/** Calls each method of mixpanel-data-export, with the project's secret. */
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { drive, methodsOf } from "./driver.mjs";

const { MP_URL, MP_TOKEN, MP_SECRET, MP_CLIENT_FOLDER, MP_DAY } = process.env;
const MixpanelExport = createRequire(join(MP_CLIENT_FOLDER, "index.js"))("mixpanel-data-export");
const panel = new MixpanelExport({ api_key: "unused", api_secret: MP_SECRET });
const days = { from_date: MP_DAY, to_date: MP_DAY };
const view = { event: "Seed View", ...days };
const counts = { event: ["Seed View", "Seed Buy"], type: "general", unit: "day", ...days };

const annotations = async () => (await panel.annotations(days)).annotations;

await drive(methodsOf(panel), {
  export: () => panel.export({ ...days, event: ["Seed Buy"] }),
  engage: () => panel.engage({ where: 'properties["plan"] == "pro"' }),
  annotations,
  createAnnotation: async () => {
    await panel.createAnnotation({ date: `${MP_DAY} 12:00:00`, description: "Made" });
    return (await annotations()).map(({ description }) => description);
  },
  updateAnnotation: async () => {
    const { id } = (await annotations()).find(({ description }) => description === "Made");
    await panel.updateAnnotation({ id, date: `${MP_DAY} 13:00:00`, description: "Changed" });
    return (await annotations()).map(({ date, description }) => [date, description]);
  },
  deleteAnnotation: async () => {
    const { id } = (await annotations()).find(({ description }) => description === "Changed");
    await panel.deleteAnnotation({ id });
    return (await annotations()).map(({ description }) => description);
  },
  events: () => panel.events(counts),
  eventNames: () => panel.eventNames({ type: "general" }),
  eventProperties: () =>
    panel.eventProperties({ ...days, event: "Seed View", name: "plan", type: "general", unit: "day" }),
  topEventProperties: () => panel.topEventProperties({ event: "Seed View", limit: 10 }),
  eventPropertyValues: () => panel.eventPropertyValues({ event: "Seed View", name: "plan" }),
  funnels: () => panel.funnels({ ...days, funnel_id: 7001, unit: "day" }),
  listFunnels: () => panel.listFunnels(),
  segmentation: () => panel.segmentation({ ...view, on: 'properties["plan"]' }),
  numericSegmentation: () => panel.numericSegmentation({ ...view, on: 'properties["amount"]', buckets: 2 }),
  sumSegmentation: () => panel.sumSegmentation({ ...view, on: 'properties["amount"]' }),
  averageSegmentation: () => panel.averageSegmentation({ ...view, on: 'properties["amount"]' }),
  retention: () =>
    panel.retention({ ...days, retention_type: "birth", born_event: "Seed View", event: "Seed Buy", unit: "day" }),
  addiction: () => panel.addiction({ ...days, event: "Seed View", unit: "day", addiction_unit: "hour" }),
  get: () => panel.get(["events", "names"], { type: "general" }),
  // Last, so that what happens today is not in what the others count.
  topEvents: async () => {
    const body = JSON.stringify([{ event: "Today", properties: { token: MP_TOKEN, distinct_id: "u-1" } }]);
    await fetch(`${MP_URL}/track`, { method: "POST", headers: { "content-type": "application/json" }, body });
    return await panel.topEvents({ type: "general", limit: 5 });
  },
});
