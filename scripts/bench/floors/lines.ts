/** The lines of an answer, as text: what the floors of other formats have in common. */
export async function* linesOf(url: string): AsyncGenerator<string[]> {
  const { body } = await fetch(url);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body!) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() as string;
    yield lines;
  }
  if (rest !== "") yield [rest];
}
