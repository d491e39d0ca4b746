import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Lab } from "../lab.ts";
import { facts } from "./facts.ts";

const HEXADECIMAL = /^[0-9a-f]{32}$/;

/** Tracks with a token, and asks for the event with a secret. */
async function trackAndExport(lab: Lab, token: string, secret: string): Promise<unknown> {
  await lab.post("/track", [{ event: "E", properties: { token, distinct_id: "u", n: token } }]);
  const days = "from_date=2026-11-01&to_date=2026-11-23";
  const { text } = await lab.send(`/api/2.0/export?${days}`, { auth: `${secret}:` });
  return JSON.parse(text.trim()).properties.n;
}

facts("11.2", "tokens and secrets", {
  "11.2-4": {
    says: "tokens and secrets are 32 hexadecimal characters, of new projects too",
    async holds(lab) {
      const body = JSON.stringify({ name: "Another" });

      const { json, status, text } = await lab.send("/api/app/projects", { method: "POST", body });
      assert.equal(status, 200, text);
      const { token, api_secret: secret } = json;
      for (const one of [SANDBOX.token, SANDBOX.secret, token, secret]) assert.match(one, HEXADECIMAL);
    },
  },
  "11.2-5": {
    says: "the emulator's default project goes by its token and secret",
    holds: async (lab) => assert.equal(await trackAndExport(lab, SANDBOX.token, SANDBOX.secret), SANDBOX.token),
  },
  "11.2-6": {
    says: "the names that it had before work as well",
    holds: async (lab) => assert.equal(await trackAndExport(lab, "sandbox-token", "sandbox-secret"), "sandbox-token"),
  },
});
