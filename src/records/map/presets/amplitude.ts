import type { Recipe } from "../map_recipe.ts";
import type { Preset } from "./preset.ts";

/** Names that Mixpanel's reports know. */
const NAMES = {
  $user_id: "user_id",
  $device_id: "device_id",
  $os: "os_name",
  $os_version: "os_version",
  $brand: "device_brand",
  $manufacturer: "device_manufacturer",
  $model: "device_model",
  $carrier: "device_carrier",
  $city: "city",
  $region: "region",
  $app_version_string: "version_name",
  ip: "ip_address",
};

/** About the transport, or about the user at another time. */
const BESIDE_THE_EVENT = [
  "$schema",
  "adid",
  "amplitude_attribution_ids",
  "amplitude_event_type",
  "amplitude_id",
  "app",
  "client_event_time",
  "client_upload_time",
  "data",
  "data_type",
  "event_id",
  "global_user_properties",
  "group_properties",
  "idfa",
  "is_attribution_event",
  "partner_id",
  "plan",
  "processed_time",
  "sample_rate",
  "server_received_time",
  "server_upload_time",
  "source_id",
  "start_version",
  "user_creation_time",
  "user_properties",
  "uuid",
];

const IDENTITY: Recipe["fields"] = { distinct_id: { from: ["user_id", "device_id"] } };

/** Amplitude's export: JSON Lines, with times in UTC such as `2026-01-31 12:00:00.123456`. */
export const amplitude: Preset = {
  summary: "Amplitude's export",
  recipes: {
    events: {
      layout: "flat",
      fields: {
        event: { from: ["event_type"] },
        time: { from: ["event_time", "client_event_time"] },
        insert_id: { from: ["$insert_id", "insert_id", "uuid"], isForeign: true },
        ...IDENTITY,
      },
      rename: NAMES,
      merge: [{ from: "groups" }, { from: "event_properties" }],
      drop: BESIDE_THE_EVENT,
      skip: [
        {
          from: "event_type",
          values: ["$identify", "$groupidentify"],
          reason: "it changes properties; --kind profiles reads it",
        },
      ],
    },
    profiles: {
      layout: "flat",
      fields: IDENTITY,
      merge: [{ from: "user_properties" }],
      rest: false,
    },
  },
};
