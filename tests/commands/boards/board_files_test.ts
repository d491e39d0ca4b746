import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { join, listFolder, readTextFile, writeFileAtomically } from "../../../src/runtime/files/files.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { NOW_MS } from "../../helpers/world.ts";

const OTHER = 2_000_001;
const folder = temporaryFolder();
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
  lab.store.projects.addProject({
    id: OTHER,
    organizationId: SANDBOX.organizationId,
    workspaceId: 2_000_002,
    name: "Second",
    token: "second-token",
    secret: "second-secret",
    timeZone: "UTC",
    storesLocalTime: false,
    identity: "original",
    createdMs: 0,
  });
  lab.store.projects.setRole(1, OTHER, "owner");
});
after(() => lab.stop());

const mp = async (...argv: string[]) => {
  const result = await lab.mp(argv);
  assert.equal(result.code, 0, `${argv.join(" ")}: ${result.stderr}`);
  return result;
};

/** A board with everything that belongs to no project: titles, layout, texts, and what the reports ask. */
async function look(id: number, project: number = SANDBOX.projectId) {
  const { stdout } = await mp("boards", "get", String(id), "-f", "json", "--project", String(project));
  const { title, description, time_filter, layout, contents } = JSON.parse(stdout).results;
  const rows = layout.order.map((row: string) => ({
    height: layout.rows[row].height,
    cells: layout.rows[row].cells.map((cell: { content_type: string; content_id: number; width: number }) => {
      const { name, type, description, params, markdown } = contents[cell.content_type][cell.content_id];
      return { width: cell.width, name, type, description, params, markdown };
    }),
  }));
  return { title, description, time_filter, rows };
}

describe("a board as a file", () => {
  it("makes the same board in another project: layout, texts, and what the reports ask", async () => {
    const file = folder.path("shop.toml");
    const exported = await mp("boards", "export", "9501", file);
    assert.match(exported.stderr, /^Wrote board "Shop" with 4 reports to /);
    const applied = await mp("boards", "apply", file, "--project", String(OTHER), "-f", "json");
    const { id, made } = JSON.parse(applied.stdout);
    assert.equal(made, true);
    assert.deepEqual(await look(id, OTHER), await look(9501));
    // Once more, nothing changes, and a second board is not made.
    const again = await mp("boards", "apply", file, "--project", String(OTHER), "-f", "json");
    assert.deepEqual(JSON.parse(again.stdout), { id, title: "Shop", made: false, changes: 0 });
  });

  it("is copied in one command, too, and a second time nothing changes", async () => {
    const copied = await mp("boards", "copy", "9501", "--to-project", String(OTHER), "--title", "Copied", "-f", "json");
    const { id } = JSON.parse(copied.stdout);
    assert.deepEqual(await look(id, OTHER), { ...await look(9501), title: "Copied" });
    const again = await mp("boards", "copy", "9501", "--to-project", String(OTHER), "--title", "Copied", "-f", "json");
    assert.deepEqual(JSON.parse(again.stdout), { id, title: "Copied", made: false, changes: 0 });
  });

  it("is copied by Mixpanel here, and elsewhere where that is asked for", async () => {
    const here = await lab.sends(["boards", "copy", "9501", "--title", "Draft"]);
    assert.deepEqual(JSON.parse(here.text), { title: "Draft", duplicate: 9501 });
    assert.deepEqual(await look(JSON.parse(here.stdout).results.id), { ...await look(9501), title: "Draft" });
    const before = lab.requests.length;
    await mp("boards", "copy", "9501", "--to-project", String(OTHER), "--by-server");
    const sent = JSON.parse(lab.requests.slice(before).at(-1)!.text);
    assert.deepEqual(sent, { title: "Shop", duplicate: 9501, target_project_id: OTHER });
  });

  it("leaves out what no file can have, and says so", async () => {
    const { stdout, stderr } = await mp("boards", "export", "9502", "-");
    assert.match(stdout, /^title = "Turnover"\n/);
    assert.equal(stderr, "Left out 1 content: links to reports of other boards\n");
  });

  it("is changed by hand and applied: contents keep their ids, and what is gone from the file goes with --prune", async () => {
    const file = folder.path("turnover.json");
    await mp("boards", "export", "9502", file);
    const document = JSON.parse((await readTextFile(file))!);
    document.rows.reverse();
    document.rows[1].cells = document.rows[1].cells.slice(0, 1).map((cell: object) => ({ ...cell, width: 12 }));
    await writeFileAtomically(file, JSON.stringify(document));
    const refused = await lab.mp(["boards", "apply", file, "--prune"]);
    assert.deepEqual([refused.code, /add --yes/.test(refused.stderr)], [3, true]);
    await mp("boards", "apply", file, "--prune", "--yes");
    const { stdout } = await mp("boards", "contents", "list", "9502", "-f", "csv");
    // The link to a report of another board is nothing that a file could have: it stays.
    assert.equal(
      stdout,
      "row,width,type,id,kind,name\n1,12,report,9006,flows,After the first look\n2,12,report,9005,insights,Turnover\n" +
        "3,12,report-link,9701,,\n",
    );
  });

  it("is refused as long as it is none, before anything is sent", async () => {
    const before = lab.requests.length;
    const file = folder.path("bad.toml");
    await writeFileAtomically(file, 'title = "A"\n[[rows]]\nheight = 1\n[[rows.cells]]\nwidth = 5\ntext = ""\n');
    for (const path of [file, folder.path("none.toml")]) {
      assert.equal((await lab.mp(["boards", "apply", path])).code, 3);
    }
    assert.equal((await lab.mp(["boards", "export", "9501", folder.path("none/a.toml")])).code, 3);
    assert.equal(lab.requests.length, before);
  });
});

describe("mp boards run", () => {
  it("writes a file for each report, by place and name, and asks again only for those that are missing", async () => {
    const target = folder.path("numbers");
    const ran = await mp("boards", "run", "9501", "-o", target);
    assert.match(ran.stderr, /^Wrote 4 of 4 reports of board 9501 to /);
    assert.deepEqual((await listFolder(target)).sort(), [
      "01-sign-ups-and-purchases.csv",
      "02-buyers-by-operating-system.csv",
      "03-from-product-to-purchase.csv",
      "04-buying-again.csv",
    ]);
    assert.match((await readTextFile(join(target, "03-from-product-to-purchase.csv")))!, /^funnel,step,/);
    const before = lab.requests.length;
    const again = await mp("boards", "run", "9501", "-o", target, "--missing");
    assert.equal(lab.requests.length, before + 1);
    assert.match(again.stderr, /; 4 were there\n$/);
  });

  it("writes the server's JSON, of flows always, and goes on after a report that cannot be computed", async () => {
    const target = folder.path("json");
    const params = { sections: { show: [{ type: "nonsense" }] }, displayOptions: { chartType: "line" } };
    const add = [
      "contents",
      "add",
      "9501",
      "--name",
      "Broken",
      "--type",
      "insights",
      "--params",
      JSON.stringify(params),
    ];
    await mp("boards", ...add);
    await mp("boards", "contents", "add", "9501", "--copy-report", "9006");
    const { code, stderr } = await lab.mp(["boards", "run", "9501", "-o", target, "-f", "json"]);
    assert.equal(code, 8, stderr);
    assert.match(stderr, /^No numbers of report \d+, "Broken": .*\nWrote 5 of 6 reports/);
    const files = (await listFolder(target)).sort();
    assert.deepEqual([files.length, files.at(-1)], [5, "06-duplicate-of-after-the-first-look.json"]);
    assert.ok("series" in JSON.parse((await readTextFile(join(target, files[0]!)))!));
  });
});
