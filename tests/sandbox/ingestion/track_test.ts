import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, NOW_MS, NOW_SECONDS } from "../lab.ts";

const event = (changes: Record<string, unknown> = {}, name = "Viewed") => ({
  event: name,
  properties: { token: SANDBOX.token, distinct_id: "u-1", ...changes },
});
const base64 = (value: unknown) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));
const form = { "content-type": "application/x-www-form-urlencoded" };

describe("/track", () => {
  const forms: Record<string, (lab: Lab) => Promise<{ text: string }>> = {
    "a JSON array": (lab) => lab.post("/track", [event()]),
    "a JSON object": (lab) => lab.post("/track", event()),
    "base64 in the query string of a GET": (lab) =>
      lab.send(`/track?ip=0&verbose=0&data=${encodeURIComponent(base64(event()))}`, { auth: "" }),
    "base64 in the query string, with a slash behind the path": (lab) =>
      lab.send(`/track/?data=${encodeURIComponent(base64(event()))}`, { auth: "" }),
    "a form of base64 that is not percent-encoded": (lab) =>
      lab.send("/track", { method: "POST", auth: "", headers: form, body: `data=${base64([event({ x: ">>>???" })])}` }),
    "a form of base64": (lab) =>
      lab.send("/track", {
        method: "POST",
        auth: "",
        headers: form,
        body: `data=${encodeURIComponent(base64([event()]))}`,
      }),
    "a form of JSON": (lab) =>
      lab.send("/track", {
        method: "POST",
        auth: "",
        headers: form,
        body: new URLSearchParams({ data: JSON.stringify(event()), ip: "0" }).toString(),
      }),
    "a JSON array labelled as plain text": (lab) =>
      lab.send("/track", {
        method: "POST",
        auth: "",
        headers: { "content-type": "text/plain" },
        body: JSON.stringify([event()]),
      }),
    "a gzip body": (lab) =>
      lab.send("/track", {
        method: "POST",
        auth: "",
        headers: { "content-encoding": "gzip", "content-type": "application/json" },
        body: gzipSync(JSON.stringify([event()])),
      }),
  };
  for (const [name, send] of Object.entries(forms)) {
    it(`takes ${name}`, async () => {
      const lab = new Lab();
      assert.equal((await send(lab)).text, "1");
      const [stored] = await lab.exported() as { event: string; properties: Record<string, unknown> }[];
      assert.equal(stored.event, "Viewed");
      assert.equal(stored.properties.time, NOW_SECONDS);
      assert.equal(stored.properties.distinct_id, "u-1");
      assert.equal(stored.properties.token, undefined);
      assert.match(String(stored.properties.$insert_id), /^[0-9a-f]{16}$/);
    });
  }

  it("brings base64 of any text back, pluses and all", async () => {
    const lab = new Lab();
    const note = "ÿþ>>>???~~~ 日本語 +/= 😀";
    await lab.send("/track", { method: "POST", auth: "", headers: form, body: `data=${base64([event({ note })])}` });
    const [{ properties }] = await lab.exported() as { properties: Record<string, unknown> }[];
    assert.equal(properties.note, note);
  });

  it("answers with JSON when it is asked to, in the query string or in the form", async () => {
    const lab = new Lab();
    assert.equal((await lab.post("/track?verbose=1", [event()])).text, '{"error":null,"status":1}');
    const body = new URLSearchParams({ data: JSON.stringify(event()), verbose: "1" }).toString();
    const reply = await lab.send("/track", { method: "POST", auth: "", headers: form, body });
    assert.equal(reply.text, '{"error":null,"status":1}');
  });

  it("answers with a picture, a script or a redirect when it is asked to", async () => {
    const lab = new Lab();
    const pixel = await lab.post("/track?img=1", [event()]);
    assert.equal(pixel.headers.get("content-type"), "image/gif");
    assert.match(pixel.text, /^GIF89a/);
    const script = await lab.post("/track?callback=done", [event()]);
    assert.equal(script.text, "done(1);");
    assert.match(script.headers.get("content-type")!, /^text\/javascript/);
    assert.equal(
      (await lab.post("/track?callback=done&verbose=1", [event()])).text,
      'done({"error":null,"status":1});',
    );
    const redirect = await lab.post("/track?redirect=http%3A%2F%2Fexample.com%2F", [event()]);
    assert.equal(redirect.status, 302);
    assert.equal(redirect.headers.get("location"), "http://example.com/");
    assert.equal((await lab.exported()).length, 4);
  });

  it("says no with status 200, and why only when it is asked to", async () => {
    const lab = new Lab();
    assert.equal((await lab.post("/track", [{ event: "E", properties: {} }])).text, "0");
    const problems: [unknown, string][] = [
      [{ event: "E", properties: {} }, "token, missing or empty"],
      [{ properties: { token: SANDBOX.token } }, "event, missing"],
      [[], "data, missing or empty"],
      [[17], "data, must be an object or a list of objects"],
      [event({ time: NOW_SECONDS - 6 * 86_400 }), "time, must be within the last 5 days"],
      [event({ time: "soon" }), "time, must be specified as seconds since epoch"],
    ];
    for (const [data, error] of problems) {
      const reply = await lab.post("/track?verbose=1", data);
      assert.equal(reply.status, 200);
      assert.deepEqual(reply.json, { error, status: 0 });
    }
    const empty = await lab.send("/track?verbose=1", { method: "POST", auth: "" });
    assert.deepEqual(empty.json, { error: "data, missing or empty", status: 0 });
    const torn = await lab.send("/track?verbose=1", { method: "POST", auth: "", body: '[{"event"' });
    assert.deepEqual(torn.json, { error: "data, invalid JSON", status: 0 });
    assert.equal((await lab.exported()).length, 0);
  });

  it("keeps the good events of a batch and says that all is well", async () => {
    const lab = new Lab();
    const reply = await lab.post("/track?verbose=1", [{ event: "bad" }, event()]);
    assert.deepEqual(reply.json, { error: null, status: 1 });
    assert.equal((await lab.exported()).length, 1);
  });

  it("takes events for an unknown token and drops them, unless tokens are strict", async () => {
    const lab = new Lab();
    assert.equal((await lab.post("/track", [event({ token: "nobody" })])).text, "1");
    assert.equal((await lab.exported()).length, 0);
    const strict = await new Lab({ strictTokens: true }).post("/track", [event({ token: "nobody" })]);
    assert.equal(strict.status, 401);
    assert.equal(strict.json.status, "error");
  });

  it("drops events that ask to be ignored", async () => {
    const lab = new Lab();
    assert.equal((await lab.post("/track", [event({ $ignore: true })])).text, "1");
    assert.equal((await lab.exported()).length, 0);
  });

  it("takes a time to come for now", async () => {
    const lab = new Lab();
    await lab.post("/track", [event({ time: NOW_SECONDS + 1000 })]);
    const [{ properties }] = await lab.exported({ time_in_ms: "true" }) as { properties: Record<string, unknown> }[];
    assert.equal(properties.time, NOW_MS);
  });

  it("makes an id of the sender's address only when it is asked to", async () => {
    const lab = new Lab();
    const { distinct_id: _id, ...anonymous } = event().properties;
    await lab.post("/track?ip=1", [{ event: "A", properties: anonymous }]);
    await lab.post("/track", [{ event: "B", properties: anonymous }]);
    const [a, b] = await lab.exported() as { properties: Record<string, unknown> }[];
    assert.match(String(a.properties.distinct_id), /^[0-9a-f]{16}$/);
    assert.equal(b.properties.distinct_id, undefined);
  });

  it("adds what Mixpanel adds when it is told to", async () => {
    const lab = new Lab({ addServerProperties: true });
    await lab.post("/track", [event({ time: NOW_SECONDS })]);
    const [{ properties }] = await lab.exported() as { properties: Record<string, unknown> }[];
    assert.equal(properties.$mp_api_timestamp_ms, NOW_MS);
    assert.equal(properties.mp_processing_time_ms, NOW_MS);
    assert.equal(properties.$import, undefined);
  });
});
