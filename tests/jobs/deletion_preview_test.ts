import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deletionPreview } from "../../src/jobs/deletion_preview.ts";
import { fakeClient } from "./fake_client.ts";

const MEANT = { eventName: "A", fromDate: "2026-11-01", toDate: "2026-11-02" };
const COUNTS =
  '{"data": {"series": ["2026-11-01", "2026-11-02"], "values": {"A": {"2026-11-01": 40, "2026-11-02": 2}}}, "legend_size": 1}';

const client = () =>
  fakeClient(({ path }) =>
    path.endsWith("/preview-filters/") ? '{"status": "ok", "results": {"normal": true}}' : COUNTS
  );

describe("deletionPreview", () => {
  it("has the filters as Mixpanel reads them, and the events before them, and deletes nothing", async () => {
    const asked = client();
    const preview = await deletionPreview(asked, { ...MEANT, filters: { value: "plan" } });
    assert.deepEqual(preview, { filters: { normal: true }, count: 42 });
    assert.deepEqual(asked.requests.map(({ method, path }) => `${method} ${path}`), [
      "POST /projects/1/data-definitions/events/deletion-requests/preview-filters/",
      "GET /segmentation",
    ]);
  });

  it("asks for the number alone where there are no filters", async () => {
    const asked = client();
    assert.deepEqual(await deletionPreview(asked, MEANT), { filters: undefined, count: 42 });
    assert.equal(asked.requests.length, 1);
  });
});
