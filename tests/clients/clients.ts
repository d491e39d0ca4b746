/** All clients that are run against the emulator. */
import type { Client } from "./client.ts";
import { NODE } from "./tables/node.ts";
import { PYTHON } from "./tables/python.ts";

export const FAST_CLIENTS: readonly Client[] = [NODE, PYTHON];
