/** All clients that are run against the emulator. */
import type { Client } from "./client.ts";
import { JAVA } from "./tables/java.ts";
import { NODE } from "./tables/node.ts";
import { UTILS } from "./tables/utils.ts";
import { PYTHON } from "./tables/python.ts";

export const FAST_CLIENTS: readonly Client[] = [NODE, PYTHON];

export const SLOW_CLIENTS: readonly Client[] = [JAVA, UTILS];
