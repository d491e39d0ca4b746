/** Mails of boards: numbers that Mixpanel sends to people on a schedule. Seen in one client only. */
import { z } from "zod";
import { boardId } from "./dashboards.ts";
import { APP, del, get, operation, post, put } from "./operation.ts";
import { anyId, count, id, text, truth } from "./params.ts";

const ALL = "/projects/{project_id}/dashboard-reports/email-digests";
const ONE = `${ALL}/{digest_id}`;
const KNOWN = { ...APP, unpublished: "one_client" } as const;

const digestId = id("Mail's id, from 'mp boards mails list'", { lists: "mp boards mails list" });

const digest = z.looseObject({
  id: anyId,
  dashboard_id: anyId.nullish(),
  name: z.string().nullish(),
  recipients: z.array(z.unknown()).nullish(),
  status: z.unknown().optional(),
  paused: z.boolean().nullish(),
});
export type BoardMail = z.output<typeof digest>;

const fields = {
  dashboard_id: boardId.meta({ flag: "board", description: "Board that it belongs to, from 'mp boards list'" }),
  name: text("Name of the mail", { placeholder: "NAME" }),
  recipients: z.array(z.string()).meta({ flag: "recipient", placeholder: "EMAIL", description: "Who gets it" })
    .optional(),
  recur: count("How often it is sent, in Mixpanel's numbers").optional(),
  start_date: text("When it begins, in Mixpanel's form", { flag: "begins", placeholder: "DATE" }).optional(),
  schedule_timezone: text("Time zone of its schedule", { placeholder: "ZONE" }).optional(),
  monthly_week_ordinal: count("Week of the month").optional(),
  slack_subscriptions: z.array(z.record(z.string(), z.unknown())).meta({ description: "Slack channels, as JSON" })
    .optional(),
  paused: truth("Pause or resume it").optional(),
  tag: text("Its tag", { flag: "mail-tag" }).optional(),
};

export const MAIL_FIELDS: readonly string[] = Object.keys(fields);

export const listBoardMails = operation({
  id: "boards.mails.list",
  summary: "list the mails of boards",
  routes: [get("app", ALL)],
  ...KNOWN,
  params: z.object({}),
  result: z.array(digest),
});

export const getBoardMail = operation({
  id: "boards.mails.get",
  summary: "show a mail of a board",
  routes: [get("app", ONE)],
  ...KNOWN,
  params: z.object({ digest_id: digestId }),
  result: digest,
});

export const createBoardMail = operation({
  id: "boards.mails.create",
  summary: "send a board's numbers by mail on a schedule",
  routes: [post("app", ALL)],
  look: "mp boards mails list",
  ...KNOWN,
  params: z.object(fields),
  result: digest,
});

export const updateBoardMail = operation({
  id: "boards.mails.update",
  summary: "change a mail of a board",
  routes: [put("app", ONE)],
  look: "mp boards mails get {digest_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({ digest_id: digestId, ...z.object(fields).partial().shape }),
  result: digest,
});

export const deleteBoardMail = operation({
  id: "boards.mails.delete",
  summary: "stop a mail of a board, and delete it",
  routes: [del("app", ONE)],
  look: "mp boards mails get {digest_id}",
  ...KNOWN,
  params: z.object({ digest_id: digestId }),
  result: z.unknown(),
});
