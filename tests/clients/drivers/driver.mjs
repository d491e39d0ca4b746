/** What drivers for JavaScript share: they call each method and print what came of it. */

/** @param {Record<string, () => unknown>} calls in their order, by the names of the table */
export async function drive(surface, calls) {
  print({ surface });
  for (const [call, run] of Object.entries(calls)) {
    try {
      print({ call, answer: await run() });
    } catch (error) {
      print({ call, error: String(error?.stack ?? error) });
    }
  }
}

function print(line) {
  console.log("@" + JSON.stringify(line));
}

/** The functions of an object and of its classes, with a prefix. */
export function methodsOf(object, prefix = "") {
  const names = new Set();
  for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name !== "constructor" && !name.startsWith("_") && typeof object[name] === "function") {
        names.add(prefix + name);
      }
    }
  }
  return [...names];
}
