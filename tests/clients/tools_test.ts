/** Clients that take long to install or to run. */
import { SLOW_CLIENTS } from "./clients.ts";
import { testClient } from "./run_client.ts";

for (const client of SLOW_CLIENTS) testClient(client);
