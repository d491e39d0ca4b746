import type { Topic } from "../../../cli/topic.ts";
import { familyUrl } from "../../../client/hosts.ts";
import type { Family, Region } from "../../../client/types.ts";

const NAMES: readonly (readonly [Region, string])[] = [["us", "United States"], ["eu", "Europe"], ["in", "India"]];

export default {
  parts: [
    "A project lives in one region. Asking another region's hosts never redirects: the project is simply not found " +
    "there, or the credentials are refused. 'mp login' tries all three and stores the right one; --region and MP_REGION " +
    "choose it by hand. The default is us.",
    {
      title: "Hosts to open in a firewall (all on port 443)",
      rows: NAMES.map(([region, name]) => {
        const host = (family: Family) => new URL(familyUrl(family, { region })).host;
        const hosts = [`${host("query")} for queries and administration`, `${host("export")} for exports`];
        return [region, `${name}: ${[...hosts, `${host("ingestion")} for what is sent`].join(", ")}`];
      }),
    },
    "MP_API_BASE_URL sends everything to one origin in place of these, with Mixpanel's paths kept: the sandbox, a " +
    "gateway, a proxy of your own.",
    { examples: [{ text: "Which hosts are in use", run: "mp whoami" }] },
  ],
  seeAlso: ["mp help air-gapped"],
} satisfies Topic;
