/** Profiles of groups: companies, teams, or whatever a project counts by besides users. */
import { GROUPS, updateOperation, type UpdateOperationOptions } from "./profile_updates.ts";

const updates = (options: UpdateOperationOptions) => updateOperation(GROUPS, options);

export const setGroup = updates({
  id: "groups.set",
  summary: "set properties of a group's profile",
  anchor: "#group-set",
  change: "$set",
});

export const setGroupOnce = updates({
  id: "groups.set_once",
  summary: "set properties that a group's profile does not have yet",
  anchor: "#group-set-once",
  change: "$set_once",
});

export const uniteInGroup = updates({
  id: "groups.union",
  summary: "add values that are not there yet to lists in a group's profile",
  anchor: "#group-union",
  change: "$union",
});

export const removeFromGroup = updates({
  id: "groups.remove",
  summary: "remove values from lists in a group's profile",
  anchor: "#group-remove-from-list",
  change: "$remove",
});

export const unsetInGroup = updates({
  id: "groups.unset",
  summary: "delete properties of a group's profile",
  anchor: "#group-unset",
  change: "$unset",
});

export const deleteGroup = updates({
  id: "groups.delete",
  summary: "delete group profiles; the events of their members stay",
  anchor: "#group-delete",
  change: "$delete",
  ip: false,
  strict: false,
});

export const updateGroups = updates({
  id: "groups.batch",
  summary: "change many group profiles at once",
  anchor: "#group-batch-update",
});
