import type { Topic } from "../../../cli/topic.ts";
import { OWN_VARIABLES } from "../../../settings/environment.ts";
import type { StorageVariable } from "../../../storage/backend.ts";
import { BACKENDS } from "../../../storage/registry.ts";

const rows = (variables: readonly StorageVariable[]) => variables.map(({ name, meaning }) => [name, meaning] as const);

/** The registry of variables is the page: a variable that is not in it is not read. */
export default {
  parts: [
    "A flag overrides the environment, the environment the account in use, and that the default. Empty " +
    "variables count as unset. 'mp whoami' shows what is in effect and where it came from.",
    { title: "Variables", rows: rows(OWN_VARIABLES) },
    ...BACKENDS.map(({ example, variables }) => ({ title: `Variables for ${example}`, rows: rows(variables) })),
    "The values of the variables that hold secrets are blanked out of everything that mp prints. A .env file is never " +
    "read by itself.",
  ],
  seeAlso: ["mp help credentials", "mp whoami"],
} satisfies Topic;
