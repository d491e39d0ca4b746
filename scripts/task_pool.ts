/** Something to do, perhaps only once other things have succeeded. */
export interface Task<Result> {
  name: string;
  /** Names of tasks that must have ended well before this one starts. */
  after?: string[];
  run(): Promise<Result>;
}

/** How the pool treats results. */
export interface PoolOptions<Result> {
  /** How many tasks run at once. */
  width: number;
  /** Whether what depends on a task with this result can run. */
  succeeded(result: Result): boolean;
  /** The result of a task that could not start, because `missing` did not succeed, or that threw. */
  failure(task: Task<Result>, reason: string): Result;
  /** Called as each task ends, with how long it took. */
  onEnd?(task: Task<Result>, result: Result, elapsedMs: number): void;
}

/** Runs tasks in the order given, several at once, each after those that it depends on. */
export async function runTasks<Result>(
  tasks: Task<Result>[],
  options: PoolOptions<Result>,
): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  const waiting = [...tasks];
  const running = new Set<Promise<void>>();

  const finish = (task: Task<Result>, result: Result, elapsedMs: number) => {
    results.set(task.name, result);
    options.onEnd?.(task, result, elapsedMs);
  };
  const start = async (task: Task<Result>) => {
    const startedMs = performance.now();
    const result = await task.run().catch((error) => options.failure(task, String(error?.stack ?? error)));
    finish(task, result, performance.now() - startedMs);
  };

  while (waiting.length > 0 || running.size > 0) {
    for (const task of [...waiting]) {
      const needed = (task.after ?? []).filter((name) => tasks.some((other) => other.name === name));
      const failed = needed.find((name) => results.has(name) && !options.succeeded(results.get(name)!));
      if (failed !== undefined) {
        waiting.splice(waiting.indexOf(task), 1);
        finish(task, options.failure(task, `Not run, because "${failed}" failed`), 0);
      } else if (running.size < options.width && needed.every((name) => results.has(name))) {
        waiting.splice(waiting.indexOf(task), 1);
        const run: Promise<void> = start(task).then(() => void running.delete(run));
        running.add(run);
      }
    }
    if (running.size > 0) await Promise.race(running);
    else if (waiting.length > 0) throw new Error(`Tasks wait for each other: ${waiting.map((task) => task.name)}`);
  }
  return results;
}
