/** What a plan has to know of one kind of things: how they are read from a project, and written to it. */
import type { z } from "zod";
import type { Client } from "../../client/types.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { FileForm } from "./definition_file.ts";
import type { DefinitionFields } from "./definition.ts";
import type { FieldDifference } from "./plan_differences.ts";
import type { ServerId } from "./references.ts";

/** A project that definitions are read from or written to. */
export interface PlanProject {
  client: Client;
  /** The workspace in the paths of what belongs to one; asked for when it is needed. */
  workspace(): Promise<string>;
  /** What several kinds read: it is read once, and stays as it was then. */
  once<T>(what: string, read: () => Promise<T>): Promise<T>;
  clock: Clock;
  signal: AbortSignal;
  /** Says why it takes long. */
  note(line: string): Promise<void>;
}

/** A thing as a project has it: ids of the project are in its fields. */
export interface ProjectThing {
  id: ServerId;
  name: string;
  fields: DefinitionFields;
}

/** A thing as it shall be, with ids of the project that it is written to. */
export interface WantedThing {
  name: string;
  fields: DefinitionFields;
}

/** A thing of which the project has another version. */
export interface ChangedThing extends WantedThing {
  id: ServerId;
  /** What differs, as paths into the fields. */
  changed: readonly FieldDifference[];
}

export interface PlanKind extends FileForm {
  /** What is sent of one, and what that must be: it is checked before anything is sent of any. */
  sent: { params: z.ZodObject; body(wanted: WantedThing): unknown };
  /** All of them, in the order in which they were made. */
  read(project: PlanProject): Promise<ProjectThing[]>;
  /** Makes one and returns its id. */
  create(project: PlanProject, wanted: WantedThing): Promise<ServerId>;
  /** Makes one that is there what it shall be. */
  update(project: PlanProject, wanted: ChangedThing): Promise<void>;
  /** Missing where servers do not delete such things. */
  remove?(project: PlanProject, id: ServerId, name: string): Promise<void>;
  /** In place of `create` and `update` where one request writes many. */
  writeMany?(project: PlanProject, wanted: readonly WantedThing[]): Promise<void>;
}
