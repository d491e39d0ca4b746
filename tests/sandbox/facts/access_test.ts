import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { MIXPANEL_HOSTS } from "../../../src/sandbox/tls/hosts.ts";
import { type Lab, type LabRequest, record } from "../lab.ts";
import { facts } from "./facts.ts";

const PROJECT = `project_id=${SANDBOX.projectId}`;
const DAYS = "from_date=2026-11-22&to_date=2026-11-23";
const SECRET = { auth: `${SANDBOX.secret}:` };
const CONTEXT = `context=${encodeURIComponent('{"distinct_id":"u"}')}`;
const JSON_BODY = { "content-type": "application/json" };

const NAMES = "/api/query/events/names?type=general";
const EXPORT = `/api/2.0/export?${DAYS}`;
const TABLES = "/lookup-tables?";

const importOne = (lab: Lab, query: string, options: LabRequest, id = "i-1") =>
  lab.send(`/import?strict=1&${query}`, {
    method: "POST",
    body: JSON.stringify([record({ $insert_id: id })]),
    headers: JSON_BODY,
    ...options,
  });

facts("0.1", "hosts", {
  "0.1-2": {
    says: "the host of the browser SDK has the same contract as that of ingestion, in which ever region",
    settings: { hosts: MIXPANEL_HOSTS },
    async holds(lab) {
      const hosts = MIXPANEL_HOSTS.filter((name) => name.startsWith("api"));
      assert.ok(hosts.includes("api-js.mixpanel.com"));
      for (const host of hosts) {
        const body = JSON.stringify([{ event: host, properties: { token: SANDBOX.token, distinct_id: "u" } }]);
        const request = new Request(`https://${host}/track?verbose=1`, { method: "POST", body, headers: JSON_BODY });
        assert.deepEqual(await (await lab.sandbox.handle(request, "127.0.0.1")).json(), { error: null, status: 1 });
      }
      assert.deepEqual((await lab.exported()).map(({ event }) => event).sort(), hosts.toSorted());
    },
  },
});

facts("0.3", "who may enter what", {
  "0.3-7": {
    says: "a service account needs project_id for reports, exports, imports and tables, and not for the App API",
    async holds(lab) {
      for (const path of [NAMES, EXPORT, TABLES]) {
        assert.equal((await lab.send(path)).status, 400, path);
        assert.equal((await lab.send(`${path}&${PROJECT}`)).status, 200, path);
      }
      assert.equal((await importOne(lab, "", {})).status, 400);
      assert.equal((await importOne(lab, PROJECT, {})).status, 200);
      assert.equal((await lab.send("/api/app/me")).status, 200);
    },
  },
  "0.3-8": {
    says: "a project's secret opens reports, exports, imports, tables, pipelines and flags, and not the App API",
    async holds(lab) {
      const paths = [NAMES, EXPORT, TABLES, "/api/2.0/nessie/pipeline/jobs", `/flags?${CONTEXT}`];
      for (const path of paths) assert.equal((await lab.send(path, SECRET)).status, 200, path);
      assert.equal((await importOne(lab, "", SECRET)).status, 200);
      assert.equal((await lab.send("/api/app/me", SECRET)).status, 401);
    },
  },
  "0.3-9": {
    says: "a project's token opens imports, as a user name, and flags, and nothing that is read",
    async holds(lab) {
      const token = { auth: `${SANDBOX.token}:` };
      assert.equal((await importOne(lab, "", token)).status, 200);
      assert.equal((await lab.send(`/flags?${CONTEXT}`, token)).status, 200);
      assert.equal((await lab.send(`/flags?${CONTEXT}&token=${SANDBOX.token}`, { auth: "" })).status, 200);
      for (const path of [NAMES, EXPORT, TABLES]) assert.equal((await lab.send(path, token)).status, 401, path);
    },
  },
  "0.3-10": {
    says: "an OAuth token is one for imports too",
    async holds(lab) {
      assert.equal((await importOne(lab, PROJECT, { auth: `Bearer ${SANDBOX.oauthToken}` })).status, 200);
    },
  },
  "0.3-11": {
    says: "a service account that imports is an owner or an admin",
    async holds(lab) {
      for (const role of ["admin", "analyst", "consumer"] as const) {
        const { status } = await importOne(lab, PROJECT, { auth: lab.addAccount(role) }, role);
        assert.equal(status < 300, role === "admin", role);
        assert.ok(status === 200 || (status >= 400 && status < 500), `${status}`);
      }
    },
  },
  "0.3-12": {
    says: "one that is not in the project is told so",
    async holds(lab) {
      const { status, json } = await importOne(lab, PROJECT, { auth: lab.addAccount() });
      assert.ok(status >= 400 && status < 500);
      assert.equal(json.error, "not a project member");
    },
  },
  "0.3-13": {
    says: "imports by a project's secret and by its token have equal results",
    async holds(lab) {
      const answers = [];
      for (const auth of [`${SANDBOX.secret}:`, `${SANDBOX.token}:`]) {
        answers.push((await importOne(lab, "", { auth }, "same")).json);
      }
      assert.deepEqual(answers[0], answers[1]);
      const [one, other] = await lab.exported();
      assert.deepEqual(one, other);
    },
  },
});

