import type { Recipe } from "../map_recipe.ts";
import type { Preset } from "./preset.ts";

const IDENTITY: Recipe["fields"] = { distinct_id: { from: ["user_id", "user_pseudo_id"] } };

/** What tells events of one user and one microsecond apart: the export has no id of its own. */
const WHAT_MAKES_AN_EVENT = [
  "user_pseudo_id",
  "event_timestamp",
  "event_name",
  "event_bundle_sequence_id",
  "batch_page_id",
  "batch_ordering_id",
  "batch_event_index",
  "event_params",
];

/** Tables of Google Analytics 4 in BigQuery, `events_*`, as JSON Lines or Parquet. Times are in microseconds. */
export const ga4: Preset = {
  summary: "Google Analytics 4, as BigQuery has it",
  recipes: {
    events: {
      layout: "flat",
      fields: {
        event: { from: ["event_name"] },
        time: { from: ["event_timestamp"] },
        insert_id: { hashOf: WHAT_MAKES_AN_EVENT },
        ...IDENTITY,
      },
      merge: [{ from: "event_params", layout: "key_values" }],
      rename: {
        $user_id: "user_id",
        $device_id: "user_pseudo_id",
        $os: "device.operating_system",
        $os_version: "device.operating_system_version",
        $browser: ["device.web_info.browser", "device.browser"],
        $browser_version: ["device.web_info.browser_version", "device.browser_version"],
        $brand: "device.mobile_brand_name",
        $model: "device.mobile_model_name",
        $city: "geo.city",
        $region: "geo.region",
        $app_version_string: "app_info.version",
        country: "geo.country",
        device_category: "device.category",
        device_language: "device.language",
        hostname: "device.web_info.hostname",
        utm_source: "collected_traffic_source.manual_source",
        utm_medium: "collected_traffic_source.manual_medium",
        utm_campaign: "collected_traffic_source.manual_campaign_name",
        utm_term: "collected_traffic_source.manual_term",
        utm_content: "collected_traffic_source.manual_content",
      },
      drop: [
        "app_info",
        "batch_event_index",
        "batch_ordering_id",
        "batch_page_id",
        "collected_traffic_source",
        "device",
        "event_bundle_sequence_id",
        "event_date",
        "event_dimensions",
        "event_previous_timestamp",
        "event_server_timestamp_offset",
        "geo",
        "privacy_info",
        "publisher",
        "session_traffic_source_last_click",
        "traffic_source",
        "user_first_touch_timestamp",
        "user_ltv",
        "user_properties",
      ],
    },
    profiles: {
      layout: "flat",
      fields: IDENTITY,
      merge: [{ from: "user_properties", layout: "key_values" }],
      rest: false,
    },
  },
};
