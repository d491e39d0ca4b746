import { z } from "zod";
import { call, UnexpectedAnswerError } from "../../api/call.ts";
import { text } from "../../api/params.ts";
import { createServiceAccount, ROLES } from "../../api/service_accounts.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { SECRET_FILE, writeSecretFile } from "../../cli/secret_file.ts";
import { inputError } from "../../errors.ts";
import { organizationOf } from "../../cli/scope.ts";

const { organization_id, username, role, expires } = createServiceAccount.params.shape;

type Body = z.input<typeof createServiceAccount.params>;

export default command({
  description:
    "Mixpanel shows the secret once, in the answer to this command. It is printed, or with --secret-file kept in a file.",
  args: ["username"],
  examples: [
    {
      text: "One that may read the project for a quarter",
      run: "mp service-accounts create nightly-export --role consumer --join 1000001:analyst --expires 2100-01-01",
    },
    {
      text: "Its secret to a file that only you can read",
      run: "mp service-accounts create importer --join 1000001:admin --secret-file importer.secret",
    },
  ],
  operations: [createServiceAccount],
  input: z.object({
    username: username.optional(),
    organization_id,
    role,
    expires,
    join: z.array(text("Project")).optional().meta({
      placeholder: "PROJECT[:ROLE]",
      description: `Project to join, and as what: ${ROLES.join(", ")}`,
    }),
    ...SECRET_FILE,
    ...DATA,
  }),
  async run(context, { secret_file, join, data: body, ...input }) {
    const { projects, ...rest } = { ...dataFields(body, createServiceAccount.params), ...input } as Body;
    const params = {
      ...rest,
      organization_id: await organizationOf(context, input.organization_id),
      projects: join?.map(readPlace) ?? projects,
    };
    const ask = async () => await call(await context.client(), createServiceAccount, params);
    const answer = secret_file === undefined ? await ask() : await writeSecretFile(context, secret_file, ask);
    const account = answer.result();
    const secret = account.token ?? account.secret;
    if (secret === undefined && secret_file === undefined) {
      throw new UnexpectedAnswerError(
        createServiceAccount.id,
        "it has no secret in it",
        true,
        answer.text,
        answer.data,
      );
    }
    const shown = secret_file === undefined ? secret : `in ${secret_file}`;
    await context.print({
      text: answer.text,
      data: answer.data,
      rows: [{ id: account.id, username: account.username ?? account.name, secret: shown }],
    });
    await context.note(
      secret_file === undefined
        ? `Made service account ${account.id}; its secret is not told again`
        : `Made service account ${account.id}; its secret is in ${secret_file}`,
    );
  },
});

/** `1234:analyst`, or `1234` for the account's own role. */
function readPlace(typed: string): { id: string; role?: typeof ROLES[number] } {
  const [, id, word] = /^(\d+)(?::(\w+))?$/.exec(typed) ?? [];
  const role = ROLES.find((one) => one === word);
  if (id !== undefined && (word === undefined || role !== undefined)) return { id, role };
  throw inputError(
    `Cannot use --join ${JSON.stringify(typed)}: not PROJECT or PROJECT:ROLE`,
    `for example --join 1234:analyst; roles are ${ROLES.join(", ")}`,
    "bad_project",
  );
}
