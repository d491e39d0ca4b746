/** What analysts do. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dayBefore } from "../sandbox_process.ts";
import { amountsOf, between, funnelCounts, numberOn, sumOf, usersOf } from "./numbers.ts";
import type { Place, Walk } from "./walk.ts";

const FUNNEL = ["View Product", "Add to Cart", "Begin Checkout", "Purchase"];
/** That of a saved funnel which says nothing else. */
const WINDOW_SECONDS = 7 * 86_400;
const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 0.01, `${one} instead of ${other}`);
const textOf = ({ desk }: Place, name: string) => readFileSync(join(desk.folder, name), "utf8");

/** The numbers of people in a line of the matrix, without the percentages. */
const peopleIn = (line: string) =>
  [...line.matchAll(/(?<![\d.,(])(\d[\d,]*)(?![\d.,%])/g)].map(([, one]) => Number(one));

/** A text that stands for itself in an expression. */
const literal = (text: string): string => text.replaceAll("$", "\\$");

export const ANALYST: readonly Walk[] = [
  {
    job: 2,
    who: "a funnel by country",
    type: ["mp query funnel 7001 --last 30d --on mp_country_code"],
    shows: /\$overall/,
    check([shown], place) {
      const own = between(place, 29, 0);
      const countries = Map.groupBy(own, ({ properties }) => String(properties.mp_country_code));
      const people = (segment: string) =>
        peopleIn(new RegExp(`^\\${segment} .*$|^${segment} .*$`, "m").exec(shown!)![0]);
      assert.deepEqual(people("$overall"), funnelCounts(own, FUNNEL, WINDOW_SECONDS));
      for (const country of ["US", "DE"]) {
        assert.deepEqual(people(country), funnelCounts(countries.get(country)!, FUNNEL, WINDOW_SECONDS), country);
      }
    },
  },
  {
    job: 3,
    who: "a funnel week by week",
    type: ["mp query funnel 7001 --last 8w --unit week"],
    shows: /is not over yet/,
  },
  {
    job: 4,
    who: "retention by weeks",
    type: ["mp query retention 'Sign Up' --event Purchase --last 8w"],
    shows: /^average.*\n.*\* not over yet/ms,
    check([shown], { events }) {
      // Each line: the Monday, how many signed up in the week, and the share of them that bought in it, then later.
      const lines = [...shown!.matchAll(/^(\d{4}-\d\d-\d\d) +(\d+) +([\d.]+)%/gm)];
      // One in which nobody has signed up has no share, as on a Monday morning the one that has just begun.
      assert.ok([...shown!.matchAll(/^\d{4}-\d\d-\d\d +\d+/gm)].length >= 8, shown);
      assert.ok(lines.length >= 5, shown);
      for (const [, monday, size, share] of lines) {
        const start = Date.parse(`${monday}T00:00:00Z`) / 1000;
        const within = (time: number) => time >= start && time < start + 7 * 86_400;
        const signedUp = events.filter(({ event, properties }) => event === "Sign Up" && within(properties.time));
        assert.equal(Number(size), usersOf(signedUp), monday);
        const back = signedUp.filter(({ properties: { distinct_id, time } }) =>
          events.some(({ event, properties }) =>
            event === "Purchase" && properties.distinct_id === distinct_id && properties.time > time &&
            properties.time < time + 7 * 86_400
          )
        );
        near(Number(share), Math.round(1000 * usersOf(back) / usersOf(signedUp)) / 10);
      }
    },
  },
  {
    job: 5,
    who: "the top events",
    type: ["mp events top --last 30d"],
    shows: /Page View/,
    check([shown], place) {
      for (const [event, own] of Map.groupBy(between(place, 29, 0), ({ event }) => event)) {
        assert.match(shown!, new RegExp(`^${literal(event)} +${own.length.toLocaleString("en-US")} `, "m"), event);
      }
    },
  },
  {
    job: 6,
    who: "active users",
    type: ["mp query active --last 60d"],
    shows: /monthly.*weekly.*daily/s,
    check([shown], place) {
      assert.equal(numberOn(shown!, /Last finished\sday\sof\s[\d-]+:\s([\d,]+)/), usersOf(between(place, 1, 1)));
      const sunday = (new Date(`${dayBefore(0)}T00:00:00Z`).getUTCDay() + 6) % 7 + 1;
      assert.equal(numberOn(shown!, /week\sof\s[\d-]+:\s([\d,]+)/), usersOf(between(place, sunday + 6, sunday)));
    },
  },
  {
    job: 7,
    who: "this period against the one before",
    type: ["mp query segmentation Purchase --last 7d --compare previous -f table"],
    shows: /difference/,
    check([shown], place) {
      for (let back = 0; back < 7; back++) {
        const [own, before] = [back, back + 7].map((day) => between(place, day, day, "Purchase").length);
        assert.match(
          shown!,
          new RegExp(`^${dayBefore(back)} +Purchase +${own} +${dayBefore(back + 7)} +${before}\\b`, "m"),
        );
      }
    },
  },
  {
    job: 8,
    who: "revenue",
    type: ["mp query sum Purchase amount --last 30d"],
    shows: /^amount is read as properties\["amount"\]$/m,
    check: ([shown], place) =>
      near(numberOn(shown!, /sum: ([\d,.]+)/), sumOf(amountsOf(between(place, 29, 0, "Purchase")))),
  },
  {
    job: 8,
    who: "the average purchase",
    type: ["mp query average Purchase amount --last 30d -f table"],
    shows: /average/,
    check([shown], place) {
      for (let back = 0; back < 10; back++) {
        const own = amountsOf(between(place, back, back, "Purchase"));
        const value = numberOn(shown!, new RegExp(`^${dayBefore(back)} .*?([\\d,.]+)$`, "m"));
        near(value, own.length === 0 ? 0 : sumOf(own) / own.length);
      }
    },
  },
  {
    job: 8,
    who: "sessions by platform",
    type: ["mp query segmentation 'Session Start' --last 30d --on '$os'"],
    shows: /iOS/,
    check([shown], place) {
      const systems = Map.groupBy(between(place, 29, 0, "Session Start"), ({ properties }) => String(properties.$os));
      for (const [system, own] of systems) assert.equal(numberOn(shown!, new RegExp(`${system}: (\\d+)`)), own.length);
    },
  },
  {
    job: 8,
    who: "numeric buckets",
    type: ["mp query numeric Purchase amount --last 30d"],
    shows: /\d+ - \d+: \d/,
    check([shown], place) {
      const amounts = amountsOf(between(place, 29, 0, "Purchase"));
      for (const [, from, to, count] of shown!.matchAll(/([\d,]+) - ([\d,]+): (\d+)/g)) {
        const inside = amounts.filter((one) => one >= Number(from) && one < Number(to));
        assert.equal(Number(count), inside.length, `${from} - ${to}`);
      }
    },
  },
  {
    job: 9,
    who: "a report for a spreadsheet",
    type: ["mp query segmentation Purchase --last 30d -o p.csv"],
    shows: /Wrote p\.csv/,
    check(_screens, place) {
      const [header, ...lines] = textOf(place, "p.csv").trim().split("\n");
      assert.equal(header, "date,segment,value");
      assert.equal(lines.length, 30);
      assert.equal(sumOf(lines.map((line) => Number(line.split(",")[2]))), between(place, 29, 0, "Purchase").length);
    },
  },
  {
    job: 9,
    who: "raw events for a spreadsheet",
    type: ["mp export events --last 2d --time-format iso -o raw.csv"],
    shows: /Exported/,
    check([shown], place) {
      const own = between(place, 1, 0);
      assert.equal(numberOn(shown!, /Exported ([\d,]+) events/), own.length);
      const text = textOf(place, "raw.csv");
      // Times that a spreadsheet knows.
      assert.match(text.split("\n")[1]!, /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/);
      for (const { properties } of own) assert.ok(text.includes(String(properties.$insert_id)));
    },
  },
  {
    job: 10,
    who: "one user's timeline",
    type: ["mp query activity customer-10001 --last 30d"],
    shows: /customer-10001/,
    check([shown], place) {
      const own = between(place, 29, 0).filter(({ properties }) => properties.distinct_id === "customer-10001");
      assert.equal([...shown!.matchAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +/gm)].length, own.length);
      for (const { event, properties } of own) {
        const time = new Date(properties.time * 1000).toISOString().slice(0, 19).replace("T", " ");
        assert.match(shown!, new RegExp(`^${time} +${literal(event)} +customer-10001`, "m"));
      }
    },
  },
  {
    job: 11,
    who: "profiles with a filter",
    type: [`mp profiles list --where 'properties["plan"] == "pro"' --limit 5`],
    shows: /distinct_id/,
  },
  {
    job: 12,
    who: "a picture for a slide",
    type: ["mp query funnel 7001 --last 30d -o funnel.svg"],
    shows: /Wrote funnel\.svg/,
    check(_screens, place) {
      const [first] = funnelCounts(between(place, 29, 0), FUNNEL, WINDOW_SECONDS);
      assert.match(textOf(place, "funnel.svg"), new RegExp(`^<svg [^]*View Product[^]*>[^<]*\\b${first}\\b`));
    },
  },
  {
    job: 12,
    who: "a picture for a chat",
    type: ["mp query funnel 7001 --last 30d -o funnel.png"],
    shows: /Wrote funnel\.png/,
  },
  {
    job: 12,
    who: "a page to send around",
    type: ["mp query funnel 7001 --last 30d -o funnel.html"],
    shows: /Wrote funnel\.html/,
  },
];
