/** HTML as text that is escaped by construction: the only way in is the tag, and it escapes everything that is not HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = string | number | Html | null | readonly HtmlPart[];

/** `html\`<td>${text}</td>\``: values are escaped for element content and quoted attributes; lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0]!;
  for (let i = 0; i < parts.length; i++) text += partText(parts[i]!) + strings[i + 1]!;
  return new Html(text);
}

function partText(part: HtmlPart): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "number") return String(part);
  return typeof part === "string" ? escapeHtml(part) : part.map(partText).join("");
}

const ESCAPES: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}
