/** The id of an alert in its document, which begins with `event.kind` and it. */
const ID = /"kind":"signal","id":"([0-9a-f]{32})"/;

/** The lines of a file of alerts, all or those that are chosen, as they come: the file itself may be larger than a text can be. */
export async function linesOf(url: URL, chosen: ReadonlySet<string> | null): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url.pathname} is not there (${response.status})`);
  const type = "application/x-ndjson";
  if (chosen === null) return new Blob([await response.blob()], { type });
  const kept: string[] = [];
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value === undefined ? "" : decoder.decode(value, { stream: true }))).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (chosen.has(ID.exec(line)?.[1] ?? "")) kept.push(`${line}\n`);
    if (done) return new Blob(kept, { type });
  }
}
