import type { z } from "zod";
import { call } from "../../api/call.ts";
import { createProject } from "../../api/projects.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { isKept, SECRET_FILE, writeSecretFile } from "../../cli/secret_file.ts";

export default command({
  description:
    `The answer has the project's secret, which --secret-file keeps, and its token, with which events are sent.
The token is no secret: it stands in every app and page that sends events, and is shown with --secret-file, too.`,
  args: ["name"],
  examples: [
    { text: "A project whose days are Berlin's", run: "mp projects create 'Coffee, Germany' --timezone Europe/Berlin" },
  ],
  operations: [createProject],
  input: createProject.params.extend({ name: createProject.params.shape.name.optional(), ...SECRET_FILE, ...DATA }),
  async run(context, { secret_file, data, ...flags }) {
    const params = { ...dataFields(data, createProject.params), ...flags } as z.input<typeof createProject.params>;
    const ask = async () => await call(await context.client(), createProject, params);
    // A project's token stands in every app that sends it events.
    const isOpen = (name: string) => name === "token";
    const made = secret_file === undefined ? await ask() : await writeSecretFile(context, secret_file, ask, isOpen);
    const project = made.result();
    await context.print({
      text: made.text,
      data: made.data,
      rows: [{
        id: project.id,
        name: project.name,
        token: project.token,
        api_secret: isKept(project.api_secret) ? `in ${secret_file}` : project.api_secret,
      }],
      columns: [{ key: "id", identifier: true }, "name", "token", "api_secret"],
    });
    await context.note(`Made project ${project.id}`);
  },
});
