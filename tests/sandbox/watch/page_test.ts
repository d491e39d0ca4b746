import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { serve } from "../../../src/runtime/network/server.ts";
import { SANDBOX, seedDefaults } from "../../../src/sandbox/defaults.ts";
import { type ServedSandbox, startSandbox } from "../../../src/sandbox/start.ts";
import { openStore, type Store } from "../../../src/sandbox/store/store.ts";
import { type Browser, CHROMIUM, openBrowser, type Page } from "../../helpers/browser.ts";
import { describeUnless } from "../../helpers/needs.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const { token } = SANDBOX;

/** Text that would run, if it were ever taken for more than text. */
const ATTACKS = [
  '<img src=x onerror="window.pwned=1">',
  "</script><script>window.pwned=1</script>",
  '"><svg onload=window.pwned=1>',
  "javascript:window.pwned=1",
];

describeUnless(CHROMIUM === undefined && "no Chromium", "the page of the sandbox in a real browser", () => {
  let store: Store;
  let served: ServedSandbox;
  let browser: Browser;
  let page: Page;
  before(async () => {
    store = openStore(":memory:");
    seedDefaults(store);
    served = startSandbox({ store });
    browser = await openBrowser();
    page = await browser.page(`${served.url}/`);
    await page.until("document.getElementById('state').textContent === 'live'");
  });
  after(async () => {
    page?.close();
    await browser?.close();
    await served?.stop();
    store?.close();
  });

  const track = async (event: string, properties: Record<string, unknown> = {}) => {
    const body = JSON.stringify({ event, properties: { token, distinct_id: "u-1", ...properties } });
    await (await fetch(`${served.url}/track`, { method: "POST", body })).text();
  };
  const textOf = (selector: string) => page.run(`document.querySelector(${JSON.stringify(selector)})?.textContent`);
  const press = async (key: string, text = "") => {
    const codes: Record<string, number> = { Tab: 9, Enter: 13, " ": 32 };
    const params = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode: codes[key], text };
    await page.send("Input.dispatchKeyEvent", { type: text === "" ? "rawKeyDown" : "keyDown", ...params });
    await page.send("Input.dispatchKeyEvent", { type: "keyUp", ...params });
  };

  it("shows how to connect, with this sandbox's address and token", async () => {
    const { host } = new URL(served.url);
    assert.equal(await textOf("#address"), served.url);
    assert.match(String(await textOf("#snippet")), new RegExp(`init\\("${token}", \\{ host: "${host}"`));
    const names = await page.run("[...document.querySelectorAll('#sdks button')].map((one) => one.textContent)");
    assert.deepEqual(names, [
      ...["mp", "Node.js", "Browser", "Python", "Go", "Java", "Android", "iOS", "PHP", "Ruby", "curl"],
    ]);
    const codes = await page.run(`[...document.querySelectorAll('#sdks button')].slice(1).map((one) => {
      one.click();
      return document.getElementById("snippet").textContent;
    })`) as string[];
    for (const code of codes) assert.ok(code.includes(host) && code.includes(token), code);
  });

  it("shows an event as it comes, with its properties", async () => {
    await track("Sign Up", { plan: "pro", big: 1 });
    await page.until("document.querySelector('#events summary')?.textContent.includes('Sign Up')");
    assert.match(String(await textOf("#events summary")), /Sign Up\s*u-1$/);
    assert.match(String(await textOf("#events dl")), /plan"pro"/);
    assert.match(String(await textOf("#requests li")), /POST \/track200\d+ ms1 event: Sign Up$/);
    await page.until("document.getElementById('event-count').textContent === '1'");
  });

  it("shows what was refused, and why", async () => {
    await track("Old", { time: 1 });
    await page.until("document.querySelector('#requests li .why') !== null");
    assert.equal(await textOf("#requests li .why"), "refused: time, must be within the last 5 days");
  });

  it("takes whatever events say for text", async () => {
    for (const attack of ATTACKS) {
      await track(attack, { distinct_id: attack, [attack]: attack, list: [{ [attack]: attack }] });
      const update = { $token: token, $distinct_id: attack, $set: { [attack]: attack } };
      await (await fetch(`${served.url}/engage`, { method: "POST", body: JSON.stringify(update) })).text();
      await (await fetch(`${served.url}/${encodeURIComponent(attack)}`)).text();
    }
    await page.until(`document.querySelectorAll('#requests li').length >= ${3 * ATTACKS.length}`);
    await page.run("document.getElementById('search').requestSubmit()");
    await page.until(`document.querySelectorAll('#profiles li').length === ${ATTACKS.length}`);
    assert.equal(await page.run("window.pwned"), undefined);
    assert.equal(await page.run("document.querySelectorAll('main img, main svg, main script').length"), 0);
    const shown = String(await page.run("document.querySelector('#events').textContent"));
    for (const attack of ATTACKS) assert.ok(shown.includes(attack), attack);
    await track("Line\u202eover\u0007");
    await page.until("document.querySelector('#events').textContent.includes('Line\\\\u202eover\\\\u0007')");
  });

  it("keeps every digit of a number", async () => {
    const body = `{"event":"Big","properties":{"token":"${token}","distinct_id":"u","id":12345678901234567891}}`;
    await (await fetch(`${served.url}/track`, { method: "POST", body })).text();
    await page.until("document.querySelector('#events dl').textContent.includes('12345678901234567891')");
  });

  it("finds profiles by a part of their id, and is used by the keyboard alone", async () => {
    store.profiles.put(SANDBOX.projectId, "", "ada@example.com", { plan: "pro" });
    await page.run("document.getElementById('profile-id').focus()");
    await page.send("Input.insertText", { text: "ada@" });
    await press("Enter", "\r");
    await page.until("document.querySelectorAll('#profiles li').length === 1");
    assert.equal(await textOf("#search-result"), "1 profile");
    await press("Tab");
    assert.equal(await page.run("document.activeElement.textContent"), "Search");
    // A list that scrolls can have the focus too.
    for (let tries = 0; tries < 3; tries++) {
      await press("Tab");
      if (await page.run("document.activeElement.tagName") === "SUMMARY") break;
    }
    assert.equal(await page.run("document.activeElement.textContent"), "ada@example.com");
    await press("Enter", "\r");
    assert.equal(await page.run("document.activeElement.parentElement.open"), true);
  });

  it("can be read by everyone, light and dark, on a desk and on a phone", { timeout: 60_000 }, async () => {
    const screenshots = process.env.MP_SCREENSHOTS ?? folder.path("screenshots");
    mkdirSync(screenshots, { recursive: true });
    await page.run("document.querySelector('#events summary').click()");
    await page.run("document.querySelectorAll('#sdks button')[1].click()");
    for (const width of [1280, 390]) {
      for (const dark of [false, true]) {
        await page.show({ dark, width });
        assert.deepEqual(await page.accessibilityProblems(), [], `${width} ${dark}`);
        assert.ok(Number(await page.run("document.documentElement.scrollWidth")) <= width, `wider than ${width}`);
        const file = join(screenshots, `sandbox-${width}-${dark ? "dark" : "light"}.png`);
        await page.screenshot(file);
        assert.equal(readFileSync(file).subarray(1, 4).toString(), "PNG");
      }
    }
  });

  it("is not readable for a page of another site", async () => {
    const stranger = serve(() => new Response("<h1>Hi</h1>", { headers: { "content-type": "text/html" } }), {
      hostname: "127.0.0.1",
      port: 0,
    });
    try {
      const other = await browser.page(`http://localhost:${stranger.port}/`);
      for (const path of ["/sandbox/feed", "/sandbox/state", "/"]) {
        const told = await other.run(`fetch("${served.url}${path}").then((one) => one.text(), (error) => "refused")`);
        assert.equal(told, "refused", path);
      }
      const framed = await other.run(`new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.src = "${served.url}/";
        frame.onload = () => resolve(frame.contentDocument === null ? "out of reach" : "readable");
        document.body.append(frame);
      })`);
      assert.equal(framed, "out of reach");
      assert.ok(other.problems.some((problem) => problem.includes("frame-ancestors")), other.problems.join("\n"));
      other.close();
    } finally {
      await stranger.stop();
    }
  });

  it("has no error in the console", () => {
    assert.deepEqual(page.problems, []);
  });
});
