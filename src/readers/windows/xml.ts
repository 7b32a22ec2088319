/**
 * A small XML reader for event logs: elements, attributes, text, CDATA, comments and processing instructions; the five named
 * entities and character references. No DTD, no other entity, so nothing can expand or reach outside. Linear; depth is bounded.
 */
import type { XmlElement } from "../record.ts";

export class XmlError extends Error {
  /** Offset in the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface OpenElement {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: (XmlElement | string)[];
}

/** The one element that the text holds; names lose their prefix. @throws XmlError */
export function parseXml(text: string, maxDepth: number): XmlElement {
  const open: OpenElement[] = [];
  let root: XmlElement | null = null;
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) !== LT) {
      const next = text.indexOf("<", at);
      const end = next < 0 ? text.length : next;
      const parent = open.at(-1);
      if (parent !== undefined) addText(parent, decode(text.slice(at, end), at));
      else if (text.slice(at, end).trim() !== "") throw new XmlError("text outside the element", at);
      at = end;
      continue;
    }
    if (text.startsWith("<!--", at)) at = after(text, "-->", at + 4, "a comment");
    else if (text.startsWith("<![CDATA[", at)) {
      const end = after(text, "]]>", at + 9, "a CDATA section");
      const parent = open.at(-1);
      if (parent === undefined) throw new XmlError("text outside the element", at);
      addText(parent, text.slice(at + 9, end - 3));
      at = end;
    } else if (text.startsWith("<?", at)) at = after(text, "?>", at + 2, "a processing instruction");
    else if (text.startsWith("<!", at)) throw new XmlError("document type declarations are not read", at);
    else if (text.charCodeAt(at + 1) === SLASH) {
      const end = after(text, ">", at + 2, "an end tag");
      const name = localName(text.slice(at + 2, end - 1).trim());
      const element = open.pop();
      if (element === undefined || element.name !== name)
        throw new XmlError(`</${name}> ends ${element === undefined ? "nothing" : `<${element.name}>`}`, at);
      // An empty text distinguishes `<a></a>` from `<a/>`.
      if (element.children.length === 0) element.children.push("");
      root = close(element, open, root, at);
      at = end;
    } else {
      const tag = startTag(text, at);
      at = tag.end;
      const element: OpenElement = { name: tag.name, attributes: tag.attributes, children: [] };
      if (tag.empty) root = close(element, open, root, at);
      else {
        if (open.length >= maxDepth) throw new XmlError(`elements are nested more than ${maxDepth} deep`, at);
        open.push(element);
      }
    }
  }
  if (open.length > 0) throw new XmlError(`<${open.at(-1)!.name}> is never ended`, text.length);
  if (root === null) throw new XmlError("no element", 0);
  return root;
}

function close(element: OpenElement, open: readonly OpenElement[], root: XmlElement | null, at: number): XmlElement | null {
  const parent = open.at(-1);
  if (parent !== undefined) {
    parent.children.push(element);
    return root;
  }
  if (root !== null) throw new XmlError("a second element", at);
  return element;
}

function addText(parent: OpenElement, text: string): void {
  const last = parent.children.at(-1);
  if (typeof last === "string") parent.children[parent.children.length - 1] = last + text;
  else if (text !== "") parent.children.push(text);
}

function after(text: string, what: string, from: number, name: string): number {
  const found = text.indexOf(what, from);
  if (found < 0) throw new XmlError(`${name} is never ended`, from);
  return found + what.length;
}

function startTag(
  text: string,
  from: number,
): { readonly name: string; readonly attributes: [string, string][]; readonly empty: boolean; readonly end: number } {
  let at = nameEnd(text, from + 1);
  const name = localName(text.slice(from + 1, at));
  if (name === "") throw new XmlError("`<` without a name", from);
  const attributes: [string, string][] = [];
  for (;;) {
    at = blanks(text, at);
    const c = text.charCodeAt(at);
    if (c === GT) return { name, attributes, empty: false, end: at + 1 };
    if (c === SLASH && text.charCodeAt(at + 1) === GT) return { name, attributes, empty: true, end: at + 2 };
    const end = nameEnd(text, at);
    if (end === at) throw new XmlError(`<${name}> is never closed`, at);
    const attribute = localName(text.slice(at, end));
    at = blanks(text, end);
    if (text[at] !== "=") throw new XmlError(`attribute ${attribute} has no value`, at);
    at = blanks(text, at + 1);
    const quote = text[at];
    if (quote !== '"' && quote !== "'") throw new XmlError(`the value of ${attribute} is not quoted`, at);
    const close = text.indexOf(quote, at + 1);
    if (close < 0) throw new XmlError(`the value of ${attribute} is never ended`, at);
    if (attribute !== "xmlns:") attributes.push([attribute, decode(text.slice(at + 1, close), at + 1)]);
    if (attributes.length > 10_000) throw new XmlError(`<${name}> has too many attributes`, from);
    at = close + 1;
  }
}

function localName(name: string): string {
  if (name.startsWith("xmlns:")) return "xmlns:";
  return name.slice(name.indexOf(":") + 1);
}

function blanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

function nameEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c <= 32 || c === GT || c === SLASH || c === EQUALS || c === LT) break;
  }
  return at;
}

const NAMED: { readonly [name: string]: string | undefined } = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** References resolved. Line ends stay as they are: Windows writes a value's own CR LF into the text. */
function decode(text: string, offset: number): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(#x[0-9a-fA-F]{1,8}|#\d{1,9}|[A-Za-z]{1,8});|&/g, (whole, name: string | undefined) => {
    if (name === undefined) throw new XmlError("`&` without a reference", offset);
    if (!name.startsWith("#")) {
      const known = NAMED[name];
      if (known === undefined) throw new XmlError(`entity ${whole} is not known`, offset);
      return known;
    }
    const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    // Windows writes controls that XML forbids as references; they are kept.
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

const LT = 60;
const GT = 62;
const SLASH = 47;
const EQUALS = 61;
