/** Data definitions: the Lexicon as the web page has it, and what guards the data. None of it is published. */
import type { SandboxEndpoint } from "../endpoint.ts";
import { anomalyEndpoints } from "./anomalies.ts";
import { auditEndpoints } from "./audit.ts";
import { deletionEndpoints } from "./deletions.ts";
import { dropFilterEndpoints } from "./drop_filters.ts";
import { enforcementEndpoints } from "./enforcement.ts";
import { eventDefinitionEndpoints } from "./events.ts";
import { definitionExportEndpoints } from "./export.ts";
import { tableGroupEndpoints } from "./lookup_tables.ts";
import { propertyDefinitionEndpoints } from "./properties.ts";
import { lexiconTagEndpoints } from "./tags.ts";

export const dataDefinitionEndpoints: SandboxEndpoint[] = [
  ...eventDefinitionEndpoints,
  ...propertyDefinitionEndpoints,
  ...lexiconTagEndpoints,
  ...dropFilterEndpoints,
  ...enforcementEndpoints,
  ...auditEndpoints,
  ...anomalyEndpoints,
  ...deletionEndpoints,
  ...definitionExportEndpoints,
  ...tableGroupEndpoints,
];
