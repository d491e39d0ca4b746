/** Makes requests to a sandbox go wrong from now on; see `src/sandbox/faults.ts`. Takes one fault or a list. */
export async function addFaults(url: string, faults: unknown): Promise<void> {
  const answer = await fetch(`${url}/sandbox/faults`, {
    method: "POST",
    body: JSON.stringify(faults),
    headers: { "content-type": "application/json" },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Cannot add faults: ${text}`);
}
