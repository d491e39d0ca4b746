/** Mails of boards: numbers that Mixpanel sends to people on a schedule. */
import { appUser } from "../authentication.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import type { JsonObject } from "./body.ts";
import { Collection } from "./collection.ts";
import { dashboards } from "./dashboards.ts";

/** The kind of saved objects that they are. */
export const EMAIL_DIGEST = "email_digest";

interface SavedDigest {
  fields: JsonObject;
}

/** What may be sent of a mail. */
const DIGEST_FIELDS = [
  ...["dashboard_id", "name", "recipients", "recur", "start_date", "schedule_timezone", "monthly_week_ordinal"],
  ...["slack_subscriptions", "paused", "tag"],
];

const digests: Collection<SavedDigest> = new Collection({
  kind: EMAIL_DIGEST,
  path: "/projects/{project_id}/dashboard-reports/email-digests",
  access: appUser,
  show: (_call, { id, body: { fields } }) => ({
    id,
    recipients: [],
    paused: false,
    ...fields,
    status: fields.paused === true ? "paused" : "active",
    confirmed_date: null,
    has_active_user: true,
    digest_has_owner_with_permissions: true,
  }),
  create(call, body) {
    body.allow(DIGEST_FIELDS);
    const board = body.id("dashboard_id");
    if (board === undefined || dashboards.find(call, board) === undefined) {
      throw new Refusal(404, "Dashboard not found");
    }
    return { fields: body.fields };
  },
  createStatus: 200,
  idParameter: "digest_id",
  notFound: () => new Refusal(404, "Email digest not found"),
  updateMethod: "PUT",
  update: (_call, body) => ({ fields: body.allow(DIGEST_FIELDS).fields }),
});

export const emailDigestEndpoints: SandboxEndpoint[] = digests.endpoints();
