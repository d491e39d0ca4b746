import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRetrieval, deletionStatus, resultAddress, retrievalStatus, trackingIds } from "../../src/api/gdpr.ts";
import { call } from "../../src/api/call.ts";
import { fakeClient } from "../jobs/fake_client.ts";

const made = async (body: string) =>
  trackingIds((await call(fakeClient(() => body), createRetrieval, { distinct_ids: ["u"] })).result());
const address = async (body: string) =>
  resultAddress((await call(fakeClient(() => body), retrievalStatus, { tracking_id: "1" })).result());

describe("answers about GDPR tasks", () => {
  it("name a new task in every form that is documented, with all digits", async () => {
    const id = "1583792934719392965";
    assert.deepEqual(await made(`{"status":"ok","results":{"task_id":"${id}"}}`), [id]);
    assert.deepEqual(await made(`[{"status":"PENDING","tracking_id":"${id}"}]`), [id]);
    assert.deepEqual(await made(`{"status":"ok","results":[{"status":"PENDING","tracking_id":${id}}]}`), [id]);
    assert.deepEqual(await made('{"status":"ok","results":[{"status":"PENDING","deletion_job_id":"job"}]}'), ["job"]);
    await assert.rejects(made('{"status":"ok","results":"soon"}'), /unexpected shape/);
  });

  it("have the result's address in any of three places, or nowhere yet", async () => {
    const url = "https://files.example.com/1";
    assert.equal(await address(`{"status":"ok","results":{"status":"SUCCESS","results":"${url}"}}`), url);
    assert.equal(await address(`{"status":"ok","results":{"status":"SUCCESS","result":"${url}"}}`), url);
    assert.equal(await address(`{"results":{"status":"SUCCESS","destination_url":"${url}"}}`), url);
    assert.equal(await address('{"status":"ok","results":{"status":"STARTED","results":""}}'), undefined);
  });

  it("tell of deletions with and without the envelope", async () => {
    for (const body of ['{"status":"ok","results":{"status":"STAGING"}}', '{"status":"STAGING","tracking_id":"1"}']) {
      const answer = await call(fakeClient(() => body), deletionStatus, { tracking_id: "1" });
      assert.equal(answer.result().status, "STAGING");
    }
  });
});
