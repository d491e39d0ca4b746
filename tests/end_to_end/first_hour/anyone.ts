/** What everybody does. */
import assert from "node:assert/strict";
import type { Place, Walk } from "./walk.ts";

const ENTER = "\r";
const NO_CREDENTIALS = { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "" };
const NO_ACCOUNTS = { MP_CONFIG_PATH: "none.toml" };

const misspelt = (type: string, shows: RegExp, code: number, before?: Walk["before"]): Walk => ({
  job: 31,
  who: "something misspelt",
  type: [type],
  codes: [code],
  shows,
  before,
});

const listed = (type: string, shows: RegExp): Walk => ({ job: 34, who: "what there is", type: [type], shows });

/** An account without a project of its own to choose from. */
const withAccount = async ({ desk }: Place) => {
  const { code, stderr } = await desk.type(
    'mp login work --username "$MP_USERNAME" --secret-env STAGING_SECRET --project "$MP_PROJECT_ID" --yes',
  );
  assert.equal(code, 0, stderr);
  return { ...NO_CREDENTIALS, MP_PROJECT_ID: "", MP_TOKEN: "" };
};

export const ANYONE: readonly Walk[] = [
  {
    job: 1,
    who: "the tour",
    type: ["mp demo"],
    keys: Array.from({ length: 5 }, () => [ENTER, "Enter goes on"] as const),
    shows: /1 of 4[^]*4 of 4[^]*mp login/,
  },
  {
    job: 1,
    who: "a sandbox that is asked from another terminal",
    type: ["mp sandbox --port 0 --demo --events 500"],
    keys: [["\x03", "Ctrl-C ends it"]],
    shows: /^Ask it: +mp -a sandbox events list$/m,
  },
  misspelt("mp quary funnel", /did you mean 'mp query'/, 3),
  misspelt("mp events top --lats 7d", /--last/, 3),
  misspelt("mp query segmentation Purchase --last 7d --unit dya", /did you mean --unit day\?/, 3),
  misspelt("mp query segmentation Purchse --last 7d", /Did you mean 'Purchase'\?/, 0, async ({ desk }) => {
    assert.equal((await desk.type("mp events list -f table")).code, 0);
  }),
  misspelt("mp query segmentation Purchase --last 7d --on cuntry", /'mp events properties\s+Purchase' lists/, 0),
  misspelt("mp query funnel 7099 --last 7d", /'mp funnels list' shows what there is/, 4),
  {
    job: 32,
    who: "no credentials",
    type: ["mp events list"],
    codes: [2],
    before: () => ({ ...NO_CREDENTIALS, ...NO_ACCOUNTS }),
    shows: /hint: 'mp login' stores credentials/,
  },
  {
    job: 32,
    who: "a wrong secret",
    type: ["MP_SECRET=wrong mp events list"],
    codes: [2],
    shows: /hint: check MP_USERNAME and MP_SECRET/,
  },
  { job: 33, who: "help on a topic", type: ["mp help quotas"], shows: /an hour/ },
  { job: 33, who: "help on a command", type: ["mp query funnel -h"], shows: /Usage:/ },
  { job: 33, who: "the way from the web page", type: ["mp help from-the-web"], shows: /mp query segmentation/ },
  listed("mp events list", /Purchase/),
  listed("mp funnels list", /7001/),
  listed("mp flags list", /new-checkout/),
  listed("mp projects list", /1000001/),
  {
    job: 35,
    who: "another project for what follows",
    type: ["mp projects use Archive", "mp whoami"],
    before: withAccount,
    shows: [/now uses project \d+ \(Archive\)/, /Archive|project +\d+/],
  },
  {
    job: 36,
    who: "the page of what was asked",
    type: ["mp open funnels 7001 --print"],
    shows: /\/project\/1000001\S*funnels\S*7001|\/project\/1000001/,
  },
  {
    job: 37,
    who: "another name for it",
    type: [`ln -sf "$(command -v mp)" mxp && ./mxp events list`],
    shows: /Purchase/,
  },
  {
    job: 38,
    who: "to forget an account",
    type: ["mp logout"],
    before: withAccount,
    shows: /account work is forgotten/,
  },
];
