import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { eventProblem } from "../../../../src/records/check/event_rules.ts";
import { type MapFlags, recipeOf } from "../../../../src/records/map/map_flags.ts";
import { MapProblem } from "../../../../src/records/map/map_problem.ts";
import { recordMapper } from "../../../../src/records/map/map_record.ts";
import { PRESET_NAMES } from "../../../../src/records/map/presets/index.ts";

const NOW = Date.UTC(2026, 5, 1);

/** What a preset makes of a record; an event must keep all rules. */
function read(preset: MapFlags["preset"], record: unknown, flags: MapFlags = {}): Record<string, unknown> {
  const mapped = recordMapper(recipeOf({ preset, ...flags }))(record);
  assert.ok(!(mapped instanceof MapProblem), `${mapped.reason}`);
  if (flags.kind === undefined) assert.equal(eventProblem(mapped, { nowMs: NOW }), undefined);
  return mapped;
}

function skipped(preset: MapFlags["preset"], record: unknown, flags: MapFlags = {}): void {
  const mapped = recordMapper(recipeOf({ preset, ...flags }))(record);
  assert.ok(mapped instanceof MapProblem && mapped.rule === "skipped");
}

const AT = Date.UTC(2026, 0, 31, 12, 0, 0, 123);

describe("presets", () => {
  it("have a file each, and are named as it is", () => {
    const files = readdirSync(new URL("../../../../src/records/map/presets/", import.meta.url))
      .filter((name) => !["index.ts", "preset.ts"].includes(name));
    const names = files.map((name) => name.replace(".ts", "").replaceAll("_", "-"));
    assert.deepEqual(PRESET_NAMES.toSorted(), names.toSorted());
  });

  it("raw-export takes off what Mixpanel has added, and brings local times back", () => {
    const record = {
      event: "a",
      properties: {
        time: Date.UTC(2020, 6, 1, 12) / 1000,
        distinct_id: "u",
        $insert_id: "i",
        $import: true,
        $mp_api_endpoint: "api.mixpanel.com",
        $mp_api_timestamp_ms: 1,
        mp_processing_time_ms: 2,
        $mp_event_size: 3,
        plan: "pro",
      },
    };
    assert.deepEqual(read("raw-export", record).properties, {
      time: record.properties.time,
      distinct_id: "u",
      $insert_id: "i",
      plan: "pro",
    });
    const local = read("raw-export", record, { tz: "America/Los_Angeles" });
    assert.equal((local.properties as { time: number }).time, Date.UTC(2020, 6, 1, 19) / 1000);
  });

  const AMPLITUDE = {
    $insert_id: "event-1:u@example.com/20260131",
    uuid: "1c0a5a3e-0000-11f0-8000-000000000001",
    event_type: "Song Played",
    event_time: "2026-01-31 12:00:00.123456",
    client_upload_time: "2026-01-31 12:00:05.000000",
    user_id: "u-1",
    device_id: "d-1",
    session_id: 1769860800000,
    amplitude_id: 123456789012,
    event_properties: { title: "Köln Concert", time: "evening", platform: "cd" },
    user_properties: { plan: "pro" },
    groups: { company: "acme" },
    platform: "iOS",
    os_name: "ios",
    device_brand: null,
    city: "Köln",
    country: "Germany",
    ip_address: "203.0.113.9",
    server_received_time: "2026-01-31 12:00:05.000000",
  };

  it("amplitude reads an event, its user and its device", () => {
    const { event, properties } = read("amplitude", AMPLITUDE) as {
      event: string;
      properties: Record<string, unknown>;
    };
    const { $insert_id, ...rest } = properties;
    assert.equal(event, "Song Played");
    assert.match($insert_id as string, /^[a-f0-9]{36}$/);
    assert.deepEqual(rest, {
      time: AT,
      distinct_id: "u-1",
      session_id: 1769860800000,
      platform: "cd",
      country: "Germany",
      company: "acme",
      title: "Köln Concert",
      original_time: "evening",
      $user_id: "u-1",
      $device_id: "d-1",
      $os: "ios",
      $city: "Köln",
      ip: "203.0.113.9",
    });
    const anonymous = read("amplitude", { ...AMPLITUDE, user_id: null }) as { properties: Record<string, unknown> };
    assert.equal(anonymous.properties.distinct_id, "d-1");
    assert.equal(anonymous.properties.$user_id, undefined);
    skipped("amplitude", { ...AMPLITUDE, event_type: "$identify" });
  });

  it("amplitude reads the properties of users", () => {
    assert.deepEqual(read("amplitude", AMPLITUDE, { kind: "profiles" }), {
      $distinct_id: "u-1",
      $ignore_time: true,
      $set: { plan: "pro" },
    });
  });

  it("what is mapped by hand wins over a preset", () => {
    const flags: MapFlags = {
      map: ["distinct_id=amplitude_id", "town=city"],
      drop: ["ip", "$os"],
      type: ["session_id:string"],
    };
    const { properties } = read("amplitude", AMPLITUDE, flags) as { properties: Record<string, unknown> };
    assert.equal(properties.distinct_id, "123456789012");
    assert.deepEqual([properties.town, properties.$city, properties.ip, properties.$os], [
      "Köln",
      "Köln",
      undefined,
      undefined,
    ]);
    assert.equal(properties.session_id, "1769860800000");
  });

  const GA4 = {
    event_date: "20260131",
    event_timestamp: "1769860800123456",
    event_name: "purchase",
    event_params: [
      { key: "page_location", value: { string_value: "https://example.com", int_value: null, float_value: null } },
      { key: "ga_session_id", value: { int_value: "1769860800" } },
      { key: "value", value: { double_value: 12.5 } },
      { key: "empty", value: { string_value: null } },
    ],
    user_id: null,
    user_pseudo_id: "123.456",
    user_properties: [{ key: "plan", value: { string_value: "pro", set_timestamp_micros: "1" } }],
    device: { category: "desktop", operating_system: "macOS", web_info: { browser: "Safari" } },
    geo: { country: "Germany", city: "Köln" },
    items: [{ item_id: "A", quantity: "2" }],
    batch_event_index: "1",
    platform: "WEB",
  };

  it("ga4 reads microseconds, parameters and nested facts", () => {
    const { event, properties } = read("ga4", GA4) as { event: string; properties: Record<string, unknown> };
    const { $insert_id, ...rest } = properties;
    assert.equal(event, "purchase");
    assert.match($insert_id as string, /^[a-f0-9]{36}$/);
    assert.deepEqual(rest, {
      time: AT,
      distinct_id: "123.456",
      items: [{ item_id: "A", quantity: "2" }],
      platform: "WEB",
      page_location: "https://example.com",
      ga_session_id: 1769860800,
      value: 12.5,
      $device_id: "123.456",
      $os: "macOS",
      $browser: "Safari",
      $city: "Köln",
      country: "Germany",
      device_category: "desktop",
    });
    const twin = read("ga4", { ...GA4, batch_event_index: "2" }) as { properties: { $insert_id: string } };
    assert.notEqual(twin.properties.$insert_id, $insert_id);
    assert.deepEqual(read("ga4", GA4, { kind: "profiles" }).$set, { plan: "pro" });
  });

  it("ga4 reads the same from Parquet, where integers are integers", () => {
    const typed = { ...GA4, event_timestamp: 1769860800123456n, event_params: JSON.stringify(GA4.event_params) };
    const { properties } = read("ga4", typed) as { properties: Record<string, unknown> };
    assert.deepEqual([properties.time, properties.value], [AT, 12.5]);
  });

  const POSTHOG = {
    uuid: "0190a3b2-7c1d-7000-8000-0123456789ab",
    event: "$pageview",
    distinct_id: "u-1",
    timestamp: "2026-01-31T12:00:00.123000+00:00",
    created_at: "2026-01-31T12:00:01Z",
    team_id: 1,
    properties: { $browser: "Safari", token: "phc_x", $ip: "203.0.113.9", distinct_id: "u-1", $time: 1, plan: "pro" },
    person_properties: { email: "a@b.c" },
  };

  it("posthog reads nested properties and those that are text", () => {
    const expected = {
      event: "$pageview",
      properties: {
        time: AT,
        distinct_id: "u-1",
        $insert_id: POSTHOG.uuid,
        $browser: "Safari",
        plan: "pro",
        ip: "203.0.113.9",
      },
    };
    assert.deepEqual(read("posthog", POSTHOG), expected);
    const flat = { ...POSTHOG, properties: JSON.stringify(POSTHOG.properties), timestamp: new Date(AT) };
    assert.deepEqual(read("posthog", flat), expected);
    skipped("posthog", { ...POSTHOG, event: "$identify" });
    assert.deepEqual(read("posthog", POSTHOG, { kind: "profiles" }).$set, { email: "a@b.c" });
  });

  const SEGMENT = {
    type: "track",
    event: "Order Completed",
    userId: "u-1",
    anonymousId: "a-1",
    messageId: "ajs-next-1769860800123-0a1b2c3d-0000-0000",
    timestamp: "2026-01-31T12:00:00.123Z",
    receivedAt: "2026-01-31T12:00:02Z",
    properties: { total: 12.5, url: "https://example.com/p" },
    context: { ip: "203.0.113.9", os: { name: "iOS" }, campaign: { source: "news" }, library: { name: "x" } },
    integrations: { All: true },
  };

  it("segment reads tracks and pages, and passes the other calls over", () => {
    const { event, properties } = read("segment", SEGMENT) as { event: string; properties: Record<string, unknown> };
    const { $insert_id, ...rest } = properties;
    assert.equal(event, "Order Completed");
    assert.match($insert_id as string, /^[a-f0-9]{36}$/);
    assert.deepEqual(rest, {
      time: AT,
      distinct_id: "u-1",
      total: 12.5,
      url: "https://example.com/p",
      $user_id: "u-1",
      $device_id: "a-1",
      $current_url: "https://example.com/p",
      $os: "iOS",
      ip: "203.0.113.9",
      utm_source: "news",
    });
    assert.equal(read("segment", { ...SEGMENT, type: "page", event: undefined, name: "Home" }).event, "Loaded a Page");
    for (const type of ["identify", "group", "alias"]) skipped("segment", { ...SEGMENT, type });
    skipped("segment", SEGMENT, { kind: "profiles" });
    const identify = { type: "identify", userId: "u-1", traits: { email: "a@b.c" }, context: {} };
    assert.deepEqual(read("segment", identify, { kind: "profiles" }).$set, { email: "a@b.c" });
    const group = { type: "group", userId: "u-1", groupId: "acme", traits: { seats: 3 } };
    assert.deepEqual(read("segment", group, { kind: "groups", groupKey: "company" }), {
      $group_key: "company",
      $group_id: "acme",
      $set: { seats: 3 },
    });
  });

  it("segment and rudderstack read the tables of warehouses, whose names are in snake case", () => {
    const row = {
      id: "ajs-next-1_a",
      received_at: "2026-01-31 12:00:02.000",
      uuid_ts: "2026-01-31 12:30:00.000",
      anonymous_id: "a-1",
      user_id: 1234567890123456789n,
      event: "order_completed",
      event_text: "Order Completed",
      context_ip: "203.0.113.9",
      context_page_url: "https://example.com/p",
      context_library_name: "analytics.js",
      original_timestamp: "2026-01-31 12:00:01.000",
      sent_at: "2026-01-31 12:00:01.500",
      timestamp: "2026-01-31 12:00:00.123",
      total: 12.5,
      coupon: null,
    };
    for (const preset of ["segment", "rudderstack"] as const) {
      const { event, properties } = read(preset, row) as { event: string; properties: Record<string, unknown> };
      const { $insert_id, ...rest } = properties;
      assert.equal(event, "Order Completed");
      assert.match($insert_id as string, /^ajs-next-1-a-[a-f0-9]{8}$/);
      assert.deepEqual(rest, {
        time: AT,
        distinct_id: "1234567890123456789",
        total: 12.5,
        $user_id: "1234567890123456789",
        $device_id: "a-1",
        $current_url: "https://example.com/p",
        ip: "203.0.113.9",
      });
      assert.equal(read(preset, { ...row, event_text: undefined }).event, "order_completed");
      const user = {
        id: "u-1",
        received_at: "2026-01-31",
        uuid_ts: "2026-01-31",
        context_ip: "x",
        name: "Ada",
        plan: "pro",
      };
      const { $set, $distinct_id } = read(preset, user, { kind: "profiles" });
      assert.deepEqual([$distinct_id, $set], ["u-1", { name: "Ada", plan: "pro" }]);
    }
  });

  it("heap reads rows of its tables", () => {
    const row = {
      event_id: 8843221,
      user_id: 42,
      session_id: 7,
      time: "2026-01-31 12:00:00.123",
      event_table_name: "sign_up",
      identity: "a@b.c",
      browser: "Safari 18",
      city: "Köln",
      path: "/",
    };
    assert.deepEqual(read("heap", row), {
      event: "sign_up",
      properties: {
        time: AT,
        distinct_id: "a@b.c",
        $insert_id: "8843221",
        session_id: "7",
        path: "/",
        $user_id: "a@b.c",
        $device_id: "42",
        $browser: "Safari 18",
        $city: "Köln",
      },
    });
  });
});
