import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { NOW_MS } from "../../helpers/world.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/dashboards`;
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["boards", ...argv]);

describe("mp boards", () => {
  it("lists boards without their contents, and shows the contents of one row by row", async () => {
    const list = await sends("list", "-f", "csv");
    assert.deepEqual([list.method, list.path], ["GET", PATH]);
    assert.equal(
      list.stdout,
      "id,title,description,pinned,favorite,private,by\n" +
        '9501,Shop,"Who comes, who buys, who comes back",true,false,false,Ada Roaster\n' +
        "9502,Turnover,,true,false,false,Ada Roaster\n",
    );
    const contents = await sends("contents", "list", "9502", "-f", "csv");
    assert.equal(contents.path, `${PATH}/9502`);
    assert.equal(
      contents.stdout,
      "row,width,type,id,kind,name\n" +
        "1,4,report,9005,insights,Turnover\n" +
        "1,8,text,9602,,Test orders are not left out.\n" +
        "2,9,report,9006,flows,After the first look\n" +
        "2,3,report-link,9701,,\n",
    );
    assert.equal(JSON.parse((await sends("get", "9501", "-f", "json")).stdout).results.title, "Shop");
  });

  it("makes a board, with rows if they are given", async () => {
    const rows = [{ contents: [{ content_type: "text", content_params: { markdown: "<p>Hello</p>" } }] }];
    const made = await sends("create", "Weekly", "--description", "For Monday", "--rows", JSON.stringify(rows));
    assert.deepEqual([made.method, made.path], ["POST", PATH]);
    assert.deepEqual(JSON.parse(made.text), { title: "Weekly", description: "For Monday", rows });
    assert.match(made.stderr, /^Made board \d+, "Weekly"\n$/);
  });

  it("changes fields and layout", async () => {
    const changed = await sends("update", "9502", "--title", "Money", "--rows-layout", '{"rows_order": ["r4", "r1"]}');
    assert.deepEqual([changed.method, changed.path], ["PATCH", `${PATH}/9502`]);
    assert.deepEqual(JSON.parse(changed.text), { title: "Money", layout: { rows_order: ["r4", "r1"] } });
    assert.deepEqual(JSON.parse(changed.stdout).results.layout.order, ["r4", "r1"]);
  });

  it("sets and removes pins and favorites", async () => {
    const cases = [["pin", "POST", "pin"], ["unpin", "DELETE", "pin"], ["favorite", "POST", "favorites"], [
      "unfavorite",
      "DELETE",
      "favorites",
    ]];
    for (const [verb, method, path] of cases) {
      const sent = await sends(verb!, "9502");
      assert.deepEqual([sent.method, sent.path, sent.text], [method, `${PATH}/9502/${path}`, ""], verb);
    }
  });

  it("adds, changes, duplicates, deletes and undeletes one content by a PATCH of the board", async () => {
    const content = async (...argv: string[]) => {
      const { method, path, text } = await sends("contents", ...argv);
      assert.deepEqual([method, path], ["PATCH", `${PATH}/9501`]);
      return JSON.parse(text).content;
    };
    assert.deepEqual(await content("add", "9501", "--html", "<p>a</p>"), {
      action: "create",
      content_type: "text",
      content_params: { markdown: "<p>a</p>" },
    });
    assert.deepEqual(await content("add", "9501", "--copy-report", "9005"), {
      action: "create",
      content_type: "report",
      content_params: { source_bookmark_id: 9005 },
    });
    // A report's params are JSON text here.
    assert.deepEqual(
      await content("add", "9501", "--name", "N", "--type", "insights", "--params", '{"sections": {"show": []}}'),
      {
        action: "create",
        content_type: "report",
        content_params: { bookmark: { name: "N", type: "insights", params: '{"sections":{"show":[]}}' } },
      },
    );
    assert.deepEqual(await content("update", "9501", "9001", "--name", "M"), {
      action: "update",
      content_type: "report",
      content_id: 9001,
      content_params: { bookmark: { name: "M" } },
    });
    for (const action of ["duplicate", "delete", "undelete"]) {
      assert.deepEqual(await content(action, "9501", "9001", "--kind", "report", "--yes"), {
        action,
        content_type: "report",
        content_id: 9001,
      });
    }
    const before = lab.requests.length;
    assert.equal((await lab.mp(["boards", "contents", "duplicate", "9501", "9601"])).code, 0);
    const [read, written] = lab.requests.slice(before);
    assert.deepEqual([read!.method, JSON.parse(written!.text).content.content_type], ["GET", "text"]);
    const params = JSON.stringify({ sections: {} });
    assert.equal((await lab.mp(["boards", "contents", "update", "9501", "9004", "--params", params])).code, 0);
    const changed = JSON.parse(JSON.parse(lab.requests.at(-1)!.text).content.content_params.bookmark.params);
    assert.deepEqual(Object.keys(changed).sort(), ["columnWidths", "sections", "sorting"]);
    const unknown = await lab.mp(["boards", "contents", "duplicate", "9501", "5"]);
    assert.deepEqual([unknown.code, /nothing on it has this id/.test(unknown.stderr)], [3, true]);
    const text = await sends("contents", "update", "9501", "9601", "--html", "<h2>b</h2>");
    assert.deepEqual([text.method, text.path, JSON.parse(text.text)], [
      "PATCH",
      `${PATH}/9501/text-cards/9601`,
      { markdown: "<h2>b</h2>" },
    ]);
    const link = await sends("contents", "update", "9502", "9701", "--link-type", "funnels");
    assert.deepEqual([link.path, JSON.parse(link.text)], [`${PATH}/9502/report-links/9701`, { type: "funnels" }]);
  });

  it("lists templates, makes boards of them, and finishes those", async () => {
    assert.match((await sends("templates", "list", "-f", "csv")).stdout, /^template,title,description,reports\n/);
    const made = await sends("templates", "create", "growth");
    assert.deepEqual([made.path, JSON.parse(made.text)], [`${PATH}/blueprints`, { template_type: "growth" }]);
    const { id } = JSON.parse(made.stdout).results;
    assert.equal((await sends("templates", "config", String(id))).path, `${PATH}/${id}/blueprint-config`);
    const cohorts = await sends("templates", "set-cohorts", "--cohorts", '[{"id": 8001}]');
    assert.deepEqual([cohorts.method, cohorts.path], ["PUT", `${PATH}/blueprints/cohorts`]);
    const cards = [{ type: "text", text_card_id: 9602, markdown: "<p>x</p>" }];
    const finished = await sends("templates", "finish", "9502", "--cards", JSON.stringify(cards));
    assert.deepEqual([finished.path, JSON.parse(finished.text)], [`${PATH}/blueprints/finish`, {
      dashboard_id: 9502,
      cards,
    }]);
    const data = { type: "anomaly", date: "2026-04-02", metric_source: false };
    const cause = await sends("templates", "root-cause", "--about", "5", "--about-data", JSON.stringify(data));
    assert.deepEqual([cause.path, JSON.parse(cause.text)], [`${PATH}/rca`, {
      rca_source_id: 5,
      rca_source_data: data,
    }]);
    assert.equal((await sends("get", "9501", "--experiment-results")).path, `${PATH}/9501/erf`);
  });

  it("writes a mail back whole, with what is changed", async () => {
    const mails = PATH.replace("dashboards", "dashboard-reports/email-digests");
    const made = await sends("mails", "create", "Weekly", "--board", "9502", "--recipient", "a@example.com");
    assert.deepEqual([made.path, JSON.parse(made.text)], [mails, {
      name: "Weekly",
      dashboard_id: 9502,
      recipients: ["a@example.com"],
    }]);
    const { id } = JSON.parse(made.stdout).results;
    const before = lab.requests.length;
    assert.equal((await lab.mp(["boards", "mails", "update", String(id), "--paused"])).code, 0);
    const [read, written] = lab.requests.slice(before);
    assert.deepEqual([read!.method, written!.method], ["GET", "PUT"]);
    assert.deepEqual(JSON.parse(written!.text), {
      dashboard_id: 9502,
      name: "Weekly",
      recipients: ["a@example.com"],
      paused: true,
    });
    assert.match(
      (await sends("mails", "list", "-f", "csv")).stdout,
      new RegExp(`\n${id},Weekly,9502,a@example.com,paused,true\n`),
    );
    assert.equal((await sends("mails", "get", String(id))).path, `${mails}/${id}`);
    assert.equal((await sends("mails", "delete", String(id), "--yes")).method, "DELETE");
  });

  it("refuses what cannot be meant before anything is sent", async () => {
    const text = { content_type: "text", content_params: { markdown: "a" } };
    const rows = (...contents: object[][]) => JSON.stringify(contents.map((one) => ({ contents: one })));
    const layout = (cells: object[], more: object = {}) =>
      JSON.stringify({ rows: [{ id: "r1", height: 336, cells }], ...more });
    const cases: [string[], RegExp][] = [
      [["create", "a".repeat(256)], /255/],
      [["create", "A", "--description", "a".repeat(401)], /400/],
      [["create", "A", "--rows", rows([])], /rows\.0\.contents/],
      [["create", "A", "--rows", rows(Array(5).fill(text))], /rows\.0\.contents.*4/],
      [["create", "A", "--rows", rows(...Array(31).fill([text]))], /rows.*30/],
      [
        ["create", "A", "--rows", rows([{ ...text, content_params: { markdown: "a".repeat(2001) } }])],
        /markdown.*2000/,
      ],
      [["update", "9501"], /nothing to change is given/],
      [["update", "9501", "--rows-layout", layout([{ id: "c1", width: 6 }])], /add up to 12/],
      [["update", "9501", "--rows-layout", layout([{ id: "c1", width: 12 }], { version: "2.0.0" })], /version/],
      [["update", "9501", "--rows-layout", '{"order": ["r1"]}'], /order/],
      [["contents", "add", "9501"], /nothing to add is given/],
      [["contents", "add", "9501", "--html", "a", "--copy-report", "9001"], /only one thing/],
      [["contents", "add", "9501", "--params", "{}"], /without a name and a kind/],
      [["contents", "add", "9501", "--html", "a".repeat(2001)], /2000/],
      [["contents", "update", "9501", "9001"], /nothing to change/],
      [["contents", "delete", "9501", "9001", "--kind", "report"], /add --yes/],
      [["delete", "9501"], /add --yes/],
      [["copy", "9501", "--by-server"], /--to-project/],
      [["run", "9501"], /add -o FOLDER/],
      [["run", "9501", "-o", "x/", "-f", "table"], /CSV or JSON/],
      [["mails", "update", "9801"], /nothing to change/],
    ];
    const before = lab.requests.length;
    for (const [argv, message] of cases) {
      const { code, stderr } = await lab.mp(["boards", ...argv]);
      assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
  });
});
