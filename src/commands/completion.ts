import { z } from "zod";
import { choice } from "../api/params.ts";
import { command } from "../cli/command.ts";
import { COMPLETION_SCRIPTS, SHELLS } from "./completion/shared/completion_scripts.ts";

export default command({
  description: `Prints a script that completes commands, flags and values for your shell. It asks mp itself, so it fits
every version.

bash: add 'source <(mp completion bash)' to ~/.bashrc

zsh: add 'source <(mp completion zsh)' to ~/.zshrc, after compinit

fish: mp completion fish > ~/.config/fish/completions/mp.fish

PowerShell: add 'mp completion powershell | Out-String | Invoke-Expression' to your $PROFILE`,
  args: ["shell"],
  globals: "none",
  examples: [
    { text: "For bash, to a file that it reads by itself where it is put", run: "mp completion bash > mp.bash" },
    { text: "For fish", run: "mp completion fish > mp.fish" },
  ],
  input: z.object({ shell: choice(SHELLS, "Which shell") }),
  run: (context, { shell }) => context.stdout.write(COMPLETION_SCRIPTS[shell]),
});
