import type { Preset } from "./preset.ts";

const TIME = ["timestamp", "originalTimestamp", "sentAt", "receivedAt"];

/** Calls of Segment as its storage destinations keep them: JSON Lines, one call a line. */
export const segment: Preset = {
  summary: "Segment's calls, as its storage destinations keep them",
  recipes: {
    events: {
      layout: "flat",
      fields: {
        event: {
          from: ["event"],
          byValue: { from: "type", values: { page: "Loaded a Page", screen: "Loaded a Screen" } },
        },
        time: { from: TIME },
        distinct_id: { from: ["userId", "anonymousId"] },
        insert_id: { from: ["messageId"], isForeign: true },
      },
      merge: [{ from: "properties" }],
      rename: {
        $user_id: "userId",
        $device_id: "anonymousId",
        $app_version_string: "context.app.version",
        $current_url: ["context.page.url", "properties.url"],
        $referrer: ["context.page.referrer", "properties.referrer"],
        $os: "context.os.name",
        $os_version: "context.os.version",
        $manufacturer: "context.device.manufacturer",
        $model: "context.device.model",
        $carrier: "context.network.carrier",
        ip: "context.ip",
        locale: "context.locale",
        user_agent: "context.userAgent",
        utm_source: "context.campaign.source",
        utm_medium: "context.campaign.medium",
        utm_campaign: "context.campaign.name",
        utm_term: "context.campaign.term",
        utm_content: "context.campaign.content",
      },
      drop: [
        "_metadata",
        "channel",
        "context",
        "integrations",
        "metadata",
        "originalTimestamp",
        "projectId",
        "receivedAt",
        "sentAt",
        "timestamp",
        "traits",
        "type",
        "version",
        "writeKey",
      ],
      skip: [
        { from: "type", values: ["identify"], reason: "it changes a user; --kind profiles reads it" },
        { from: "type", values: ["group"], reason: "it changes a group; --kind groups reads it" },
        { from: "type", values: ["alias"], reason: "it joins two users; 'mp identity alias' does" },
      ],
    },
    profiles: {
      layout: "flat",
      fields: { distinct_id: { from: ["userId", "anonymousId"] } },
      merge: [{ from: "traits" }],
      rest: false,
      skip: [{ from: "type", values: ["track", "page", "screen", "group", "alias"], reason: "it changes no user" }],
    },
    groups: {
      layout: "flat",
      fields: { group_id: { from: ["groupId"] } },
      merge: [{ from: "traits" }],
      rest: false,
      skip: [{ from: "type", values: ["track", "page", "screen", "identify", "alias"], reason: "it changes no group" }],
    },
  },
};
