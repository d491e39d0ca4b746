/** The SDKs that install and run in seconds: a part of the gate. */
import { FAST_CLIENTS } from "./clients.ts";
import { testClient } from "./run_client.ts";

for (const client of FAST_CLIENTS) testClient(client);
