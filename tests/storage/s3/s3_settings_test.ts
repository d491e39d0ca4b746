import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { failure } from "../../helpers/failure.ts";
import { parseSections } from "../../../src/storage/s3/aws_profile.ts";
import { s3Settings } from "../../../src/storage/s3/s3_settings.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

const never = () => Promise.reject(new Error("Nothing is to be sent"));

/** Settings in a home folder with these files, with the keys that they lead to. */
async function settingsWith(
  files: { credentials?: string; config?: string },
  env: Record<string, string> = {},
  onSecret?: (secret: string) => void,
) {
  const home = mkdtempSync(join(tmpdir(), "mp-aws-"));
  try {
    mkdirSync(join(home, ".aws"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, ".aws", name), text);
    const settings = await s3Settings("s3://bucket", { HOME: home, ...env }, {
      transport: never,
      now: () => 0,
      onSecret,
    });
    return { ...settings, credentials: await settings.credentials() };
  } finally {
    rmSync(home, { recursive: true });
  }
}

describe("s3Settings", () => {
  it("takes variables before the profile, and those for S3 alone first", async () => {
    const files = {
      credentials: "[default]\naws_access_key_id = file-id\naws_secret_access_key = file-secret\n",
      config: "[default]\nregion = eu-west-3\nendpoint_url = https://profile.example/\n",
    };
    assert.deepEqual(await settingsWith(files), {
      region: "eu-west-3",
      endpoint: "https://profile.example",
      credentials: { accessKeyId: "file-id", secretAccessKey: "file-secret", sessionToken: undefined },
    });
    assert.deepEqual(
      await settingsWith(files, {
        ...KEYS,
        AWS_SESSION_TOKEN: "session",
        AWS_REGION: "eu-north-1",
        AWS_DEFAULT_REGION: "x",
        AWS_ENDPOINT_URL: "http://all.example",
        AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000/",
      }),
      {
        region: "eu-north-1",
        endpoint: "http://127.0.0.1:9000",
        credentials: { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "session" },
      },
    );
    const ignoring = await settingsWith(files, {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      AWS_ENDPOINT_URL: "http://x",
    });
    assert.equal(ignoring.endpoint, undefined);
  });

  it("reads a named profile of both files", async () => {
    const files = {
      credentials: "[work]\naws_access_key_id=id ; of work\naws_secret_access_key=a#b\naws_session_token=t\n",
      config: "[default]\nregion=no\n[profile work]\nregion=ap-south-1\n",
    };
    assert.deepEqual(await settingsWith(files, { AWS_PROFILE: "work" }), {
      region: "ap-south-1",
      endpoint: undefined,
      credentials: { accessKeyId: "id", secretAccessKey: "a#b", sessionToken: "t" },
    });
  });

  it("says what is missing", async () => {
    const cases: [Parameters<typeof settingsWith>, string][] = [
      [[{}], "Cannot use s3://bucket: there are no AWS credentials"],
      [[{ config: "[default]\nregion=x\n" }], "Cannot use s3://bucket: there are no AWS credentials"],
      [[{}, { AWS_PROFILE: "work" }], 'Cannot use s3://bucket: there is no profile "work"'],
      [
        [{}, { AWS_ACCESS_KEY_ID: "id" }],
        "Cannot use s3://bucket: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not",
      ],
      [
        [{}, { AWS_SECRET_ACCESS_KEY: "secret" }],
        "Cannot use s3://bucket: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not",
      ],
      [
        [{ config: "[profile sso]\nsso_session = x\n" }, { AWS_PROFILE: "sso" }],
        'Cannot use s3://bucket: the profile "sso" holds no keys, but a way to get them',
      ],
    ];
    for (const [[files, env], message] of cases) {
      const error = await failure(settingsWith(files, env));
      assert.equal(error.message, message);
      assert.equal(error.category, "auth");
      assert.ok(error.hint);
    }
  });

  it("tells the secrets of a profile before they are used, so that nothing shows them", async () => {
    const secrets: string[] = [];
    const credentials =
      "[default]\naws_access_key_id = id\naws_secret_access_key = file-secret\naws_session_token = file-token\n";
    await settingsWith({ credentials }, {}, (secret) => secrets.push(secret));
    assert.deepEqual([...new Set(secrets)], ["file-secret", "file-token"]);
  });

  it("refuses an endpoint that is no address, and does not show it", async () => {
    for (const value of ["localhost:9000", "ftp://x", "http://user:secretpass@host", "x"]) {
      const error = await failure(settingsWith({}, { ...KEYS, AWS_ENDPOINT_URL: value }));
      assert.equal(error.message, "Cannot use AWS_ENDPOINT_URL: it is not an http or https address");
    }
  });
});

describe("parseSections", () => {
  it("reads the files as AWS's tools do", () => {
    const text = "\ufeff# comment\r\nlost = 1\r\n[ default ]\r\nRegion = a = b \r\n; comment\n\n" +
      's3 =\n  max_concurrent_requests = 20\n[profile "a b"] # comment\nx=1\n[default]\ny=2\nnonsense\n=3\n';
    assert.deepEqual(
      [...parseSections(text)].map(([name, section]) => [name, Object.fromEntries(section)]),
      [["default", { region: "a = b", s3: "", y: "2" }], ["profile a b", { x: "1" }]],
    );
  });
});
