import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { MpError } from "../../../src/errors.ts";
import { createTransport } from "../../../src/runtime/network/transport.ts";
import { azureSettings } from "../../../src/storage/azure/azure_settings.ts";
import type { Environment } from "../../../src/runtime/process.ts";
import { openStorage } from "../../../src/storage/registry.ts";
import { type AzureServer, startAzureServer } from "../../helpers/azure_server.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { failure } from "../../helpers/failure.ts";
import { pattern, write } from "../contract.ts";

const KEY = btoa("secret key of an account");
const settings = (env: Environment) => azureSettings("az://container", env);
const accountKey = (env: Environment) => {
  const { endpoint, identity } = settings(env);
  return [endpoint, identity.kind === "key" ? `${identity.account}:${identity.key.toBase64()}` : identity.parameters];
};

describe("azureSettings", () => {
  it("takes the account and its key, or a signature", () => {
    const account = { AZURE_STORAGE_ACCOUNT: "account1" };
    const usual = "https://account1.blob.core.windows.net";
    assert.deepEqual(accountKey({ ...account, AZURE_STORAGE_KEY: KEY }), [usual, `account1:${KEY}`]);
    assert.deepEqual(accountKey({ ...account, AZURE_STORAGE_SAS_TOKEN: "?sv=1&sig=a%2Bb%3D" }), [
      usual,
      [["sv", "1"], ["sig", "a+b="]],
    ]);
    const elsewhere = { AZURE_STORAGE_SERVICE_ENDPOINT: "https://gate.example/blobs/" };
    assert.deepEqual(accountKey({ ...account, ...elsewhere, AZURE_STORAGE_KEY: KEY })[0], "https://gate.example/blobs");
  });

  it("takes a connection string alone, as the portal and the emulator write it", () => {
    const connection = (text: string) =>
      accountKey({ AZURE_STORAGE_CONNECTION_STRING: text, AZURE_STORAGE_ACCOUNT: "other", AZURE_STORAGE_KEY: "x" });
    const portal = `DefaultEndpointsProtocol=https;AccountName=account1;AccountKey=${KEY};EndpointSuffix=`;
    assert.deepEqual(connection(`${portal}core.windows.net`), [
      "https://account1.blob.core.windows.net",
      `account1:${KEY}`,
    ]);
    assert.equal(connection(`${portal}core.chinacloudapi.cn`)[0], "https://account1.blob.core.chinacloudapi.cn");
    assert.deepEqual(connection("BlobEndpoint=https://a.example/;SharedAccessSignature=sv=1&sig=x%3D"), [
      "https://a.example",
      [["sv", "1"], ["sig", "x="]],
    ]);
    assert.equal(connection("UseDevelopmentStorage=true")[0], "http://127.0.0.1:10000/devstoreaccount1");
  });

  it("says what is missing or cannot be used, and shows no value", () => {
    const account = { AZURE_STORAGE_ACCOUNT: "account1" };
    const cases: [env: Environment, message: string][] = [
      [{}, "Cannot use az://container: there are no Azure credentials"],
      [{ AZURE_STORAGE_KEY: KEY }, "Cannot use az://container: AZURE_STORAGE_ACCOUNT is not set"],
      [account, 'Cannot use az://container: there is no key of the account "account1"'],
      [
        { AZURE_STORAGE_ACCOUNT: "evil.example/" },
        "Cannot use AZURE_STORAGE_ACCOUNT: no storage account has such a name",
      ],
      [{ ...account, AZURE_STORAGE_KEY: "no-base64!" }, "Cannot use AZURE_STORAGE_KEY: the key is not Base64"],
      [
        { ...account, AZURE_STORAGE_SAS_TOKEN: "secretword" },
        "Cannot use AZURE_STORAGE_SAS_TOKEN: it is no shared access signature",
      ],
      [
        { AZURE_STORAGE_CONNECTION_STRING: "secretword" },
        "Cannot use AZURE_STORAGE_CONNECTION_STRING: it is no list of NAME=VALUE with semicolons between",
      ],
      [
        { ...account, AZURE_STORAGE_KEY: KEY, AZURE_STORAGE_SERVICE_ENDPOINT: "https://user:secretword@x" },
        "Cannot use AZURE_STORAGE_SERVICE_ENDPOINT: the address of the blob service is not an http or https address",
      ],
    ];
    for (const [env, message] of cases) {
      assert.throws(() => settings(env), (error) => {
        assert.ok(error instanceof MpError);
        assert.equal(error.message, message);
        assert.ok(error.hint);
        assert.ok(!`${error.message}${error.hint}`.includes("secretword"));
        return true;
      });
    }
  });

  it("tells the secrets", () => {
    const secrets: string[] = [];
    azureSettings("az://x", { AZURE_STORAGE_ACCOUNT: "account1", AZURE_STORAGE_KEY: KEY }, (one) => secrets.push(one));
    azureSettings(
      "az://x",
      { AZURE_STORAGE_ACCOUNT: "account1", AZURE_STORAGE_SAS_TOKEN: "sv=1&sig=the%2Fsignature" },
      (one) => secrets.push(one),
    );
    assert.deepEqual(secrets, [KEY, "the/signature"]);
  });
});

async function withStore(
  test: (server: AzureServer, open: (env: Environment) => ReturnType<typeof openStorage>) => Promise<void>,
  aheadMs = 0,
): Promise<void> {
  const clock = fakeClock(Date.UTC(2026, 0, 15));
  const server = await startAzureServer({ now: () => clock.now() + aheadMs });
  try {
    await test(server, (env) =>
      openStorage("az://bucket/out", {
        env,
        clock,
        userAgent: "mp/test",
        transport: () => createTransport({ proxy: {} }),
        partBytes: 1000,
      }));
  } finally {
    await server.stop();
  }
}

describe("a container at Azure", () => {
  it("tells a wrong clock from a wrong key", () =>
    withStore(async (server, open) => {
      const error = await failure((await open(server.keyEnv)).writeText("x", ""));
      assert.match(error.message, /^Cannot write az:\/\/bucket\/out\/x: the clocks differ too much/);
      assert.equal(error.hint, "set this machine's clock");
      // The server's number and time after the message are not repeated.
      assert.match(error.message, /\(AuthenticationFailed: Said by the test: AuthenticationFailed\)$/);
      assert.equal(error.requestId, "REQUEST1");
    }, 3_600_000));

  it("is used by a connection string", () =>
    withStore(async (server, open) => {
      await (await open(server.connectionEnv)).writeText("x", "text");
      assert.equal(server.text("out/x"), "text");
    }));

  it("says that another program's unfinished upload is in the way", () =>
    withStore(async (server, open) => {
      server.blocks.set("out/x", new Map([["AAAA", pattern(10)]]));
      const error = await failure((async () => write(await open(server.keyEnv), "x", pattern(2500)))());
      assert.match(error.message, /another program has begun to write it/);
    }));

  it("says that another writer was faster", () =>
    withStore(async (server, open) => {
      const storage = await open(server.keyEnv);
      const file = await storage.create("x");
      await file.write(pattern(2500));
      while (server.blocks.get("out/x")?.size !== 2) await new Promise((resolve) => setTimeout(resolve));
      await storage.writeText("x", "theirs");
      await file.write(pattern(10));
      assert.match((await failure(file.commit())).message, /another writer has replaced it meanwhile/);
      assert.equal(await storage.readText("x"), "theirs");
    }));
});
