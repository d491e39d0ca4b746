import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "Formulas compute custom properties. Letters stand for properties, which --event-property and --user-property name. Names of " +
    "functions are not case-sensitive. A formula has at most 20000 characters, and may have comments after //.",
    {
      title: "Values and operators",
      rows: [
        ['"text", 3.5, true, undefined', "literals; a list is [1, 2]"],
        ["+ - * / %", "arithmetic; + also joins texts"],
        ["== != < <= > >=", "comparison; texts are equal whatever their case"],
        ["in", "part of a text, or member of a list"],
        ["and or not", "logic"],
      ],
    },
    {
      title: "Functions",
      rows: [
        ["if(c, x, y) ifs(c, x, …)", "the value of the first condition that is true"],
        ["defined(x) boolean(x) number(x) string(x)", "whether it is there; conversion"],
        ["min(x, y) max(x, y) floor(x) ceil(x) round(x)", "numbers"],
        ["upper(s) lower(s) len(s) left(s, n) right(s, n) mid(s, first, n)", "texts; the first character is 1"],
        ["has_prefix(s, p) has_suffix(s, p)", "how a text begins and ends, whatever the case"],
        ["split(s, delimiter, n)", "a part of a text, from 1; without n a list of all"],
        ['parse_url(s, "domain")', "a part of an address"],
        ["regex_match(s, p) regex_extract(s, p, group) regex_replace(s, p, r)", "regular expressions"],
        ["datedif(from, to, unit) today()", "days (D), months (M), years (Y) between; MD, YM and YD are what remains"],
        ["sum(list) len(list)", "lists"],
        ["any(x, list, c) all(x, list, c) filter(x, list, c) map(x, list, v)", "for each item x of a list"],
        ["let(name, value, formula)", "a value that is used more than once"],
      ],
    },
    "Regular expressions are not case-sensitive unless they begin with (?-i). Mixpanel does not understand {n}, \\d and \\w in " +
    "them: they are refused. Groups are $1 in a replacement, and $0 is all that matched.",
    {
      examples: [
        {
          text: "The host of an e-mail address",
          run:
            "mp custom-properties validate 'Mail host' --of people --formula 'split(A, \"@\", 2)' --user-property 'A=$email'",
        },
      ],
    },
  ],
  seeAlso: ["mp custom-properties --help"],
} satisfies Topic;
