/** Reports as a browser shows them: each kind on a wide and on a narrow page, light and dark. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Chart } from "../../src/output/chart.ts";
import { htmlPage } from "../../src/output/html.ts";
import { reportOf } from "../../src/output/report.ts";
import { BINARY } from "../helpers/binary.ts";
import { type Browser, CHROMIUM, openBrowser, type Page } from "../helpers/browser.ts";
import { describeUnless } from "../helpers/needs.ts";
import { NASTY } from "../output/sample_reports.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";

const COUNTRY = 'properties["mp_country_code"]';
const COMMANDS = {
  line: ["query", "segmentation", "Sign Up", "--last", "5d", "--on", COUNTRY],
  bar: ["query", "funnel", "7001", "--last", "5d"],
  heat_map: ["query", "retention", "Sign Up", "--event", "Purchase", "--last", "5d"],
  funnel_matrix: ["query", "funnel", "7001", "--last", "5d", "--on", COUNTRY],
  table: ["profiles", "list", "--limit", "5"],
};
const SCHEMES = { light: "rgb(255, 255, 255)", dark: "rgb(21, 24, 30)" };

describeUnless(CHROMIUM === undefined && "no Chromium", "a report in a real browser", () => {
  let sandbox: SandboxProcess;
  let browser: Browser;
  let home: string;
  before(async () => {
    sandbox = await startSandboxProcess({ events: 3000, days: 5 });
    home = mkdtempSync(join(tmpdir(), "mp-reports-"));
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await sandbox?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  function write(name: string, argv: readonly string[]): string {
    const path = join(home, name);
    const env = { ...sandbox.env, HOME: home, PATH: process.env.PATH };
    const { status, stderr } = spawnSync(BINARY, [...argv, "-o", path], { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return path;
  }

  /** Opens a file as a window of this width, under this scheme, would show it. */
  async function open(path: string, width: number, scheme: string, media = ""): Promise<Page> {
    const page = await browser.page(pathToFileURL(path).href);
    await page.show({ width });
    await page.send("Emulation.setEmulatedMedia", {
      media,
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
    return page;
  }

  /** The whole page as a PNG; kept in the folder MP_SCREENSHOTS, for people to look at. */
  async function screenshot(page: Page, name: string): Promise<Uint8Array> {
    const path = join(process.env.MP_SCREENSHOTS ?? home, name);
    await page.screenshot(path);
    const png = readFileSync(path);
    return png;
  }

  const background = (page: Page) => page.run("getComputedStyle(document.body).backgroundColor");
  const seen = (page: Page) =>
    page.run("[...document.querySelectorAll('svg')].filter((one) => one.getClientRects().length > 0).length");

  for (const [kind, argv] of Object.entries(COMMANDS)) {
    it(`fits every page, and can be read by everybody: ${kind}`, { timeout: 60_000 }, async () => {
      const path = write(`${kind}.html`, argv);
      for (const width of [1280, 390]) {
        for (const [scheme, colour] of Object.entries(SCHEMES)) {
          const page = await open(path, width, scheme);
          const where = `${kind}, ${width} wide, ${scheme}`;
          assert.equal(await background(page), colour, where);
          assert.equal(await seen(page), kind === "table" ? 0 : 1, where);
          assert.equal(
            await page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
            0,
            `${where}: the page scrolls sideways`,
          );
          const shot = await screenshot(page, `${kind}-${width}-${scheme}.png`);
          assert.ok(shot.length > 5000, `${where}: ${shot.length} bytes of picture are too few`);
          // Each width and each scheme once: it takes a second.
          if ((width === 1280) === (scheme === "light")) {
            assert.deepEqual(await page.accessibilityProblems(), [], where);
          }
          assert.deepEqual(page.problems, [], where);
          page.close();
        }
      }
    });
  }

  it("is light on paper, and has its whole table there", { timeout: 60_000 }, async () => {
    const page = await open(write("paper.html", COMMANDS.line), 390, "dark", "print");
    assert.equal(await background(page), SCHEMES.light);
    assert.equal(
      await page.run("getComputedStyle(document.querySelector('table').parentElement).overflowX"),
      "visible",
    );
    const { data } = await page.send("Page.printToPDF") as { data: string };
    assert.match(atob(data).slice(0, 8), /^%PDF-1/);
    page.close();
  });

  for (const kind of ["line", "bar", "heat_map", "funnel_matrix"] as const) {
    it(`is a picture by itself: ${kind}`, { timeout: 60_000 }, async () => {
      const page = await open(write(`${kind}.svg`, COMMANDS[kind]), 1280, "dark");
      assert.equal(await page.run("document.documentElement.nodeName"), "svg", "it is well-formed");
      assert.equal(await page.run("getComputedStyle(document.querySelector('rect.page')).fill"), SCHEMES.dark);
      // No text ends outside of the picture, as this browser's fonts have it.
      const outside = await page.run(`(() => {
        const { right, bottom } = document.documentElement.getBoundingClientRect();
        return [...document.querySelectorAll("text")].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.left < 0 || box.right > right + 1 || box.bottom > bottom + 1;
        }).map((one) => one.textContent);
      })()`);
      assert.deepEqual(outside, []);
      assert.deepEqual(page.problems, []);
      page.close();
    });
  }

  it("is looked at by a tool that finds what is wrong", { timeout: 60_000 }, async () => {
    const path = join(home, "wrong.html");
    writeFileSync(path, '<!doctype html><title>x</title><p style="color:#aaa">pale</p><script>nowhere()</script>');
    const page = await open(path, 1280, "light");
    const ids = (await page.accessibilityProblems()).map((text) => text.split(" ")[0]);
    assert.ok(ids.includes("color-contrast") && ids.includes("html-has-lang"), String(ids));
    assert.equal(page.problems.length, 1);
    page.close();
  });

  it("shows what a server sent as text", { timeout: 60_000 }, async () => {
    const path = join(home, "nasty.html");
    const heading = { title: NASTY, facts: [NASTY], command: NASTY };
    const chart: Chart = { kind: "bar", rows: [{ label: NASTY, value: 1 }] };
    writeFileSync(
      path,
      [...htmlPage(reportOf({ rows: [{ [NASTY]: NASTY }], chart, notes: [NASTY] }, heading))].join(""),
    );
    const page = await open(path, 1280, "light");
    assert.equal(await page.run("document.scripts.length + document.querySelectorAll('[onload]').length"), 0);
    const shown = NASTY.replace("\u202e", "").replace("\x1b", "␛").replace("\ufffe", "");
    for (const place of ["h1", "thead th", "tbody th", ".facts li", "code", ".note"]) {
      assert.equal(await page.run(`document.querySelector(${JSON.stringify(place)}).textContent`), shown, place);
    }
    assert.deepEqual(page.problems, []);
    page.close();
  });
});
