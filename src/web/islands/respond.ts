/**
 * The queries of Respond are written with a lab's host, source and account. An alert's own, from the address (`?host=&user=&source=`) or
 * typed, take their place.
 */
interface Value {
  readonly name: string;
  readonly input: HTMLInputElement;
  readonly pattern: RegExp;
}

/** What a value may be: a name of a machine or an account, or an address. Anything else would change what a query means. */
const ALLOWED = /^[\p{L}\p{N}_.:$@{}() -]{1,255}$/u;

export function respond(): void {
  const form = document.querySelector<HTMLElement>(".alert-values");
  if (form === null) return;
  form.hidden = false;
  const note = form.querySelector<HTMLElement>("[role=status]");
  const values = [...form.querySelectorAll<HTMLInputElement>("input[data-lab]")].map((input): Value => ({
    name: input.dataset["value"]!,
    input,
    pattern: patternOf(input.dataset["value"]!, input.dataset["lab"]!),
  }));
  const texts = textsOf(document.querySelector(".respond")!, values);
  const fill = (): void => {
    const filled = new Map<Value, string>();
    const refused: string[] = [];
    for (const value of values) {
      const text = value.input.value.trim();
      if (text === "") continue;
      if (ALLOWED.test(text)) filled.set(value, text);
      else refused.push(value.input.labels?.[0]?.textContent.trim() ?? value.name);
    }
    for (const { node, text } of texts) {
      let now = text;
      for (const [{ pattern }, value] of filled) now = now.replaceAll(pattern, () => value);
      if (node.data !== now) node.data = now;
    }
    if (note !== null)
      note.textContent = refused.length === 0 ? "" : `Not put into the queries, since it is no name or address: ${refused.join(", ")}.`;
  };
  fromAddress(values);
  form.addEventListener("input", fill);
  fill();
}

/** A machine's name stands with its domain or a wildcard behind it; an address or an account alone. */
function patternOf(name: string, lab: string): RegExp {
  const text = lab.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w.])${text}${name.endsWith("host") ? String.raw`(?:\*|(?:\.[\w-]+)+)?` : ""}(?![\\w])`, "gi");
}

interface FilledText {
  readonly node: Text;
  /** As it was written. */
  readonly text: string;
}

/** The pieces of code that name something of the lab. */
function textsOf(root: Element, values: readonly Value[]): FilledText[] {
  const found: FilledText[] = [];
  for (const code of root.querySelectorAll("code")) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = (node as Text).data;
      if (values.some(({ pattern }) => text.search(pattern) >= 0)) found.push({ node: node as Text, text });
    }
  }
  return found;
}

/** `source` may be an address or a machine's name; `source_host` is the name alone. */
function fromAddress(values: readonly Value[]): void {
  const asked = new URLSearchParams(location.search);
  const set = (name: string, text: string | null): void => {
    const value = values.find((one) => one.name === name);
    if (value !== undefined && text !== null && text !== "") value.input.value = text.slice(0, 255);
  };
  set("host", asked.get("host"));
  // A domain in front of an account is not part of the fields that hold the name.
  set("user", asked.get("user")?.replace(/^.*\\/, "") ?? null);
  const source = asked.get("source");
  set(source !== null && /^[\d.]+$|:/.test(source) ? "source" : "source_host", source);
  set("source_host", asked.get("source_host"));
}
