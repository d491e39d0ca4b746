/** Annotations: notes on days of the charts, and the tags that sort them. */
import { z } from "zod";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, day, id, moment, text } from "./params.ts";

const annotationId = id("Annotation's id, from 'mp annotations list'", { completes: "annotations" });
const description = text("What the note says", { placeholder: "TEXT" });
const tags = z.array(id("Tag's id")).meta({
  flag: "tag-id",
  aliases: ["tag"],
  placeholder: "ID",
  description: "Id of a tag",
  lists: "mp annotations tags list",
});

/** An annotation. The reference's has no tags and no author. */
export const annotation = z.looseObject({
  id: anyId,
  date: z.string(),
  description: z.string(),
  tags: z.array(z.looseObject({ id: anyId, name: z.string() })).default([]),
  user: z.looseObject({ first_name: z.string().nullish(), last_name: z.string().nullish() }).nullish(),
});

const annotationTag = z.looseObject({
  id: anyId,
  name: z.string(),
  has_annotations: z.boolean().optional(),
});

/** The reference's notes are on days. A time of day that somebody has named is still sent. */
const dayAlone = (date: unknown) => String(date).replace(/ 00:00:00$/, "");

export const listAnnotations = operation({
  id: "annotations.list",
  summary: "list the notes on the project's charts",
  routes: [
    get("app", "/projects/{project_id}/annotations"),
    get("app", "/annotations", { rename: { from_date: "from_date", to_date: "to_date" } }),
  ],
  ...APP,
  params: z.object({
    from_date: day("First day", { wire: "fromDate", flag: "from" }).optional(),
    to_date: day("Last day, included", { wire: "toDate", flag: "to" }).optional(),
  }),
  result: z.array(annotation),
});

export const createAnnotation = operation({
  id: "annotations.create",
  summary: "add a note to the project's charts",
  routes: [
    post("app", "/projects/{project_id}/annotations"),
    post("app", "/annotations", { write: { date: dayAlone } }),
  ],
  look: "mp annotations list",
  ...APP,
  params: z.object({
    description,
    date: moment("When, on the project's clock: today, 2026-01-31, '2026-01-31 12:00'"),
    tags: tags.optional(),
  }),
  result: annotation,
});

export const getAnnotation = operation({
  id: "annotations.get",
  summary: "show one note",
  routes: [get("app", "/projects/{project_id}/annotations/{annotation_id}")],
  ...APP,
  params: z.object({ annotation_id: annotationId }),
  result: annotation,
});

export const updateAnnotation = operation({
  id: "annotations.update",
  summary: "change a note's text or tags",
  routes: [patch("app", "/projects/{project_id}/annotations/{annotation_id}")],
  look: "mp annotations get {annotation_id}",
  ...APP,
  repeatable: true,
  params: z.object({
    annotation_id: annotationId,
    description: description.optional(),
    tags: tags.meta({ description: "Id of a tag; those that are not named are removed" }).optional(),
  }),
  result: annotation,
});

export const deleteAnnotation = operation({
  id: "annotations.delete",
  summary: "delete a note from the charts",
  routes: [del("app", "/projects/{project_id}/annotations/{annotation_id}")],
  look: "mp annotations get {annotation_id}",
  ...APP,
  params: z.object({ annotation_id: annotationId }),
  result: z.looseObject({ id: anyId.optional() }).nullish(),
});

export const listAnnotationTags = operation({
  id: "annotations.tags.list",
  summary: "list the tags of annotations",
  routes: [get("app", "/projects/{project_id}/annotations/tags")],
  ...APP,
  params: z.object({}),
  result: z.array(annotationTag),
});

export const createAnnotationTag = operation({
  id: "annotations.tags.create",
  summary: "create a tag for annotations",
  routes: [post("app", "/projects/{project_id}/annotations/tags")],
  look: "mp annotations tags list",
  ...APP,
  params: z.object({ name: text("Tag's name", { placeholder: "NAME" }) }),
  result: annotationTag,
});
