import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { type RunningServer, serve } from "../../src/runtime/network/server.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type ServedSandbox, startSandbox } from "../../src/sandbox/start.ts";
import { type Browser, CHROMIUM, openBrowser, type Page } from "../helpers/browser.ts";
import { itUnless } from "../helpers/needs.ts";
import { Lab } from "./lab.ts";

/** A site of somebody else, whose name its owner has made point to this machine. */
const SITE = "evil.test";
const PROJECT = `project_id=${SANDBOX.projectId}`;
const missing = CHROMIUM === undefined && "needs Chromium";

describe("a page in a browser", () => {
  const lab = new Lab();
  let served: ServedSandbox;
  let site: RunningServer;
  let browser: Browser;
  before(async () => {
    if (CHROMIUM === undefined) return;
    served = startSandbox({ store: lab.store, clock: lab.clock });
    const page = () => new Response("<!DOCTYPE html><p>A page</p>", { headers: { "content-type": "text/html" } });
    site = serve(page, { hostname: "127.0.0.1", port: 0 });
    browser = await openBrowser({ ownName: SITE });
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await served?.stop();
  });

  const event = (name: string) => ({ event: name, properties: { token: SANDBOX.token, distinct_id: "u" } });
  const stored = () => lab.store.events.count(SANDBOX.projectId);
  /** What a request of the page comes to: the text that it can read, or that it can read none. */
  const asked = (page: Page, path: string, init: object = {}) =>
    page.run(`fetch(${JSON.stringify(served.url + path)}, ${JSON.stringify(init)})
      .then((answer) => answer.type === "opaque" ? "unreadable" : answer.text(), () => "refused")`);

  itUnless(missing, "of another site reads nothing that needs a secret, and not what the sandbox shows", async () => {
    const page = await browser.page(`http://${SITE}:${site.port}/`);
    const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
    assert.equal(await asked(page, "/sandbox/state"), "refused");
    assert.equal(await asked(page, "/sandbox/feed"), "refused");
    assert.equal(await asked(page, "/api/app/me", { headers: { authorization } }), "refused");
    assert.equal(await asked(page, `/api/query/events/names?${PROJECT}`, { headers: { authorization } }), "refused");
    assert.equal(await asked(page, `/api/query/events/names?api_key=${SANDBOX.secret}`), "refused");
    page.close();
  });

  itUnless(missing, "of another site commands nothing, and stores nothing", async () => {
    const page = await browser.page(`http://${SITE}:${site.port}/`);
    const fault = JSON.stringify({ kind: "answer", status: 500, path: "/*", times: 1000 });
    const text = { method: "POST", mode: "no-cors", headers: { "content-type": "text/plain" } };
    assert.equal(await asked(page, "/sandbox/faults", { ...text, body: fault }), "unreadable");
    assert.equal(await asked(page, "/track", { ...text, body: JSON.stringify([event("A")]) }), "unreadable");
    assert.equal(
      await asked(page, `/import?${PROJECT}&api_key=${SANDBOX.secret}`, { ...text, body: "[]" }),
      "unreadable",
    );
    // An image, a script, and a form that is sent into a frame.
    const data = encodeURIComponent(JSON.stringify(event("B")));
    await page.run(`(async () => {
      const loaded = (element, source) => new Promise((done) => {
        element.onload = element.onerror = done;
        Object.assign(element, source);
        document.body.append(element);
      });
      await loaded(new Image(), { src: "${served.url}/track?img=1&data=${data}" });
      await loaded(document.createElement("script"), { src: "${served.url}/track?callback=alert&data=${data}" });
      const frame = document.createElement("iframe");
      frame.name = "frame";
      document.body.append(frame);
      document.body.insertAdjacentHTML("beforeend",
        '<form method="post" target="frame" action="${served.url}/track"><input name="data"></form>');
      document.forms[0].elements[0].value = decodeURIComponent("${data}");
      const sent = new Promise((done) => frame.onload = done);
      document.forms[0].submit();
      await sent;
    })()`);
    assert.equal(stored(), 0);
    assert.deepEqual((await lab.send("/sandbox/state", { auth: "" })).json.faults, []);
    page.close();
  });

  itUnless(missing, "finds nothing under a name that was made to point to this machine", async () => {
    const page = await browser.page(`http://${SITE}:${new URL(served.url).port}/`);
    assert.match(await page.run("document.body.textContent") as string, /127\.0\.0\.1 or localhost only/);
    const read = "fetch('/sandbox/state').then(async (answer) => [answer.status, await answer.text()])";
    const [status, body] = await page.run(read) as [number, string];
    assert.equal(status, 403);
    assert.doesNotMatch(body, new RegExp(SANDBOX.token));
    page.close();
  });

  itUnless(missing, "of this machine sends events, and reads no more than their answer", async () => {
    const page = await browser.page(`http://localhost:${site.port}/`);
    const headers = { "content-type": "application/json" };
    const answer = await asked(page, "/track", { method: "POST", headers, body: JSON.stringify([event("Mine")]) });
    assert.equal(answer, "1");
    assert.equal(stored(), 1);
    assert.equal(await asked(page, "/sandbox/state"), "refused");
    page.close();
  });
});