facts("0.4", "kinds of errors", {
  "0.4-3": {
    says: "strict ingestion answers code, error and status, a lookup table too",
    async holds(lab) {
      for (const path of [`/import?strict=1&${PROJECT}`, `/lookup-tables?${PROJECT}`]) {
        const method = path.startsWith("/import") ? "POST" : "GET";
        const { status, json } = await lab.send(path, {
          method,
          auth: "nobody:x",
          ...(method === "POST" && { body: "[]" }),
        });
        assert.deepEqual(
          [status, json.code, json.status, typeof json.error],
          [401, 401, "Unauthorized", "string"],
          path,
        );
      }
    },
  },
  "0.4-4": {
    says: "the query API may answer 200 with an error: what is posted to /insights does",
    async holds(lab) {
      const { status, json } = await lab.query("/insights", { bookmark_id: "77" }, { method: "POST" });
      assert.deepEqual([status, Object.keys(json)], [200, ["error"]]);
    },
  },
  "0.4-5": {
    says: "an export that is refused has another status than 200",
    async holds(lab) {
      for (const query of ["from_date=2026-11-01", "from_date=x&to_date=y", `${DAYS}&where=properties[`]) {
        const { status, text } = await lab.send(`/api/2.0/export?${PROJECT}&${query}`);
        assert.equal(status, 400, query);
        assert.notEqual(text, "");
      }
    },
  },
});

facts("0.6", "clocks", {
  "0.6-2": {
    says: "reports cut days on the project's clock, and exports of a newer project by UTC: they differ at the edges",
    async holds(lab) {
      const project = lab.addProject({ timeZone: "US/Pacific" });
      // 22:00 of the 20th in Los Angeles, and 06:00 of the 21st in London.
      lab.load([record({ time: Date.UTC(2026, 10, 21, 6) / 1000 })], project.id);
      const of = `project_id=${project.id}&from_date=2026-11-20&to_date=2026-11-21`;
      const { json } = await lab.send(`/api/query/segmentation?${of}&event=Signup`);
      assert.deepEqual(json.data.values.Signup, { "2026-11-20": 1, "2026-11-21": 0 });
      const exported = async (day: string) =>
        (await lab.send(`/api/2.0/export?project_id=${project.id}&from_date=${day}&to_date=${day}`)).text;
      assert.equal(await exported("2026-11-20"), "");
      assert.notEqual(await exported("2026-11-21"), "");
    },
  },
  "0.6-3": {
    says: "whether a day is to come is decided on the project's clock",
    async holds(lab) {
      // It is noon in London, and the 24th in Kiribati.
      for (
        const [id, timeZone, status] of [[2_000_001, "Pacific/Kiritimati", 200], [
          2_000_011,
          "US/Pacific",
          400,
        ]] as const
      ) {
        lab.addProject({ id, timeZone, workspaceId: id + 1, token: `t-${id}`, secret: `s-${id}` });
        const path = `/api/2.0/export?project_id=${id}&from_date=2026-11-24&to_date=2026-11-24`;
        assert.equal((await lab.send(path)).status, status, timeZone);
      }
    },
  },
});
