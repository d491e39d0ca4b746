/** Answers to changes that do not say what they should: nothing is taken for done, shown to others, or lost. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const files = temporaryFolder();
const PROJECT = "/api/app/projects/1000001";
const CREATE = ["service-accounts", "create", "bot", "--organization", "1"];
const ACCOUNTS = "/api/app/organizations/1/service-accounts";
let stub: Stubbed;
beforeEach(async () => void (stub = await openStubbed()));
afterEach(() => stub.server.finish());

describe("an answer that says nothing of a change", () => {
  const page = { headers: { "content-type": "text/html" }, body: "<html><title>Log in</title></html>" };
  const nothings = [
    page,
    { body: '{"status":"ok","resu' },
    ...["0", "null", "[]", "true", '"x"'].map((body) => ({ body })),
  ];
  const lexicon = files.path("lexicon.json");
  const upload = ["lexicon", "upload", lexicon];
  beforeEach(() => writeFileSync(lexicon, '[{"entityType":"event","name":"a","schemaJson":{}}]'));
  const rows: { argv: string[]; method: string; path: string; bodies?: object[] }[] = [
    { argv: ["gdpr", "cancel", "t1"], method: "DELETE", path: "/api/app/data-deletions/v3.0/t1" },
    { argv: ["pipelines", "cancel", "n", "--yes"], method: "POST", path: "/api/2.0/nessie/pipeline/cancel" },
    { argv: ["pipelines", "pause", "n"], method: "POST", path: "/api/2.0/nessie/pipeline/pause" },
    { argv: ["annotations", "delete", "5", "--yes"], method: "DELETE", path: `${PROJECT}/annotations/5` },
    {
      argv: ["gdpr", "delete", "a", "--yes"],
      method: "POST",
      path: "/api/app/data-deletions/v3.0/",
      bodies: [{ json: { results: {} } }, { json: {} }, { body: "" }],
    },
    {
      argv: upload,
      method: "POST",
      path: `${PROJECT}/schemas`,
      bodies: [{ json: {} }, { body: "" }, { status: 204 }],
    },
  ];
  for (const { argv, method, path, bodies = [] } of rows) {
    it(`leaves it in doubt: mp ${argv.slice(0, 2).join(" ")}`, async () => {
      for (const answer of [...nothings, ...bodies]) {
        stub.server.on(method, path, answer);
        const { code, stdout, stderr } = await stub.mp(argv, { env: { MP_OAUTH_TOKEN: "gdpr" } });
        assert.deepEqual([code, stdout], [6, ""], `${JSON.stringify(answer)}: ${stderr}`);
        assert.match(stderr, /hint: (look whether it was done|it may have been done)/);
        assert.doesNotMatch(stderr, /[Cc]ancelled|Wrote|Made/);
      }
    });
  }

  it("says that it was made where the published answer is empty", async () => {
    stub.server.on("DELETE", "/api/app/data-deletions/v3.0/t1", { status: 204 });
    const { code, stderr } = await stub.mp(["gdpr", "cancel", "t1"], { env: { MP_OAUTH_TOKEN: "gdpr" } });
    assert.deepEqual([code, stderr], [0, "Deletion t1 is cancelled\n"]);
  });
});

describe("a redirect of a change", () => {
  const remove = ["annotations", "delete", "5", "--yes"];
  for (const status of [301, 302, 303]) {
    it(`with ${status} is no answer, and the change is not sent again`, async () => {
      const path = `${PROJECT}/annotations/5`;
      stub.server.on("DELETE", path, { status, headers: { location: "/login" } });
      const { code, stderr } = await stub.mp(remove);
      assert.equal(code, 7, stderr);
      assert.match(stderr, /redirected to .*\/login\nhint: look whether it was done: mp annotations get 5\n$/);
      assert.equal(stub.server.requests.filter(({ path }) => path.endsWith("/login")).length, 0);
    });
  }
});

describe("the secret file", () => {
  const create = (answer: object) => {
    stub.server.on("POST", ACCOUNTS, answer);
    const path = files.path("kept.secret");
    rmSync(path, { force: true });
    return stub.mp([...CREATE, "--secret-file", path, "-v"]).then((ended) => ({
      ...ended,
      kept: readFileSync(path, "utf8"),
      mode: statSync(path).mode & 0o777,
    }));
  };
  const rows: [string, object, kept: string, code: number, hidden: RegExp][] = [
    ["has one as it is", { json: { results: { id: 5, token: "one-1q2w3e" } } }, "one-1q2w3e\n", 0, /one-1/],
    [
      "has several by name",
      { json: { results: { id: 5, secret: "NEW-5a5a5a", token: "TOK-6b6b6b" } } },
      '{"secret":"NEW-5a5a5a","token":"TOK-6b6b6b"}\n',
      0,
      /NEW-|TOK-/,
    ],
    [
      "has those of any depth, by path where a name comes twice",
      {
        json: {
          data: [{ access_token: "deep-1a2b3c" }, { access_token: "deep-4d5e6f" }],
          login: { password: { value: "deep-7a8b9c" } },
          uri: "https://x/?t=deep-1a2b3c",
        },
      },
      '{"access_token":"deep-1a2b3c","data.1.access_token":"deep-4d5e6f","password.value":"deep-7a8b9c"}\n',
      0,
      /deep-/,
    ],
    ["has a number too", { json: { results: { id: 5, secret: 90210777 } } }, "90210777\n", 0, /90210777/],
    [
      "has all when none is named",
      { json: { results: { id: 5, key: "K-778899" } } },
      '{"results":{"id":5,"key":"K-778899"}}\n',
      1,
      /K-77/,
    ],
    ["has what is no JSON", { body: "token: hush-12321" }, "token: hush-12321\n", 6, /hush-1/],
    ["has a bare text", { body: '"hush-45654"' }, '"hush-45654"\n', 6, /hush-4/],
    ["has a part", { status: 206, body: '{"secret":"hush-99"}' }, '{"secret":"hush-99"}\n', 6, /hush-9/],
    [
      "has what came before the answer broke off",
      { raw: ['HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"secret":"hush-77'], then: "reset" },
      '{"secret":"hush-77\n',
      7,
      /hush-7/,
    ],
  ];
  for (const [name, answer, expected, code, hidden] of rows) {
    it(name, async () => {
      const { kept, mode, stdout, stderr, ...ended } = await create(answer);
      assert.deepEqual([kept, mode, ended.code], [expected, 0o600, code], stderr);
      assert.doesNotMatch(stdout + stderr, hidden);
      if (code > 0) assert.ok(stderr.includes(files.path("kept.secret")), stderr);
    });
  }
});

describe("what came of an answer", () => {
  for (
    const [name, answer, code] of [
      ["that is a part (206)", { status: 206, body: '{"results":{"id":7,"token":"told-once-5"' }, 6],
      [
        "that broke off",
        {
          raw: ['HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"results":{"id":7,"token":"told-once-5"'],
          then: "reset",
        },
        7,
      ],
      ["that is no JSON", { body: '{"results":{"id":7,"token":"told-once-5"' }, 6],
    ] as const
  ) {
    it(`to a change is shown: one ${name}`, async () => {
      stub.server.on("POST", ACCOUNTS, answer as object);
      const failed = await stub.mp(CREATE);
      assert.equal(failed.code, code);
      assert.match(failed.stderr, /^server: \{"results":\{"id":7,"token":"told-once-5"$/m);
      assert.match(failed.stderr, /look whether it was done/);
    });
  }
});

describe("an answer to records that is not understood", () => {
  const event = { event: "E", properties: { time: 1795400000, distinct_id: "u", $insert_id: "i-1" } };
  for (
    const [argv, path, record] of [
      [["import", "-"], "/import", event],
      [["track", "-"], "/track", event],
      [["profiles", "batch", "-"], "/engage", { $distinct_id: "u", $add: { n: 1 } }],
    ] as const
  ) {
    it(`is said to be one: mp ${argv[0]}`, async () => {
      stub.server.on("POST", path, { body: "<html><title>Log in</title></html>" });
      const { code, stderr } = await stub.mp([...argv], { stdin: JSON.stringify(record) });
      assert.equal(code, 6, stderr);
      assert.match(stderr, /1 in doubt: sent, and the answer was not understood/);
      assert.doesNotMatch(stderr, /not answered/);
    });
  }
});
