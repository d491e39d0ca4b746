/** What the demo's coffee shop sells. */

export interface Product {
  name: string;
  category: "espresso" | "filter" | "decaf" | "equipment";
  /** Whole US cents. */
  priceCents: number;
  weight: number;
}

export const PRODUCTS: readonly Product[] = [
  { name: "House Espresso", category: "espresso", priceCents: 1490, weight: 14 },
  { name: "Napoli Ristretto", category: "espresso", priceCents: 1650, weight: 8 },
  { name: "São João Reserve", category: "espresso", priceCents: 1890, weight: 6 },
  { name: "Santa Inês Peaberry", category: "espresso", priceCents: 2150, weight: 4 },
  { name: "Yirgacheffe Kochere", category: "filter", priceCents: 1950, weight: 10 },
  { name: "Tarrazú Honey", category: "filter", priceCents: 2090, weight: 7 },
  { name: "Huila Rosé", category: "filter", priceCents: 2290, weight: 5 },
  { name: "京都 Slow Drip", category: "filter", priceCents: 2690, weight: 3 },
  { name: "Mellow Decaf", category: "decaf", priceCents: 1590, weight: 6 },
  { name: "Swiss Water Décaféiné", category: "decaf", priceCents: 1790, weight: 3 },
  { name: "Hand Grinder", category: "equipment", priceCents: 5900, weight: 3 },
  { name: "Pour-over Set", category: "equipment", priceCents: 3900, weight: 4 },
  { name: "Kettle 0.9 l", category: "equipment", priceCents: 8900, weight: 2 },
];

export const FREE_PLAN = "Free";

export interface Plan {
  name: string;
  /** Whole US cents a month. */
  priceCents: number;
  weight: number;
}

/** What one can subscribe to, from small to large. */
export const PLANS: readonly Plan[] = [
  { name: "Taster", priceCents: 1200, weight: 55 },
  { name: "Barista", priceCents: 2900, weight: 35 },
  { name: "Café", priceCents: 7900, weight: 10 },
];

export const SEARCHES: readonly string[] = [
  "espresso",
  "decaf",
  "light roast",
  "grinder",
  "café de olla",
  "filter",
  "gift",
  "コーヒー",
  "kaffee geschenk",
  "organic",
];

export const PAGES: readonly string[] = [
  "/",
  "/coffee",
  "/subscriptions",
  "/brew-guides",
  "/about",
  "/sale",
  "/blog/grind-size",
];

export const REVIEWS: readonly { rating: number; text: string; weight: number }[] = [
  { rating: 5, text: "Wonderful, tastes like blueberries ☕", weight: 30 },
  { rating: 5, text: "Mon café préféré, livré à temps", weight: 15 },
  { rating: 4, text: 'Good, though "medium" is rather dark', weight: 22 },
  { rating: 4, text: "Köstlich, gern wieder", weight: 12 },
  { rating: 3, text: "Fine for the office", weight: 11 },
  { rating: 2, text: "Arrived late\nand one bag was open", weight: 6 },
  { rating: 1, text: "Not for me", weight: 4 },
];

export const CANCEL_REASONS: readonly string[] = [
  "too expensive",
  "too much coffee",
  "moving",
  "prefer the local shop",
];
