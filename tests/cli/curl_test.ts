import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { curlCommand } from "../../src/cli/curl.ts";
import { type Credentials, namedCredentials, placeholder } from "../../src/client/credentials.ts";
import { prepareRequest } from "../../src/client/prepare.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { cleanForTerminal } from "../../src/output/clean.ts";

/** Values that a shell would like to make something of. */
const VARIABLES: Record<string, string> = {
  MP_USERNAME: 'ana\'s "account"',
  MP_SECRET: "$HOME `id` \\ * '",
  MP_TOKEN: "to\"k'en $(id)",
  MP_OAUTH_TOKEN: "oauth-value",
  MP_API_SECRET: "api-value",
  MP_PROJECT_ID: "77",
};

async function shown(changes: Partial<WireRequest>, credentials: Credentials = namedCredentials()): Promise<string> {
  const request: WireRequest = {
    method: "POST",
    family: "app",
    path: "/x",
    query: [],
    auth: [],
    projectIn: "none",
    repeatable: false,
    ...changes,
  };
  const prepared = await prepareRequest(request, {
    region: "us",
    projectId: placeholder("MP_PROJECT_ID"),
    credentials,
    timeoutMs: 1,
    pacing: false,
    proxy: {},
  });
  return curlCommand(prepared);
}

/** What a real shell makes of commands: the arguments that `curl` gets, and in base64 what comes through its pipe. */
async function bytesAsRead(commands: string): Promise<{ args: string[]; stdin: Uint8Array }> {
  const curl =
    `curl() { for word; do printf '%s\\0' "$word"; done; case "$*" in *@-*) base64 | tr -d '\\n';; esac; }\n`;
  const running = promisify(execFile)("sh", ["-c", curl + commands], {
    env: { ...VARIABLES, PATH: "/usr/bin:/bin" },
    maxBuffer: 1 << 26,
  });
  // A text may look as if curl was to read something.
  running.child.stdin?.end();
  const args = (await running).stdout.split("\0");
  return { stdin: Uint8Array.fromBase64(args.pop() as string), args };
}

async function asRead(commands: string): Promise<{ args: string[]; stdin: string }> {
  const { args, stdin } = await bytesAsRead(commands);
  return { args, stdin: new TextDecoder().decode(stdin) };
}

const filledIn = (text: string) => text.replace(/\uE000([A-Z_]+)\uE001/g, (_, name: string) => VARIABLES[name]!);

const piece = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    "$",
    "`",
    "\\",
    "!",
    "\n",
    " ",
    "''",
    "\"'",
    "$MP_SECRET",
    "$(id)",
    "%",
    "@",
    "-",
    "é",
    "😀",
  ),
  fc.string({ maxLength: 4 }).filter((text) => !text.includes("\0")),
  fc.constantFrom(placeholder("MP_TOKEN"), placeholder("MP_SECRET")),
);
const awkwardText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

