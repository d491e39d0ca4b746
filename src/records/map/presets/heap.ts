import type { Preset } from "./preset.ts";

/** Tables of Heap's warehouse sync, `all_events` and those of single events, and its files in a bucket. */
export const heap: Preset = {
  summary: "Heap's warehouse tables and files",
  recipes: {
    events: {
      layout: "flat",
      fields: {
        event: { from: ["event", "event_name", "event_table_name", "type"] },
        time: { from: ["time", "event_time"] },
        distinct_id: { from: ["identity", "user_id"] },
        insert_id: { from: ["event_id", "id"], isForeign: true },
      },
      merge: [{ from: "properties" }],
      rename: {
        $user_id: "identity",
        $device_id: "user_id",
        $browser: "browser",
        $browser_version: "browser_version",
        $city: "city",
        $region: "region",
        $carrier: "carrier",
        $app_version_string: "app_version",
        $current_url: "href",
        $referrer: "referrer",
        $model: "device",
      },
      // Their digits are names, and as numbers the longer ones would lose some.
      types: { $user_id: "string", $device_id: "string", session_id: "string", pageview_id: "string" },
      drop: ["_sdc_batched_at", "_sdc_sequence", "_sdc_table_version", "joindate", "session_time"],
    },
    profiles: {
      layout: "flat",
      fields: { distinct_id: { from: ["identity", "user_id"] } },
      rename: { $email: ["email", "_email"], $created: "joindate" },
      merge: [{ from: "properties" }],
    },
  },
};
