/** An import that is killed continues where it was, whenever that happens. */
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { RejectedRecordsError } from "../../src/client/rejected_records.ts";
import importCommand from "../../src/commands/import.ts";
import { MpError } from "../../src/errors.ts";
import { linesOf, type Responder } from "../jobs/fake_client.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runWithFakes } from "./run_with_fakes.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

const folder = temporaryFolder();
const event = (number: number) =>
  `{"event":"E","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"}}`;
const COUNT = 1000;
/** Some lines break a rule, and some are refused by the server. */
const line = (number: number) => number % 97 === 5 ? `bad ${number}` : event(number);
const text = Array.from({ length: COUNT }, (_, index) => line(index)).join("\n") + "\n";
const isRefused = (one: string) => /"i-\d*7"/.test(one);

/** Time passes with each look at the clock, so that everything that is settled is written down at once. */
function hastyClock() {
  let now = Date.UTC(2026, 10, 1);
  return { ...fakeClock(), now: () => now += 1001 };
}

/** Answers as Mixpanel does, in another order than it was asked; `before` is called with each request. */
function server(taken: Set<string>, before: () => void = () => {}): Responder {
  let requests = 0;
  return async (request) => {
    before();
    for (let turns = ++requests % 4; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    const lines = linesOf(request);
    for (const one of lines) if (!isRefused(one)) taken.add(one);
    const failed = lines.flatMap((one, index) => isRefused(one) ? [{ index, message: "refused" }] : []);
    if (failed.length === 0) return `{"code":200,"num_records_imported":${lines.length},"status":"OK"}`;
    throw new RejectedRecordsError("refused", { status: 400 }, failed, lines.length - failed.length);
  };
}

let runs = 0;
/** An import in a folder of its own. */
function workplace() {
  const place = folder.path(`place-${++runs}`);
  const path = (name: string) => join(place, name);
  const stateFolder = path("state");
  const run = (respond: Responder, argv: string[] = [], more = {}) =>
    runWithFakes(importCommand, [path("events.jsonl"), "--batch-size", "50", "-f", "json", ...argv], {
      respond,
      clock: hastyClock(),
      stateFolder,
      ...more,
    });
  const checkpoints = () =>
    existsSync(join(stateFolder, "imports"))
      ? readdirSync(join(stateFolder, "imports")).filter((name) => name.endsWith(".json"))
      : [];
  cpSync(folder.write(`source-${runs}`, text), path("events.jsonl"));
  // Copies keep times less exactly than the file system has them.
  utimesSync(path("events.jsonl"), 1_700_000_000, 1_700_000_000);
  return { place, path, run, checkpoints };
}

/** A run that stops at the tenth request. */
function stopping(code = "reset"): Responder {
  const answer = server(new Set());
  let requests = 0;
  return (request, signal) => {
    if (++requests >= 10) throw new MpError("Cannot reach it", { category: "network", code: `${code}_for_good` });
    return answer(request, signal);
  };
}

describe("the file of rejected records of an import", () => {
  const bad = () => {
    const place = workplace();
    writeFileSync(place.path("events.jsonl"), `${event(1)}\nbad\n`);
    return place;
  };

  it("is not emptied when it has something in it, unless that is said", async () => {
    const { run, path } = bad();
    writeFileSync(path("precious.txt"), "precious\n");
    for (const argv of [[], ["--no-checkpoint"], ["--dry-run"]]) {
      const { error, exitCode, client } = await run(server(new Set()), ["--rejects", path("precious.txt"), ...argv]);
      assert.match(error?.message ?? "", /^Cannot write ".*precious\.txt": there is something in it$/);
      assert.match(error?.hint ?? "", /name another file.*--restart/);
      assert.deepEqual([exitCode, client.requests.length], [3, 0]);
      assert.equal(readFileSync(path("precious.txt"), "utf8"), "precious\n");
    }
    const { exitCode } = await run(server(new Set()), ["--rejects", path("precious.txt"), "--restart"]);
    assert.equal(exitCode, 8);
    assert.match(readFileSync(path("precious.txt"), "utf8"), /^\{"source":.*\n$/);
  });

  it("is gone on with by the same command, also when nothing was settled before it was killed", async () => {
    const { run, path } = bad();
    const rejects = ["--rejects", path("rejects.jsonl")];
    const stopped = await run(() => Promise.reject(new MpError("no", { category: "auth" })), rejects);
    assert.equal(stopped.exitCode, 2);
    assert.notEqual(readFileSync(path("rejects.jsonl"), "utf8"), "");
    const { exitCode, notes } = await run(server(new Set()), rejects);
    assert.equal(exitCode, 8);
    assert.ok(!notes.some((note) => note.startsWith("Resuming")), notes.join("\n"));
    assert.equal(readFileSync(path("rejects.jsonl"), "utf8").trim().split("\n").length, 1);
  });

  it("can be fed back in, with another file for what is rejected again", async () => {
    const { run, path } = bad();
    await run(server(new Set()), ["--rejects", path("one.jsonl")]);
    const taken = new Set<string>();
    writeFileSync(path("one.jsonl"), readFileSync(path("one.jsonl"), "utf8").replace('"bad"', event(2)));
    const again = await runWithFakes(importCommand, [path("one.jsonl"), "--rejects", path("two.jsonl")], {
      respond: server(taken),
    });
    assert.deepEqual([again.exitCode, taken.size], [0, 1]);
  });

  it("is no source of the import, nor is the checkpoint, when they are in the folder that is imported", async () => {
    const { path, place } = bad();
    const files = ["--rejects", path("rejects.jsonl"), "--checkpoint-file", path("checkpoint.json"), "--restart"];
    for (const source of [place, path("*"), path("*.json*")]) {
      for (let round = 0; round < 2; round++) {
        writeFileSync(path("checkpoint.json"), "{}");
        writeFileSync(path("checkpoint.json.lock"), "");
        writeFileSync(path("checkpoint.json.lock-journal"), "");
        const taken = new Set<string>();
        const { exitCode, notes, error } = await runWithFakes(importCommand, [source, ...files], {
          respond: server(taken),
          stateFolder: folder.path("elsewhere"),
        });
        assert.deepEqual([exitCode, taken.size, error?.message], [8, 1, undefined]);
        assert.match(notes.join("\n"), /Skipping .*checkpoint\.json: this import writes it\n/);
        assert.match(notes.join("\n"), /Imported 1 of 2 events/);
      }
    }
  });
});

describe("an import that is killed", () => {
  it("loses nothing and rejects nothing twice, at whichever request it was", async () => {
    const whole = workplace();
    const all = new Set<string>();
    const rejects = (place: { path(name: string): string }) => place.path("rejects.jsonl");
    const complete = await whole.run(server(all), ["--rejects", rejects(whole)]);
    const rejected = readFileSync(rejects(whole), "utf8").replaceAll(whole.place, "");
    assert.equal(complete.exitCode, 8);
    assert.deepEqual(whole.checkpoints(), []);

    // What is on disk at each request is what a kill at that moment would leave.
    const killed = workplace();
    const snapshots: { kept: string; taken: Set<string> }[] = [];
    const taken = new Set<string>();
    await killed.run(
      server(taken, () => {
        const kept = folder.path(`kept-${snapshots.length}`);
        cpSync(killed.place, kept, { recursive: true, preserveTimestamps: true });
        snapshots.push({ kept, taken: new Set(taken) });
      }),
      ["--rejects", rejects(killed)],
    );
    assert.ok(snapshots.length >= 20);

    let resumed = 0;
    for (const { kept, taken } of snapshots) {
      rmSync(killed.place, { recursive: true });
      cpSync(kept, killed.place, { recursive: true, preserveTimestamps: true });
      const { printed, notes, exitCode } = await killed.run(server(taken), ["--rejects", rejects(killed)]);
      assert.equal(exitCode, 8);
      assert.deepEqual([...taken].sort(), [...all].sort());
      const { read, accepted, rejected: count, not_sent } = printed[0] as Record<string, number>;
      assert.deepEqual([read, accepted, count, not_sent], [COUNT, all.size, COUNT - all.size, 0]);
      assert.equal(readFileSync(rejects(killed), "utf8").replaceAll(killed.place, ""), rejected);
      assert.deepEqual(killed.checkpoints(), []);
      if (notes.some((note) => /^Resuming after/.test(note))) resumed++;
    }
    assert.ok(resumed >= 10, `${resumed} runs were resumed`);
  });

  it("goes on in compressed input and after several stops, and counts all of them", async () => {
    const { run, path, checkpoints } = workplace();
    writeFileSync(path("events.jsonl"), gzipSync(text));
    const first = await run(stopping());
    assert.equal(first.exitCode, 7);
    assert.match(first.error?.hint ?? "", /run the same command again: it goes on after \d+ records/);
    assert.equal(checkpoints().length, 1);
    const second = await run(stopping());
    assert.match(second.notes[0] ?? "", /^Resuming after [1-9]\d* events$/);
    const taken = new Set<string>();
    const third = await run(server(taken));
    const { read, accepted, rejected, earlier_records } = third.printed[0] as Record<string, number>;
    assert.equal(read, COUNT);
    assert.equal((accepted as number) + (rejected as number), COUNT);
    assert.ok((earlier_records as number) > 300 && taken.size < 700, `${earlier_records}, ${taken.size}`);
    assert.match(third.notes.at(-1) ?? third.notes.join(), /./);
    assert.ok(third.notes.some((note) => /of them in an earlier run$/.test(note)));
  });

  it("refuses to go on in a file that has changed, and sends nothing", async () => {
    for (const change of ["content", "content within one tick of the clock", "length", "time"]) {
      const { run, path } = workplace();
      const written = new Date(Date.UTC(2026, 9, 1));
      utimesSync(path("events.jsonl"), written, written);
      await run(stopping());
      if (change === "time") utimesSync(path("events.jsonl"), new Date(0), new Date(0));
      else writeFileSync(path("events.jsonl"), change === "length" ? text + "more\n" : text.replace("u-1", "u-X"));
      if (change.endsWith("clock")) utimesSync(path("events.jsonl"), written, written);
      const { error, exitCode, client } = await run(server(new Set()));
      assert.equal(exitCode, 3);
      assert.match(error?.message ?? "", /^Cannot go on with the import of .*events\.jsonl: it has changed since$/);
      assert.match(error?.hint ?? "", /--restart .*--skip-lines \d+/);
      assert.equal(client.requests.length, 0);
      const anew = await run(server(new Set()), ["--restart"]);
      assert.equal(anew.exitCode, 8);
    }
  });

  it("is another one with another mapping, project or batch of files", async () => {
    const { run, checkpoints } = workplace();
    await run(stopping());
    const other = await run(server(new Set()), ["--set", "a=b"]);
    assert.ok(!other.notes.some((note) => /^Resuming/.test(note)));
    assert.equal(checkpoints().length, 1);
  });

  it("is another one with what selects another project, whatever project is set", async () => {
    const { run } = workplace();
    const secret = { credentials: { serviceAccount: { username: "u", secret: "s" } } };
    const connections = [
      { projectId: undefined, credentials: { projectToken: "token-A" } },
      { projectId: undefined, credentials: { projectToken: "token-B" } },
      { credentials: { projectToken: "token-C" } },
      { projectId: undefined, credentials: { projectSecret: "token-A" } },
      { projectId: "7", ...secret },
      { projectId: "8", ...secret },
    ];
    const isResumed = async (connection: object, respond: Responder) =>
      (await run(respond, [], { connection })).notes.some((note) => note.startsWith("Resuming"));
    for (const connection of connections) assert.equal(await isResumed(connection, stopping()), false);
    for (const connection of connections) assert.equal(await isResumed(connection, server(new Set())), true);
  });

  it("of profiles is another one with another project token only", async () => {
    const { run, path } = workplace();
    const users = Array.from({ length: 5000 }, (_, index) => `{"$distinct_id":"u-${index}","$set":{"n":1}}`);
    writeFileSync(path("events.jsonl"), users.join("\n"));
    const respondTo = (most: number): Responder => {
      let requests = 0;
      return () => {
        if (++requests > most) throw new MpError("Cannot reach it", { category: "network", code: "reset_for_good" });
        return '{"error":null,"status":1}';
      };
    };
    const as = async (projectToken: string, projectId: string, most: number) => {
      const connection = { projectId, credentials: { projectToken, serviceAccount: { username: "u", secret: "s" } } };
      const { notes, client } = await run(respondTo(most), ["--kind", "profiles"], { connection });
      return [notes.some((note) => note.startsWith("Resuming")), client.requests.length];
    };
    assert.deepEqual(await as("token-A", "1", 1), [false, 2]);
    assert.deepEqual(await as("token-B", "1", 9), [false, 3]);
    assert.deepEqual(await as("token-A", "2", 9), [true, 2]);
  });

  it("leaves no file behind that is of no use", async () => {
    const { run, path } = workplace();
    const left = () => readdirSync(path("state/imports"));
    await run(() => Promise.reject(new MpError("no", { category: "auth" })));
    assert.deepEqual(left(), []);
    await run(stopping());
    assert.deepEqual(left().map((name) => name.replace(/^[0-9a-f]+/, "")), [".json"]);
    await run(server(new Set()));
    assert.deepEqual(left(), []);
  });

  it("goes on with the rejected records where they are, and says so when they are not named", async () => {
    const { run, path } = workplace();
    await run(stopping(), ["--rejects", path("one.jsonl")]);
    for (const argv of [[], ["--rejects", path("two.jsonl")]]) {
      const { error } = await run(server(new Set()), argv);
      assert.match(error?.message ?? "", /its rejected records are in ".*one\.jsonl"$/);
    }
    writeFileSync(path("one.jsonl"), "");
    const { error } = await run(server(new Set()), ["--rejects", path("one.jsonl")]);
    assert.match(error?.message ?? "", /shorter than when the import stopped$/);
  });

  it("does not read a checkpoint that is damaged, of another import, or of a later version", async () => {
    const { run, path } = workplace();
    const checkpoint = path("my.json");
    await run(stopping(), ["--checkpoint-file", checkpoint]);
    const good = readFileSync(checkpoint, "utf8");
    for (
      const [content, argv, message] of [
        ["{", [], /it is damaged, or not of an import$/],
        ["my notes", [], /it is damaged, or not of an import$/],
        [good.replace('"mp_import":1', '"mp_import":2'), [], /a newer version of mp has written it$/],
        [good, ["--set", "a=b"], /it is of another import$/],
      ] as const
    ) {
      writeFileSync(checkpoint, content);
      const { error, client } = await run(server(new Set()), ["--checkpoint-file", checkpoint, ...argv]);
      assert.match(error?.message ?? "", message);
      assert.equal(client.requests.length, 0);
      assert.equal(readFileSync(checkpoint, "utf8"), content);
    }
    const { exitCode } = await run(server(new Set()), ["--checkpoint-file", checkpoint, "--restart"]);
    assert.deepEqual([exitCode, existsSync(checkpoint)], [8, false]);
  });

  it("is refused while another process is at it", async () => {
    const { run } = workplace();
    let second: Awaited<ReturnType<typeof run>> | undefined;
    const answer = server(new Set());
    const first = await run(async (request, signal) => {
      second ??= await run(answer);
      return await answer(request, signal);
    });
    assert.equal(first.exitCode, 8);
    assert.equal(second?.error?.message, "Cannot import: another mp is importing the same files");
    assert.equal(second?.client.requests.length, 0);
  });

  it("remembers nothing where nothing can be gone back to, or it is told not to", async () => {
    const { run, checkpoints } = workplace();
    const pipe = await runWithFakes(importCommand, ["-", "--checkpoint-file", folder.path("x.json")], { stdin: text });
    assert.match(pipe.error?.message ?? "", /^Cannot use --checkpoint-file: what comes through a pipe/);
    const { error } = await run(stopping(), ["--no-checkpoint"]);
    assert.match(error?.hint ?? "", /--skip-lines \d+ to go on/);
    assert.deepEqual(checkpoints(), []);
  });
});
