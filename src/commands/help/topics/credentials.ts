import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    {
      title: "Kinds",
      rows: [
        [
          "service account",
          "MP_USERNAME and MP_SECRET. Works for nearly everything; made under Organization Settings → " +
          "Service Accounts. Importing needs the role Admin or Owner",
        ],
        [
          "login in the browser",
          "'mp login --browser': as yourself. Tokens are kept in a file of your own and renewed; --no-browser shows an " +
          "address for a browser on another machine",
        ],
        ["bearer token", "MP_OAUTH_TOKEN: an OAuth token, or the token for the GDPR API from your profile's settings"],
        ["OAuth client", "MP_CLIENT_ID and MP_CLIENT_SECRET: mp fetches a token and renews it when it has expired"],
        ["project token", "MP_TOKEN: for track, profiles, groups and flags. Not a secret: every app carries it"],
        [
          "project secret",
          "MP_API_SECRET: deprecated, stops working on 2027-03-03. In a header, or with --secret-in query as ?api_key=",
        ],
      ],
    },
    "Nearly all requests also need a project: --project, MP_PROJECT_ID, or the account's. 'mp projects list' shows what " +
    "a service account can see.",
    "'mp login' checks credentials, finds their region and stores them as an account in a file that only you can read. " +
    "A secret in that file can be a value, the name of a variable (secret_env) or a command to run (secret_command). " +
    "A file that others can read, as containers mount it, may hold everything but secrets. " +
    "There can be many accounts; -a NAME or MP_ACCOUNT chooses one for a single command, 'mp account use' for all. " +
    "'-a sandbox' is the sandbox that runs on this machine ('mp sandbox'), unless you have an account of that name. " +
    "'mp account import' copies the accounts of Mixpanel's Python client.",
    "What proves who you are is taken from one place: the account that -a names, else the environment, else the account " +
    "in use. It goes to no other place's address, and neither does a project token: an account's base_url is for its " +
    "own credentials, which go nowhere else, and MP_API_BASE_URL beside credentials is for these. A project's id is no secret: MP_PROJECT_ID " +
    "names the project for an account's credentials too. Secrets are never taken from flags, because other users of a machine can read those, and never printed.",
    {
      examples: [
        { text: "What is in effect, and where each value comes from", run: "mp whoami" },
        { text: "Does Mixpanel know these credentials?", run: "mp whoami --verify" },
        {
          text: "Store an account whose secret stays in a password manager",
          run: "mp login work --username \"$MP_USERNAME\" --secret-command 'pass show mixpanel'",
        },
        { text: "What each endpoint accepts", run: "mp api --list -f table" },
      ],
    },
  ],
  seeAlso: ["mp help regions", "mp help environment", "mp account --help"],
} satisfies Topic;
