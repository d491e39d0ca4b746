/** The body of a custom property's write, from `--data` and flags, with its formula checked. */
import { z } from "zod";
import { customPropertyFields } from "../../../api/custom_properties.ts";
import { expressionError } from "../../../cli/expressions.ts";
import { inputError } from "../../../errors.ts";
import { applySuggestions } from "../../../expressions/check.ts";
import { checkPropertyFormula } from "../../../formulas/check.ts";
import { shellWord } from "../../../runtime/shell_word.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { dataFields } from "../../../cli/operation_command.ts";

const { composedProperties: _composed, ...PLAIN_FIELDS } = customPropertyFields;

const letters = (description: string) =>
  z.array(z.string()).optional().meta({ placeholder: "LETTER=PROPERTY", description });

/** Flags that create, update and validate have in common. */
export const CUSTOM_PROPERTY_FLAGS = {
  ...PLAIN_FIELDS,
  name: customPropertyFields.name.optional(),
  resourceType: customPropertyFields.resourceType.optional(),
  event_property: letters("What a letter of the formula stands for: A=amount, or with its type A=amount:number"),
  user_property: letters("The same for a property of the user's profile"),
  data: z.unknown().optional().meta({
    input: "json",
    description: "Body as JSON, @FILE or -, also as 'mp custom-properties get' prints it; flags override it",
  }),
};

type Given = Record<string, unknown> & { event_property?: string[]; user_property?: string[]; data?: unknown };

/** What servers say besides what may be written. */
const READ_ONLY: ReadonlySet<string> = new Set([
  ...["customPropertyId", "id", "created", "modified", "creator", "createdBy", "modifiedBy", "projectId", "deleted"],
  ...["canView", "canShare", "canUpdateBasic", "canUpdateRestricted", "isModifiedByProjectUser", "globalAccessType"],
]);

/** What is given of a body, in the API's names. Throws an input error for fields that there are not. */
export function givenFields(
  { data, event_property: eventProperty, user_property: userProperty, ...flags }: Given,
): Record<string, unknown> {
  const composed = {
    ...composedProperties(eventProperty, "--event-property", "event"),
    ...composedProperties(userProperty, "--user-property", "user"),
  };
  return {
    ...dataFields(writableFields(data), z.object(customPropertyFields)),
    ...definedFields(flags),
    ...(Object.keys(composed).length > 0 && { composedProperties: composed }),
  };
}

/** Only what may be written, of a body or of an answer that holds one; empty fields are left out. */
export function writableFields(data: unknown): unknown {
  const inner = isObject(data) && isObject(data.results) ? data.results : data;
  if (!isObject(inner)) return inner;
  return Object.fromEntries(
    Object.entries(inner).filter(([name, value]) => !READ_ONLY.has(name) && value !== null && value !== undefined),
  );
}

const TYPED = /^(.+):(string|number|boolean|datetime|list|object)$/s;

function composedProperties(typed: readonly string[] | undefined, flag: string, resourceType: string): object {
  return Object.fromEntries((typed ?? []).map((text) => {
    const [, letter, rest = ""] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
    if (letter === undefined) {
      throw inputError(`Cannot use ${flag} ${JSON.stringify(text)}`, `write ${flag} A=amount`, "bad_property");
    }
    const [, value = rest, type = "string"] = TYPED.exec(rest) ?? [];
    return [letter, { type, resourceType, value, label: value, propertyDefaultType: type }];
  }));
}

/** @throws MpError (input) that shows what is wrong with the formula at its place. */
export function checkCustomProperty({ displayFormula: formula, composedProperties }: Record<string, unknown>): void {
  if (typeof formula !== "string") return;
  const known = isObject(composedProperties) ? Object.keys(composedProperties) : [];
  const problems = checkPropertyFormula(formula, known);
  if (problems.length === 0) return;
  const meant = applySuggestions(formula, problems);
  const isStranger = problems.some(({ message }) => message.endsWith("stands for no property"));
  const hint = meant !== formula
    ? `write --formula ${shellWord(meant)}`
    : isStranger
    ? "say what it stands for: --event-property A=amount"
    : "'mp help formulas' shows the language";
  throw expressionError("Cannot use the formula", formula, problems, hint);
}
