/** Updates of user profiles, which go to the ingestion hosts. */
import { updateOperation, type UpdateOperationOptions, USERS } from "./profile_updates.ts";

const updates = (options: UpdateOperationOptions) => updateOperation(USERS, options);

export const setProfile = updates({
  id: "profiles.set",
  summary: "set properties of a user's profile",
  anchor: "#profile-set",
  change: "$set",
});

export const setProfileOnce = updates({
  id: "profiles.set_once",
  summary: "set properties that a user's profile does not have yet",
  anchor: "#profile-set-once",
  change: "$set_once",
});

export const addToProfile = updates({
  id: "profiles.add",
  summary: "add to numbers in a user's profile",
  anchor: "#profile-numerical-add",
  change: "$add",
});

export const appendToProfile = updates({
  id: "profiles.append",
  summary: "append values to lists in a user's profile",
  anchor: "#profile-list-append",
  change: "$append",
});

export const uniteInProfile = updates({
  id: "profiles.union",
  summary: "add values that are not there yet to lists in a user's profile",
  anchor: "#profile-union",
  change: "$union",
});

export const removeFromProfile = updates({
  id: "profiles.remove",
  summary: "remove values from lists in a user's profile",
  anchor: "#profile-list-remove",
  change: "$remove",
});

export const unsetInProfile = updates({
  id: "profiles.unset",
  summary: "delete properties of a user's profile",
  anchor: "#profile-unset",
  change: "$unset",
});

export const deleteProfile = updates({
  id: "profiles.delete",
  summary: "delete user profiles; their events stay",
  anchor: "#profile-delete",
  change: "$delete",
  ip: false,
});

export const updateProfiles = updates({
  id: "profiles.batch",
  summary: "change many user profiles at once",
  anchor: "#profile-batch-update",
});
