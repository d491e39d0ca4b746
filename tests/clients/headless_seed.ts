/** What the drivers of mixpanel-headless find beyond the seed: a board with contents, a recording, an anomaly, spares. */
import type { ClientLab } from "./client_lab.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { SEED_COHORT, SEED_DAY, SEED_FLOW, SEED_RECORDING, SEED_REPORT, SEED_SECONDS } from "./seed.ts";

const SPARE_TITLE = "Spare";

/** Makes it all by HTTP. Returns the ids as the drivers' environment. */
export async function prepareHeadless({ ask }: ClientLab): Promise<Record<string, string>> {
  const project = `/api/app/projects/${SANDBOX.projectId}`;
  const { results: board } = await ask(`${project}/dashboards`, {
    title: "Seed board",
    rows: [{
      contents: [
        { content_type: "text", content_params: { markdown: "<p>Old</p>" } },
        { content_type: "report-link", content_params: { source_bookmark_id: SEED_REPORT.id } },
      ],
    }],
  });
  const spare = async (path: string, body: Record<string, unknown>) =>
    String((await ask(project + path, { name: SPARE_TITLE, ...body })).results.id);
  await ask("/sandbox/anomalies", { eventName: "Seed View", actualCount: 3 });
  await ask(`/import?strict=1&project_id=${SANDBOX.projectId}`, [
    recorded("$mp_session_record", 10, {
      $mp_replay_retention_period: String(SEED_RECORDING.retention),
      replay_env: SEED_RECORDING.env,
      replay_length_ms: SEED_RECORDING.files * 10_000,
      replay_start_url: SEED_RECORDING.page,
    }),
    recorded("Seed Click", 11, {}),
    recorded("Seed Cart", 12, { cart: { sku: "A-1", price: 5 } }),
  ]);
  return {
    MP_DAY: SEED_DAY,
    MP_COHORT: String(SEED_COHORT.id),
    MP_REPORT: String(SEED_REPORT.id),
    MP_FLOW: String(SEED_FLOW.id),
    MP_RECORDING: SEED_RECORDING.id,
    MP_BOARD: String(board.id),
    MP_TEXT: Object.keys(board.contents.text)[0]!,
    MP_LINK: Object.keys(board.contents["report-link"])[0]!,
    MP_SPARE_REPORT: await spare("/bookmarks", {
      type: "insights",
      params: SEED_REPORT.params,
      dashboard_id: board.id,
      v: 2,
    }),
    MP_SPARE_COHORT: await spare("/cohorts", { selector: 'properties["plan"] == "free"' }),
    MP_SPARE_ALERT: await spare("/alerts/custom/", {
      bookmark_id: SEED_REPORT.id,
      condition: { operator: "less_than", value: 1 },
      frequency: 86_400,
      paused: false,
      subscriptions: [],
    }),
  };
}

const recorded = (event: string, minute: number, properties: Record<string, unknown>) => ({
  event,
  properties: {
    time: SEED_SECONDS + minute * 60,
    distinct_id: "seed-1",
    $insert_id: `recorded-${minute}`,
    $mp_replay_id: SEED_RECORDING.id,
    ...properties,
  },
});
