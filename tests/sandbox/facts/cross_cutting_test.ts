import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { facts } from "./facts.ts";

const PROJECT = `project_id=${SANDBOX.projectId}`;
const NAMES = "events/names?type=general";

facts("0.1", "prefixes", {
  "0.1-1": {
    says: "/api/2.0 is an older prefix of the query API, with the same answers",
    async holds(lab) {
      for (const prefix of ["/api/query", "/api/2.0"]) {
        assert.deepEqual((await lab.send(`${prefix}/${NAMES}&${PROJECT}`)).json, [], prefix);
      }
    },
  },
});

facts("0.2", "transport", {
  "0.2-1": {
    says: "paths of the App API without their slash are redirected with 301",
    async holds(lab) {
      const { status, headers } = await lab.send(`/api/app/projects/${SANDBOX.projectId}/data-groups`);
      assert.deepEqual([status, headers.get("location")?.endsWith("/data-groups/")], [301, true]);
    },
  },
  "0.2-2": {
    says: "answers of the query API say how long they took",
    async holds(lab) {
      const { headers } = await lab.send(`/api/query/${NAMES}&${PROJECT}`);
      assert.match(headers.get("x-server-elapsed")!, /^\d+\.\d+$/);
    },
  },
});

facts("0.3", "credentials", {
  "0.3-1": {
    says: "a service account may be written as base64 or as it is",
    async holds(lab) {
      const pair = `${SANDBOX.username}:${SANDBOX.serviceSecret}`;
      for (const word of [btoa(pair), pair]) {
        const { status } = await lab.send(`/api/query/${NAMES}&${PROJECT}`, {
          auth: "",
          headers: { authorization: `Basic ${word}` },
        });
        assert.equal(status, 200, word);
      }
    },
  },
  "0.3-2": {
    says: "a project's secret needs no project_id, also as URL-safe base64 without a colon",
    async holds(lab) {
      for (const word of [btoa(`${SANDBOX.secret}:`), btoa(SANDBOX.secret).replaceAll("+", "-").replaceAll("/", "_")]) {
        const { status } = await lab.send(`/api/query/${NAMES}`, {
          auth: "",
          headers: { authorization: `Basic ${word}` },
        });
        assert.equal(status, 200, word);
      }
    },
  },
  "0.3-3": {
    says: "bad credentials of the query API and the export say so in one sentence",
    async holds(lab) {
      for (
        const path of [
          `/api/query/${NAMES}&${PROJECT}`,
          `/api/2.0/export?${PROJECT}&from_date=2026-11-01&to_date=2026-11-02`,
        ]
      ) {
        const { status, text } = await lab.send(path, { auth: "nobody:x" });
        assert.ok(status === 400 || status === 401, path);
        assert.match(text, /Unable to authenticate request/);
      }
    },
  },
  "0.3-4": {
    says: "a bad service account of the App API is 401 in its own words",
    async holds(lab) {
      const { status, json } = await lab.send("/api/app/me", { auth: "nobody:x" });
      assert.deepEqual([status, json], [401, { status: "error", error: "Invalid service account credentials" }]);
    },
  },
  "0.3-5": {
    says: "an OAuth token opens reports and the App API",
    async holds(lab) {
      for (const path of [`/api/query/${NAMES}&${PROJECT}`, "/api/app/me"]) {
        assert.equal((await lab.send(path, { auth: `Bearer ${SANDBOX.oauthToken}` })).status, 200, path);
      }
    },
  },
  "0.3-6": {
    says: "the probe of a spreadsheet add-on answers good credentials with 200 and all invalid",
    async holds(lab) {
      const probe = (auth?: string) =>
        lab.send(`/import?${PROJECT}&strict=0&verbose=1`, {
          method: "POST",
          auth,
          body: "[{}]",
          headers: { "content-type": "application/json" },
        });
      assert.equal((await probe()).json.num_records_imported, 0);
      assert.match((await probe("nobody:x")).json.error, /^Not a valid service account username/);
    },
  },
});

facts("0.4", "bodies of errors", {
  "0.4-1": {
    says: "the query API names the error and the request",
    async holds(lab) {
      const path = `/api/query/segmentation?${PROJECT}`;
      const { status, json } = await lab.send(path);
      assert.deepEqual([status, Object.keys(json).sort(), json.request], [400, ["error", "request"], path]);
    },
  },
  "0.4-2": {
    says: "the App API answers status and error",
    async holds(lab) {
      const { status, json } = await lab.send(`/api/app/projects/${SANDBOX.projectId}/annotations/1`);
      assert.deepEqual([status, json], [404, { status: "error", error: "Annotation not found" }]);
    },
  },
});

facts("0.5", "limits", {
  "0.5-1": {
    says: "JQL counts by itself and as a query",
    settings: { quotas: { jql: { perHour: 2 }, query: { perHour: 3 } } },
    async holds(lab) {
      const jql = () =>
        lab.query("/jql", {}, {
          method: "POST",
          body: new URLSearchParams({ script: "function main(){return People()}" }),
        });
      const names = () => lab.query("/events/names", { type: "general" });
      const statuses = [await jql(), await jql(), await jql(), await names(), await names()].map(({ status }) =>
        status
      );
      assert.deepEqual(statuses, [200, 200, 429, 200, 429]);
    },
  },
});
