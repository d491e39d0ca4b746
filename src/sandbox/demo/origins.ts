/** Where the demo's people live, what they use, and what brought them. */

export interface Place {
  country: string;
  /** Hours to add to UTC; daylight saving time is left out. */
  utcOffsetHours: number;
  region: string;
  city: string;
  weight: number;
}

export const PLACES: readonly Place[] = [
  { country: "US", utcOffsetHours: -5, region: "New York", city: "New York", weight: 12 },
  { country: "US", utcOffsetHours: -8, region: "California", city: "San Francisco", weight: 9 },
  { country: "US", utcOffsetHours: -6, region: "Illinois", city: "Chicago", weight: 7 },
  { country: "US", utcOffsetHours: -6, region: "Texas", city: "Austin", weight: 5 },
  { country: "DE", utcOffsetHours: 1, region: "Berlin", city: "Berlin", weight: 8 },
  { country: "DE", utcOffsetHours: 1, region: "Bavaria", city: "München", weight: 6 },
  { country: "GB", utcOffsetHours: 0, region: "England", city: "London", weight: 9 },
  { country: "GB", utcOffsetHours: 0, region: "Scotland", city: "Edinburgh", weight: 3 },
  { country: "FR", utcOffsetHours: 1, region: "Île-de-France", city: "Paris", weight: 6 },
  { country: "FR", utcOffsetHours: 1, region: "Auvergne-Rhône-Alpes", city: "Lyon", weight: 2 },
  { country: "BR", utcOffsetHours: -3, region: "São Paulo", city: "São Paulo", weight: 7 },
  { country: "ES", utcOffsetHours: 1, region: "Catalonia", city: "Barcelona", weight: 5 },
  { country: "JP", utcOffsetHours: 9, region: "Tokyo", city: "東京", weight: 6 },
  { country: "IN", utcOffsetHours: 5.5, region: "Karnataka", city: "Bengaluru", weight: 5 },
  { country: "PL", utcOffsetHours: 1, region: "Lesser Poland", city: "Kraków", weight: 4 },
  { country: "CH", utcOffsetHours: 1, region: "Zürich", city: "Zürich", weight: 3 },
  { country: "DK", utcOffsetHours: 1, region: "Capital Region", city: "København", weight: 3 },
];

export interface Device {
  platform: "web" | "ios" | "android";
  /** The properties by which Mixpanel's libraries describe it. */
  properties: Readonly<Record<string, string>>;
  /** How readily people buy on it, against the average of 1. */
  buying: number;
  weight: number;
}

const web = (os: string, browser: string, device: string | undefined, buying: number, weight: number): Device => ({
  platform: "web",
  properties: { $os: os, $browser: browser, ...(device === undefined ? {} : { $device: device }), mp_lib: "web" },
  buying,
  weight,
});

const app = (platform: "ios" | "android", model: string, buying: number, weight: number): Device => ({
  platform,
  properties: {
    $os: platform === "ios" ? "iOS" : "Android",
    $model: model,
    mp_lib: platform === "ios" ? "swift" : "android",
  },
  buying,
  weight,
});

export const DEVICES: readonly Device[] = [
  web("Mac OS X", "Chrome", undefined, 1.15, 14),
  web("Mac OS X", "Safari", undefined, 1.15, 9),
  web("Windows", "Chrome", undefined, 1.05, 14),
  web("Windows", "Microsoft Edge", undefined, 1, 5),
  web("Windows", "Firefox", undefined, 1, 3),
  web("Linux", "Firefox", undefined, 0.9, 2),
  web("iOS", "Mobile Safari", "iPhone", 0.8, 14),
  web("Android", "Chrome", "Android", 0.65, 11),
  app("ios", "iPhone17,1", 1.2, 11),
  app("ios", "iPad16,3", 1.1, 3),
  app("android", "Pixel 10", 1, 6),
  app("android", "SM-S938B", 0.95, 8),
];

export interface DemoSource {
  /** What the tracking parameters of the link say; none when the address was typed. */
  properties: Readonly<Record<string, string>>;
  /** How readily people who come this way buy and sign up, against the average of 1. */
  buying: number;
  weight: number;
}

export const DEMO_SOURCES: readonly DemoSource[] = [
  { properties: {}, buying: 1.1, weight: 28 },
  {
    properties: { utm_source: "google", utm_medium: "organic", $referrer: "https://www.google.com/" },
    buying: 1,
    weight: 26,
  },
  {
    properties: {
      utm_source: "google",
      utm_medium: "cpc",
      utm_campaign: "autumn_roasts",
      $referrer: "https://www.google.com/",
    },
    buying: 0.9,
    weight: 14,
  },
  {
    properties: { utm_source: "instagram", utm_medium: "social", $referrer: "https://l.instagram.com/" },
    buying: 0.6,
    weight: 14,
  },
  {
    properties: { utm_source: "newsletter", utm_medium: "email", utm_campaign: "weekly_brew" },
    buying: 1.6,
    weight: 11,
  },
  {
    properties: { utm_source: "coffee-blog", utm_medium: "referral", $referrer: "https://blog.example.org/coffee" },
    buying: 1.2,
    weight: 7,
  },
];
