/** The contract of storages against Azurite: `npm run test:storage`. Azurite is installed when it is not there. */
import { after } from "node:test";
import { createTransport } from "../../src/runtime/network/transport.ts";
import { AzureProtocol } from "../../src/storage/azure/azure_protocol.ts";
import { azureSettings } from "../../src/storage/azure/azure_settings.ts";
import { StoreClient } from "../../src/storage/objects/store_client.ts";
import { openStorage } from "../../src/storage/registry.ts";
import { installAzurite, startAzurite } from "../helpers/azurite.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { describeUnless } from "../helpers/needs.ts";
import { describeStorage, PART_BYTES } from "../storage/contract.ts";

const NAMES = ["q?x=1&y#z", "<&>\"'", "a;b"];

const installed = installAzurite();
if ("reason" in installed) {
  describeUnless(installed.reason, "the contract of storages against Azurite", () => {});
} else {
  // It takes longer to start than a hook of Bun's may.
  const azurite = await startAzurite(installed.folder);
  let count = 0;
  after(() => azurite.stop());

  describeStorage("Azurite", async () => {
    const env = { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString };
    // It looks at the clock.
    const clock = fakeClock(Date.now());
    const transport = createTransport({ proxy: {} });
    const container = `container-${++count}`;
    const settings = azureSettings("az://x", env);
    const client = new StoreClient(new AzureProtocol(container, settings), { clock, transport, userAgent: "mp/test" });
    await client.sendForText({
      method: "PUT",
      key: "",
      query: { restype: "container" },
      verb: "make",
      address: `az://${container}`,
    });
    return {
      open: (signal) =>
        openStorage(`az://${container}/out`, {
          env,
          clock,
          userAgent: "mp/test",
          transport: () => transport,
          partBytes: PART_BYTES,
          signal,
        }),
      stop: () => Promise.resolve(),
    };
  }, NAMES);
}
