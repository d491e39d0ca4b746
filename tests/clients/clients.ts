/** All clients that are run against the emulator. */
import type { Client } from "./client.ts";
import { AIRBYTE } from "./tables/airbyte.ts";
import { BROWSER } from "./tables/browser.ts";
import { DATA_EXPORT } from "./tables/data_export.ts";
import { GO } from "./tables/go.ts";
import { HEADLESS } from "./tables/headless.ts";
import { HEADLESS_COMMANDS } from "./tables/headless_commands.ts";
import { IMPORT } from "./tables/import.ts";
import { JAVA } from "./tables/java.ts";
import { NODE } from "./tables/node.ts";
import { TAP } from "./tables/tap.ts";
import { UTILS } from "./tables/utils.ts";
import { PYTHON } from "./tables/python.ts";

export const FAST_CLIENTS: readonly Client[] = [NODE, PYTHON];

export const SLOW_CLIENTS: readonly Client[] = [
  BROWSER,
  GO,
  JAVA,
  DATA_EXPORT,
  IMPORT,
  UTILS,
  HEADLESS_COMMANDS,
  HEADLESS,
  TAP,
  AIRBYTE,
];

/** Those that could not be tried where the tests are written, and why. */
export const UNTRIED_CLIENTS: readonly { name: string; reason: string }[] = [
  { name: "SDK for Ruby, `mixpanel-ruby`", reason: "RubyGems could not be reached, and Debian has no package of it" },
  {
    name: "SDK for PHP, `mixpanel/mixpanel-php`",
    reason: "Packagist could not be reached, and Debian has no package of it",
  },
];
