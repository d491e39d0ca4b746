/** How webhooks are shown. */
import type { z } from "zod";
import type { webhook } from "../../../api/webhooks.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

/** Rows with the columns that people look for. */
export function presentWebhooks(webhooks: readonly z.output<typeof webhook>[]): Presentation {
  return {
    rows: webhooks.map(({ id, name, url, is_enabled, auth_type, modified, creator_name }) => ({
      name,
      url,
      enabled: is_enabled,
      auth: auth_type ?? "none",
      modified,
      by: creator_name,
      id,
    })),
    columns: ["name", "url", "enabled", "auth", "modified", "by", "id"],
  };
}
