import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "What a page of Mixpanel is called here. Ids stand in the page's address.",
    {
      title: "Pages",
      rows: [
        ["Insights, one event over time", "mp query segmentation EVENT --last 30d --on …"],
        ["Insights, several events", "mp query events EVENT EVENT --last 30d"],
        ["Insights, sum or average of a property", "mp query sum EVENT PROPERTY (or average)"],
        ["Insights, compared with an earlier period", "--compare previous, week, month, year or a day"],
        ["Insights, daily or monthly active users", "mp query active --last 60d"],
        ["A saved report (…#report/ID)", "mp query insights ID"],
        ["Funnels, saved", "mp query funnel ID --last 30d (ids: mp funnels list)"],
        ["Retention", "mp query retention 'Sign Up' --event Purchase --last 8w"],
        ["Retention, frequency", "mp query frequency --last 4w --unit week --part day"],
        ["Events (the live list)", "mp export events; of one user: mp query activity ID"],
        ["Users, and their profiles", "mp profiles list --where '…'"],
        ["Cohorts", "mp cohorts members ID (ids: mp cohorts list)"],
        ["Lexicon", "mp lexicon list"],
        ["Experiments", "mp experiments list"],
        ["Feature flags", "mp flags list"],
        ["Annotations", "mp annotations list"],
        ["Project Settings → Data & Privacy", "mp gdpr retrieve ID"],
        ["Organization Settings → Service Accounts", "mp service-accounts list"],
        ["Data Pipelines, warehouse connectors", "mp warehouse list"],
      ],
    },
    "Boards, flows and custom reports have no published endpoint.",
  ],
  seeAlso: ["mp help commands", "mp help expressions"],
} satisfies Topic;
