/** What developers do, and those who look after privacy. */
import assert from "node:assert/strict";
import Mixpanel from "mixpanel";
import type { Walk } from "./walk.ts";

const ENTER = "\r";
const DOWN = "\x1b[B";
/** A shell with nothing but the address: whoever has just installed it. */
const NOBODY = {
  MP_USERNAME: "",
  MP_SECRET: "",
  MP_OAUTH_TOKEN: "",
  MP_TOKEN: "",
  MP_PROJECT_ID: "",
};
const EMAIL = "eva.schmidt.10001@example.com";

export const DEVELOPER: readonly Walk[] = [
  {
    job: 25,
    who: "to log in with a service account, and a secret that is mistyped",
    type: ["mp login"],
    before: () => NOBODY,
    keys: [
      [DOWN + ENTER, "log in"],
      ["sandbox.mp-service-account" + ENTER, "User name"],
      ["wrong" + ENTER, "Secret"],
      ["sandbox-service-secret" + ENTER, "account, again"],
      [DOWN + ENTER, "Which project?"],
    ],
    shows:
      /credentials were refused\nhint: type it again[^]*Logged in as sandbox\.mp-service-account[^]*Next: 'mp events/,
    async check(_screens, { desk }) {
      const { code, stdout } = await desk.type("mp events list", NOBODY);
      assert.equal(code, 0);
      assert.match(stdout, /"Purchase"/);
    },
  },
  {
    job: 26,
    who: "an event of the Node SDK, as it arrives",
    type: ["mp events tail --event 'From Node' --max 1 --for 15s"],
    before({ sandbox: { url, env }, columns }) {
      const { hostname, port } = new URL(url);
      const client = Mixpanel.init(env.MP_TOKEN!, { host: `${hostname}:${port}`, protocol: "http" });
      setTimeout(() => client.track("From Node", { distinct_id: `sdk-${columns}` }), 1500);
    },
    shows: /\d\d:\d\d:\d\d +From Node +sdk-\d+/,
  },
  {
    job: 27,
    who: "the variant of a user, and why",
    type: ["mp flags evaluate customer-10001"],
    shows: /why\n[^]*in rollout 1 \(place \d+ of\s+100,\s+below\s+100\);\s+variant by\s+place \d+/,
  },
  {
    job: 27,
    who: "a misspelt flag",
    type: ["mp flags evaluate customer-10001 new-chekout"],
    codes: [4],
    shows: /did you mean new-checkout\?/,
  },
  {
    job: 28,
    who: "flags that are decided without a network",
    type: [
      "mp flags definitions -o flags.json",
      "MP_API_BASE_URL=http://127.0.0.1:9 mp flags evaluate u-1 new-checkout --local --definitions flags.json",
    ],
    shows: [/Wrote flags\.json/, /new-checkout +(control|treatment)/],
  },
  {
    job: 29,
    who: "a user's deletion, when somebody is asked first",
    type: ["mp gdpr delete customer-10002"],
    keys: [["y", "permanently?"]],
    shows: /Made deletion \d+ for 1 user\nSee how far it is: mp gdpr status \d+$/m,
    async check([shown], { desk, events }) {
      assert.ok(events.some(({ properties }) => properties.distinct_id === "customer-10002"));
      const [, next] = /See how far it is: (.*)$/m.exec(shown!)!;
      const { stdout } = await desk.type(`${next} -f csv`);
      assert.match(stdout, /^kind,status,users,result\ndeletion,(SUCCESS|PENDING|STAGING)/);
    },
  },
  {
    job: 30,
    who: "a user by the e-mail address",
    type: [`mp profiles list --where 'properties["$email"] == "${EMAIL}"'`],
    shows: new RegExp(`^customer-10001 .*${EMAIL}`, "m"),
  },
  {
    job: 30,
    who: "all data of a user",
    type: ["mp gdpr retrieve customer-10001"],
    shows: /^Made retrieval \d+ for 1 user\nSee how far it is: mp gdpr status \d+$/m,
  },
];
