/** Reads our own pages in tests: tags, how they are nested, where links lead. */
import { posix } from "node:path";

export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID = new Set(["meta", "link", "br", "hr", "img", "input", "col", "source", "area", "base", "wbr"]);
/** What ends a paragraph that is open, so that it cannot stand in one. */
const BLOCKS = new Set(
  "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split(
    " ",
  ),
);
/** What may stand in these and nothing else. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  ul: ["li"],
  ol: ["li"],
  dl: ["dt", "dd", "div"],
  table: ["thead", "tbody", "caption"],
  thead: ["tr"],
  tbody: ["tr"],
  tr: ["th", "td"],
  select: ["option", "optgroup"],
  optgroup: ["option"],
};

/** Every tag of a page; what is not nested as HTML wants it goes to `faults`. Our own output only: attributes are quoted. */
export function readTags(html: string, faults: string[]): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  const pattern = /<!doctype html>|<(\/)?([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(\/)?>|[<>]/g;
  for (const match of html.matchAll(pattern)) {
    const [whole, closing, name, rest, selfClosing] = match;
    if (whole === "<!doctype html>") continue;
    if (name === undefined) {
      if (whole === "<") faults.push(`a bare < at ${match.index}: ${html.slice(match.index, match.index + 60)}`);
      continue;
    }
    if (closing === "/") {
      const last = open.pop();
      if (last !== name) faults.push(`</${name}> closes <${last}> at ${match.index}`);
      continue;
    }
    const parent = open.at(-1);
    if (parent !== undefined && CHILDREN[parent] !== undefined && !CHILDREN[parent].includes(name))
      faults.push(`<${name}> in <${parent}> at ${match.index}`);
    if (BLOCKS.has(name) && (open.includes("p") || open.some((o) => /^h[1-6]$/.test(o))))
      faults.push(`<${name}> in <${open.includes("p") ? "p" : "h"}> at ${match.index}`);
    if ((name === "a" || name === "button") && open.some((o) => o === "a" || o === "button"))
      faults.push(`<${name}> in an interactive element at ${match.index}`);
    if (name === "summary" && parent !== "details") faults.push(`<summary> in <${parent}> at ${match.index}`);
    const attributes = new Map<string, string>();
    for (const [, key, value] of rest!.matchAll(/([a-zA-Z:-]+)(?:="([^"]*)")?/g)) {
      if (attributes.has(key!)) faults.push(`${key} twice on <${name}>`);
      attributes.set(key!, decode(value ?? ""));
    }
    tags.push({ name, attributes });
    if (!VOID.has(name) && selfClosing === undefined) open.push(name);
  }
  if (open.length > 0) faults.push(`left open: ${open.join(" ")}`);
  return tags;
}

export function decode(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** What a browser shows of the page, roughly: tags away, entities read. */
export function textOf(html: string): string {
  return decode(html.replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " ");
}

/** Links of pages that lead nowhere, page and anchor, and how many there are. */
export function checkLinks(
  pages: ReadonlyMap<string, { readonly tags: readonly Tag[] }>,
  others: ReadonlySet<string>,
  bundled: ReadonlyMap<string, unknown>,
): { readonly broken: readonly string[]; readonly links: number } {
  const ids = new Map([...pages].map(([path, { tags }]) => [path, new Set(tags.flatMap((tag) => tag.attributes.get("id") ?? []))]));
  const broken: string[] = [];
  let links = 0;
  for (const [path, { tags }] of pages) {
    for (const { name, attributes } of tags) {
      const target = attributes.get("href") ?? attributes.get("src");
      if (target === undefined || /^https?:/.test(target)) continue;
      links++;
      const [file, hash] = target.split("#") as [string, string | undefined];
      if (file.startsWith("/")) broken.push(`${path}: ${target} is absolute`);
      const resolved = file === "" ? `${path}index.html` : posix.normalize(posix.join(path, decodeURIComponent(file)));
      if (resolved.startsWith("assets/")) {
        // The notices are written beside the bundles (scripts/bundle.mjs).
        const name = resolved.split("/").at(-1)!;
        if (name !== "THIRD-PARTY-NOTICES.txt" && !bundled.has(name)) broken.push(`${path}: <${name}> ${target}`);
        continue;
      }
      const other = resolved.replace(/(^|\/)index\.html$/, "$1");
      const known = ids.get(other);
      if (known === undefined ? !others.has(resolved) : hash !== undefined && !known.has(decodeURIComponent(hash)))
        broken.push(`${path}: <${name}> ${target}`);
    }
  }
  return { broken, links };
}
