import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "'mp mcp' serves a project to agents by the Model Context Protocol, over standard input and output. The agent's " +
    "client starts it; there is nothing to run beside it, and any account of mp will do, a service account too. An " +
    "agent with a shell can also use mp as people do: 'mp agents' prints a page for it, and 'mp agents -h' says how.",
    {
      title: "Set it up",
      rows: [
        ["Claude Code", "claude mcp add mixpanel -- mp mcp"],
        ["Claude Desktop, Cursor", '{"mcpServers": {"mixpanel": {"command": "mp", "args": ["mcp"]}}}'],
        ["VS Code", '{"servers": {"mixpanel": {"type": "stdio", "command": "mp", "args": ["mcp"]}}}'],
        ["Codex", '[mcp_servers.mixpanel], then command = "mp" and args = ["mcp"]'],
      ],
    },
    "The account, project and region are those of mp: add flags such as -a NAME and -p ID to the arguments for others, " +
    "and run one server for each project. With --source PATH, questions are asked of files. Clients that start programs " +
    "with another PATH need the whole path of mp.",
    {
      title: "What it may do",
      rows: [
        ["by default", "ask and list: nothing in the project changes, and no file is written"],
        ["--files FOLDER", "also export events, into new files in this folder"],
        ["--allow-writes", "also add notes, save reports, describe events; and delete, if the user says yes each time"],
      ],
    },
    "Each question counts among the 60 queries an hour of the project, together with those of all other mp processes; " +
    "when they are used up, the agent is told when to ask again. Answers show 20 rows; further ones cost no query. " +
    "Names of events and properties can be written by anyone who has the project token: agents are told that they are " +
    "data. Still, give --allow-writes only where that matters little.",
    {
      examples: [
        { text: "A page about the project, for AGENTS.md", run: "mp agents -o AGENTS.md" },
        { text: "What is left of the queries", run: "mp limits" },
      ],
    },
  ],
  seeAlso: ["mp mcp --help", "mp help quotas", "mp help credentials"],
} satisfies Topic;
