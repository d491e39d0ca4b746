/**
 * The colours of pictures, light and dark. Series can be told apart with each kind of colour blindness, and stand out from
 * the background by 3:1, text by 4.5:1; a test computes both.
 */

/** Light and dark. */
type Pair = readonly [light: string, dark: string];

export const SURFACES = {
  page: ["#ffffff", "#15181e"],
  tint: ["#f3f5f8", "#20252d"],
  grid: ["#e2e6eb", "#2c333d"],
  axis: ["#868e98", "#79828d"],
  ink: ["#1a1f26", "#e8edf3"],
  muted: ["#586069", "#a3adb8"],
} as const satisfies Record<string, Pair>;

/** Of series, in the order in which they are given out. */
export const SERIES: readonly Pair[] = [
  ["#3364db", "#7ba3f6"],
  ["#de6e29", "#f1d76c"],
  ["#353b76", "#52f0ff"],
  ["#b97aaa", "#c95b0a"],
  ["#781d00", "#f48cae"],
  ["#5f8df3", "#656eef"],
  ["#a0545f", "#bcb815"],
  ["#7860a0", "#9e6ba2"],
];

/** Of cells from the smallest share to the largest: the background, and the text on it. */
export const HEAT: readonly { fill: Pair; text: Pair }[] = [
  { fill: ["#eff4fc", "#1b222d"], text: ["#1a1f26", "#e8edf3"] },
  { fill: ["#d5e4f8", "#1d3150"], text: ["#1a1f26", "#e8edf3"] },
  { fill: ["#aecdf2", "#224577"], text: ["#1a1f26", "#ffffff"] },
  { fill: ["#7fb2e8", "#2d62ab"], text: ["#10151b", "#ffffff"] },
  { fill: ["#2c66c0", "#76acec"], text: ["#ffffff", "#0b1220"] },
  { fill: ["#143f88", "#bedcff"], text: ["#ffffff", "#0b1220"] },
];

const VARIABLES: readonly (readonly [name: string, pair: Pair])[] = [
  ...Object.entries(SURFACES),
  ...SERIES.map((pair, index) => [`s${index}`, pair] as const),
  ...HEAT.flatMap(({ fill, text }, index) => [[`h${index}`, fill], [`t${index}`, text]] as const),
];
const LIGHT = new Map(VARIABLES.map(([name, [light]]) => [name, light]));

const declared = (side: 0 | 1): string => VARIABLES.map(([name, pair]) => `--${name}:${pair[side]}`).join(";");

/** The variables of both; what is printed is light. */
export const THEME = `:root{color-scheme:light dark;${declared(0)}}` +
  `@media screen and (prefers-color-scheme:dark){:root{${declared(1)}}}`;

/** A colour for programs that know no variables, followed by the variable. */
const paint = (property: string, name: string): string => `${property}:${LIGHT.get(name)};${property}:var(--${name})`;

/** The classes of pictures; programs that know variables show them light or dark. */
export const PICTURE_STYLE = [
  `text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;${
    paint("fill", "ink")
  };font-variant-numeric:tabular-nums}`,
  `.m{${paint("fill", "muted")}}.b{font-weight:600}.e{text-anchor:end}.c{text-anchor:middle}.l{font-size:12px}`,
  `.g{${paint("stroke", "grid")};stroke-width:1;fill:none}.a{${paint("stroke", "axis")};stroke-width:1;fill:none}`,
  `.page{${paint("fill", "page")}}.tint{${paint("fill", "tint")}}`,
  ".line{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}.thin{stroke-width:1.4}.open{stroke-dasharray:.1 5.5}",
  `.hollow{${paint("fill", "page")};stroke-width:1.75}.hit{fill:none;pointer-events:all}`,
  `.due{fill:none;${paint("stroke", "axis")};stroke-width:1.25;stroke-dasharray:3 2.5}`,
  SERIES.map((_, index) => `.f${index}{${paint("fill", `s${index}`)}}.s${index}{${paint("stroke", `s${index}`)}}`).join(
    "",
  ),
  HEAT.map((_, index) => `.h${index}{${paint("fill", `h${index}`)}}text.t${index}{${paint("fill", `t${index}`)}}`).join(
    "",
  ),
].join("");

/** The same for programs that refuse what they do not know: each colour is that of the light theme. */
export const LIGHT_PICTURE_STYLE = PICTURE_STYLE.replace(/;[\w-]+:var\(--\w+\)/g, "");
