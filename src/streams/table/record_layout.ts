/** How a line becomes a row: `event` with `properties`, or `$distinct_id` with `$properties`. Others are taken as they are. */
export type RecordLayout = "event" | "profile" | "flat";