describe("a request as a curl command", () => {
  it("reads like one", async () => {
    const command = await shown({
      method: "GET",
      family: "query",
      path: "/segmentation",
      query: [["event", "Sign Up"], ["on", 'properties["plan"]']],
      auth: ["service_account"],
      projectIn: "query",
    });
    assert.equal(
      command,
      "curl 'https://mixpanel.com/api/query/segmentation?project_id='\"$MP_PROJECT_ID\"" +
        "'&event=Sign%20Up&on=properties%5B%22plan%22%5D' \\\n" +
        '  -u "$MP_USERNAME"\':\'"$MP_SECRET"\n',
    );
  });

  it("gives the shell exactly the values, whatever they are made of", async () => {
    // One shell reads many commands at once: starting it is what takes time.
    await fc.assert(
      fc.asyncProperty(fc.array(awkwardText, { minLength: 1, maxLength: 40 }), async (texts) => {
        const commands = await Promise.all(texts.flatMap((text) => [
          shown({ body: { kind: "json", text } }),
          shown({ body: { kind: "form", fields: [{ name: "f", value: text }] } }),
        ]));
        const { args } = await asRead(commands.join(""));
        const values = texts.flatMap((text) => [
          ...["-X", "POST", "https://mixpanel.com/api/app/x", "-H", "content-type: application/json"],
          ...["--data-raw", filledIn(text)],
          ...["-X", "POST", "https://mixpanel.com/api/app/x", "-H", "content-type: application/x-www-form-urlencoded"],
          ...["--data-urlencode", `f=${filledIn(text)}`],
        ]);
        assert.deepEqual(args, values);
      }),
      { numRuns: 10 },
    );
  });

  it("has the shell encode what is sent in base64", async () => {
    await fc.assert(
      fc.asyncProperty(awkwardText, async (value) => {
        const { args } = await asRead(
          await shown({ body: { kind: "form", fields: [{ name: "data", value, base64: true }] } }),
        );
        const base64 = new TextEncoder().encode(filledIn(value)).toBase64();
        assert.deepEqual(args.slice(-2), ["--data-urlencode", `data=${base64}`]);
      }),
      { numRuns: 10 },
    );
  });

  it("sends a long body through a here-document, with its variables filled in", async () => {
    await fc.assert(
      fc.asyncProperty(awkwardText, async (text) => {
        const long = text + "x".repeat(33_000) + text + "\n";
        const { args, stdin } = await asRead(
          await shown({ body: { kind: "ndjson", bytes: new TextEncoder().encode(long), gzip: false } }),
        );
        assert.deepEqual(args.slice(-2), ["--data-binary", "@-"]);
        assert.equal(stdin, filledIn(long));
      }),
      { numRuns: 10 },
    );
  });

  it("is not ended by a body that has the here-document's last line in it", async () => {
    const text = "x".repeat(33_000) + "\nEND_OF_BODY\nMP_BODY\nEND_OF_BODY_\ntouch /tmp/never\n";
    const bytes = new TextEncoder().encode(text);
    const { args, stdin } = await asRead(await shown({ body: { kind: "raw", contentType: "text/csv", bytes } }));
    assert.equal(stdin, text);
    assert.equal(args.filter((word) => word === "touch").length, 0);
  });

  it("sends long fields of a form through a pipe", async () => {
    const value = "a'b\"$x".repeat(10_000);
    const plain = await asRead(await shown({ body: { kind: "form", fields: [{ name: "script", value }] } }));
    assert.deepEqual(plain.args.slice(-2), ["--data-urlencode", "script@-"]);
    assert.equal(plain.stdin.trimEnd(), value);
    const encoded = await asRead(
      await shown({
        body: { kind: "form", fields: [{ name: "ip", value: "1" }, { name: "data", value, base64: true }] },
      }),
    );
    assert.deepEqual(encoded.args.slice(-4), ["--data-urlencode", "ip=1", "--data-urlencode", "data@-"]);
    assert.equal(atob(encoded.stdin).trimEnd(), value);
  });

  it("shows nothing that a terminal would obey, and means it all the same", async () => {
    const evil = `'\x1b]52;c;ZQ==\x07\x9d\u061c\u200e\u202e${String.fromCodePoint(0xe0041)}\r\n$x`;
    const long = evil.repeat(2000);
    const bodies: [WireRequest["body"], string[], string?][] = [
      [{ kind: "form", fields: [{ name: "a", value: evil }] }, [`a=${evil}`]],
      [{ kind: "form", fields: [{ name: "a", value: long }] }, [], long],
      [{ kind: "raw", contentType: "text/csv", bytes: new TextEncoder().encode(evil) }, [], evil],
    ];
    for (const [body, args, stdin] of bodies) {
      const command = await shown({ body, headers: { "x-evil": evil } });
      assert.equal(cleanForTerminal(command), command);
      const read = await asRead(command);
      for (const one of [...args, `x-evil: ${evil}`]) assert.ok(read.args.includes(one), one);
      if (stdin !== undefined) assert.equal(read.stdin, stdin);
    }
    const json = JSON.stringify({ a: evil });
    const command = await shown({ body: { kind: "json", text: json } });
    assert.equal(cleanForTerminal(command), command);
    const sent = (await asRead(command)).args.find((one) => one.startsWith("{"));
    assert.deepEqual(JSON.parse(sent!), JSON.parse(json));
  });

  it("keeps every byte of a body that is no text", async () => {
    const awkward = [new Uint8Array([0, 255, 10, 39, 200]), new TextEncoder().encode("\uFEFFid,name\n1,Ada")];
    for (const bytes of awkward) {
      const body = { kind: "raw", contentType: "text/csv", bytes } as const;
      const { args, stdin } = await bytesAsRead(await shown({ body }));
      const sent = args.includes("--data-raw") ? new TextEncoder().encode(args.at(-1)) : stdin;
      assert.deepEqual([...sent], [...bytes]);
    }
  });

  it("says how the body is encoded, and passes headers on", async () => {
    const { args } = await asRead(
      await shown({
        method: "PUT",
        headers: { "x-trace": "it's $HOME" },
        body: { kind: "raw", contentType: "text/csv", bytes: new TextEncoder().encode("a,b\n") },
      }),
    );
    assert.deepEqual(args, [
      ...["-X", "PUT", "https://mixpanel.com/api/app/x"],
      ...["-H", "content-type: text/csv", "-H", "x-trace: it's $HOME", "--data-raw", "a,b\n"],
    ]);
  });

  it("proves who asks in the way of each kind, without a secret", async () => {
    const named = namedCredentials();
    const cases: [WireRequest["auth"], Credentials, string[]][] = [
      [["service_account"], named, ["-u", `${VARIABLES.MP_USERNAME}:${VARIABLES.MP_SECRET}`]],
      [["oauth"], { oauthToken: named.oauthToken }, ["-H", "authorization: Bearer oauth-value"]],
      [["oauth"], { clientCredentials: named.clientCredentials }, ["-H", "authorization: Bearer oauth-value"]],
      [["project_secret"], named, ["-u", "api-value:"]],
      [["project_token"], named, ["-u", `${VARIABLES.MP_TOKEN}:`]],
      [[], named, []],
    ];
    for (const [auth, credentials, expected] of cases) {
      const { args } = await asRead(await shown({ method: "DELETE", auth }, credentials));
      assert.deepEqual(args, ["-X", "DELETE", "https://mixpanel.com/api/app/x", ...expected]);
    }
  });

  it("asks for a compressed stream, and keeps curl from reading brackets as patterns", async () => {
    const streaming = await asRead(await shown({ method: "GET", family: "export", path: "/export", streaming: true }));
    assert.deepEqual(streaming.args, ["https://data.mixpanel.com/api/2.0/export", "--compressed"]);
    const { args } = await asRead(await shown({ method: "GET", path: "/a[1]" }));
    assert.deepEqual(args, ["https://mixpanel.com/api/app/a[1]", "-g"]);
  });

  it("fills variables into paths and query strings", async () => {
    const token = placeholder("MP_PROJECT_ID");
    const { args } = await asRead(
      await shown({ method: "GET", path: `/projects/${encodeURIComponent(token)}/x`, query: [["token", token]] }),
    );
    assert.deepEqual(args, ["https://mixpanel.com/api/app/projects/77/x?token=77"]);
  });
});
