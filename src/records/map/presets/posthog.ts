import type { Preset } from "./preset.ts";

/**
 * PostHog's batch exports: JSON Lines with nested properties, or Parquet where they are JSON as text. Most names of its
 * properties are Mixpanel's.
 */
export const posthog: Preset = {
  summary: "PostHog's batch export",
  recipes: {
    events: {
      layout: "flat",
      fields: {
        event: { from: ["event"] },
        time: { from: ["timestamp"] },
        distinct_id: { from: ["distinct_id"] },
        insert_id: { from: ["uuid"], isForeign: true },
      },
      merge: [{ from: "properties" }],
      rename: { ip: ["ip", "properties.$ip"] },
      drop: [
        "$elements",
        "$insert_id",
        "$ip",
        "$sent_at",
        "$set",
        "$set_once",
        "$time",
        "$unset",
        "_inserted_at",
        "bq_ingested_timestamp",
        "created_at",
        "distinct_id",
        "elements",
        "elements_chain",
        "people_set",
        "people_set_once",
        "person_id",
        "person_properties",
        "set",
        "set_once",
        "site_url",
        "team_id",
        "time",
        "token",
      ],
      skip: [
        {
          from: "event",
          values: ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify", "$set"],
          reason: "it changes a user, and stands for no action",
        },
      ],
    },
    profiles: {
      layout: "flat",
      fields: { distinct_id: { from: ["distinct_id"] } },
      merge: [{ from: "person_properties" }, { from: "$set" }],
      rest: false,
      skip: [],
    },
  },
};
