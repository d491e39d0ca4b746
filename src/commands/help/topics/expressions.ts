import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "Expressions filter and divide events and profiles. They are checked before a query is spent on them, with a caret " +
    "under the mistake; --no-check sends what was typed. 'mp expr check|format|explain|eval' work offline.",
    {
      title: "Values",
      rows: [
        ['properties["plan"]', "a property of the event, or of the profile where profiles are asked for"],
        ['user["$email"]', "in a question about events: a property of the user's profile"],
        ['event["$time"]', "the event's time"],
        ['"text", 3.5, true', 'literals; a list is [1, 2, 3]. Inside text, \\" and \\\\ stand for " and \\'],
        ["datetime(…)", 'a moment: datetime("2026-01-31T12:00:00"), datetime(1769860800), datetime(NOW - 86400)'],
      ],
    },
    {
      title: "Operators, the loosest first",
      rows: [
        ["or, and, not", "logic; a missing property counts as false, and 'not' of it is true"],
        ["== != < <= > >=", 'comparison; values of different types are never equal, so "1" == 1 is false'],
        ["in", 'part of a text ("Face" in properties["ref"]), or member of a list (properties["plan"] in ["a", "b"])'],
        ["contains", 'the same, reversed: properties["ref"] contains "Face"'],
        ["+ - * / %", "arithmetic; + also joins texts"],
      ],
    },
    {
      title: "Functions",
      rows: [
        ["defined(x)", "whether a property is there"],
        ["string(x) number(x) boolean(x)", "conversion; what cannot be converted is missing"],
        ["list(x)", "a list as it is, and any other value as a list of that one"],
        ["floor(x) round(x) ceil(x)", 'rounding, to divide numbers into steps: floor(number(properties["age"]) / 10)'],
      ],
    },
    'In text, \\" is a quote and \\\\ a backslash. Other escapes of JSON, such as \\u00e3 or \\n, are not known to be read by ' +
    "Mixpanel: they are reported, with the text to write instead.",
    'A missing property is not an empty one: properties["plan"] != "free" also lets events without a plan through; add ' +
    "'and defined(properties[\"plan\"])' when that is not meant.",
    {
      examples: [
        { text: "Find mistakes without spending a query", run: 'mp expr check \'properties["plan"] = "pro"\'' },
        {
          text: "Say in words what a filter does",
          run: 'mp expr explain \'properties["plan"] in ["pro", "team"] and not defined(user["$email"])\'',
        },
        {
          text: "Filter an export",
          run: "mp export events --last 7d --where 'properties[\"amount\"] > 100' -o large.jsonl.gz",
        },
      ],
    },
  ],
  seeAlso: ["mp expr --help"],
} satisfies Topic;
