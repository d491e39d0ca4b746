import type { Preset } from "./preset.ts";

const TIME = [
  "timestamp",
  "originalTimestamp",
  "original_timestamp",
  "sentAt",
  "sent_at",
  "receivedAt",
  "received_at",
];
const USER = ["userId", "user_id", "anonymousId", "anonymous_id"];

/** About the call and its way, in JSON and in tables. */
const ABOUT_THE_CALL = [
  "_metadata",
  "anonymousId",
  "anonymous_id",
  "channel",
  "context",
  "event_text",
  "integrations",
  "loaded_at",
  "messageId",
  "message_id",
  "metadata",
  "projectId",
  "type",
  "userId",
  "user_id",
  "uuid",
  "uuid_ts",
  "version",
  "writeKey",
  ...TIME,
];

/** The context of a call, which tables have in a column for each part. */
const CONTEXT_COLUMNS = ["context_"];

/**
 * Calls of Segment as its storage destinations keep them, JSON Lines with one call a line; and the tables of its
 * warehouses, `tracks`, `identifies`, `users`, and one for each event, whose names are in snake case.
 */
export const segment: Preset = {
  summary: "Segment's calls, as its storage destinations and warehouses keep them",
  recipes: {
    events: {
      layout: "flat",
      fields: {
        event: {
          // In a table, `event` is the name of a table.
          from: ["event_text", "event"],
          byValue: { from: "type", values: { page: "Loaded a Page", screen: "Loaded a Screen" } },
        },
        time: { from: TIME },
        distinct_id: { from: USER },
        insert_id: { from: ["messageId", "message_id", "id"], isForeign: true },
      },
      merge: [{ from: "properties" }],
      rename: {
        $user_id: ["userId", "user_id"],
        $device_id: ["anonymousId", "anonymous_id"],
        $app_version_string: ["context.app.version", "context_app_version"],
        $current_url: ["context.page.url", "context_page_url", "properties.url"],
        $referrer: ["context.page.referrer", "context_page_referrer", "properties.referrer"],
        $os: ["context.os.name", "context_os_name"],
        $os_version: ["context.os.version", "context_os_version"],
        $manufacturer: ["context.device.manufacturer", "context_device_manufacturer"],
        $model: ["context.device.model", "context_device_model"],
        $carrier: ["context.network.carrier", "context_network_carrier"],
        ip: ["context.ip", "context_ip", "context_request_ip"],
        locale: ["context.locale", "context_locale"],
        user_agent: ["context.userAgent", "context_user_agent"],
        utm_source: ["context.campaign.source", "context_campaign_source"],
        utm_medium: ["context.campaign.medium", "context_campaign_medium"],
        utm_campaign: ["context.campaign.name", "context_campaign_name"],
        utm_term: ["context.campaign.term", "context_campaign_term"],
        utm_content: ["context.campaign.content", "context_campaign_content"],
      },
      types: { $user_id: "string", $device_id: "string" },
      drop: [...ABOUT_THE_CALL, "traits"],
      dropPrefixes: CONTEXT_COLUMNS,
      skip: [
        { from: "type", values: ["identify"], reason: "it changes a user; --kind profiles reads it" },
        { from: "type", values: ["group"], reason: "it changes a group; --kind groups reads it" },
        { from: "type", values: ["alias"], reason: "it joins two users; 'mp identity alias' does" },
      ],
    },
    profiles: {
      layout: "flat",
      // The table of users calls the user's id so.
      fields: { distinct_id: { from: [...USER, "id"] } },
      merge: [{ from: "traits" }],
      drop: [...ABOUT_THE_CALL, "event", "properties"],
      dropPrefixes: CONTEXT_COLUMNS,
      skip: [{ from: "type", values: ["track", "page", "screen", "group", "alias"], reason: "it changes no user" }],
    },
    groups: {
      layout: "flat",
      fields: { group_id: { from: ["groupId", "group_id"] } },
      merge: [{ from: "traits" }],
      drop: [...ABOUT_THE_CALL, "event", "id", "properties"],
      dropPrefixes: CONTEXT_COLUMNS,
      skip: [{ from: "type", values: ["track", "page", "screen", "identify", "alias"], reason: "it changes no group" }],
    },
  },
};
