/** What only the reference has on projects: making one, and deleting events of it. */
import { z } from "zod";
import { APP, operation, post } from "./operation.ts";
import { anyId, day, text } from "./params.ts";

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch { // expected: RangeError, for a name that is no time zone
    return false;
  }
}

export const createProject = operation({
  id: "projects.create",
  summary: "create a project; its secret is shown once",
  routes: [post("app", "/projects")],
  look: "mp projects list",
  makesSecret: true,
  ...APP,
  params: z.object({
    name: text("Project's name", { placeholder: "NAME" }),
    timezone: text("Time zone of its days, such as Europe/Berlin; default: the organization's", { placeholder: "ZONE" })
      .refine(isTimeZone, { error: (issue) => `${JSON.stringify(issue.input)} is no time zone` }).optional(),
  }),
  result: z.looseObject({
    id: anyId,
    name: z.string(),
    token: z.string().optional(),
    api_secret: z.string().optional(),
  }),
});

export const deleteEvents = operation({
  id: "events.delete",
  summary: "delete an event's occurrences in a range of days",
  routes: [post("app", "/projects/{project_id}/delete-events")],
  look: "mp query segmentation {event_name} --from {start_date} --to {end_date}",
  ...APP,
  params: z.object({
    event_name: text("Event name", { placeholder: "EVENT" }),
    start_date: day("First day, in the project's time zone", { flag: "from" }),
    end_date: day("Last day, included", { flag: "to" }),
  }),
  result: z.looseObject({ deletion_job_id: anyId.optional(), status: z.string().optional() }),
});
