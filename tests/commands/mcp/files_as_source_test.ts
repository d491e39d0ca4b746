/** `mp mcp --source`: an agent asks files, where no account is. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { connectMcp } from "../../helpers/mcp_connection.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../../helpers/world.ts";

const folder = temporaryFolder();
const textOf = (result: { content: { text: string }[] }): string => result.content[0]!.text;

describe("mp mcp with files", () => {
  it("asks the files of --source without an account, by the clock of --tz", async () => {
    const lines = ["ann", "bob", "ann"].map((distinct_id, index) =>
      JSON.stringify({
        event: "Sign Up",
        properties: { time: Date.UTC(2026, 10, 23, 1) / 1000 - index, distinct_id, $insert_id: `${index}` },
      })
    );
    const lake = folder.write("lake/events.jsonl", lines.join("\n") + "\n");
    const question = { event: "Sign Up", from: "2026-11-22", to: "2026-11-23", math: "unique" };
    for (
      const [flags, env, counts] of [
        [["--source", lake], {}, "0\n2026-11-23,2"],
        [[], { MP_SOURCE: lake }, "0\n2026-11-23,2"],
        [["--source", lake, "--tz", "America/New_York"], {}, "2\n2026-11-23,0"],
        [[], { MP_SOURCE: lake, MP_SOURCE_TZ: "America/New_York" }, "2\n2026-11-23,0"],
        [["--source", lake, "--tz", "UTC"], { MP_SOURCE: "nowhere", MP_SOURCE_TZ: "Asia/Tokyo" }, "0\n2026-11-23,2"],
      ] as const
    ) {
      const agent = await connectMcp([...flags], {
        clock: fakeClock(NOW_MS),
        env: { HOME: folder.path("offline"), ...env },
      });
      assert.match(
        textOf(await agent.call("ask_segmentation", question)),
        new RegExp(`^date,Sign Up\n2026-11-22,${counts}$`, "m"),
      );
      assert.match(textOf(await agent.call("list_names", { kind: "events" })), /^event\nSign Up$/m);
      assert.equal(await agent.close(), 0);
    }
  });

  it("refuses a time zone without files, and one that is none", async () => {
    const alone = await runProgram(["mcp", "--tz", "UTC"]);
    assert.equal(alone.code, 3);
    assert.match(alone.stderr, /--tz without --source/);
    const wrong = await runProgram(["events", "list", "--source", folder.write("one.jsonl", "{}\n")], {
      env: { MP_SOURCE_TZ: "Europe/Nowhere" },
    });
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /MP_SOURCE_TZ: there is no time zone 'Europe\/Nowhere'/);
  });
});
