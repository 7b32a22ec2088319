import { Scroll } from "../../report/index.ts";
/**
 * Markdown as JSX. `marked` reads it into tokens; what is made of them is escaped like everything else, raw HTML stands as its text, and a link
 * leads to the web or to another part of the site, or is none.
 */
import type { Child } from "hono/jsx";
import { Lexer, type Token, type Tokens } from "marked";
import { CodeText, EqlText } from "./eql.tsx";

export interface MarkdownOptions {
  /** Where the first level of headings stands on the page: 2 makes `#` an `h2`. */
  readonly level: number;
  /** Stands before the ids of headings, so that several documents fit on one page. */
  readonly prefix: string;
  /** Leave out the first heading, which the page says itself. */
  readonly skipTitle?: boolean;
  /** Makes what stands for a list's item; used for check-lists. */
  readonly item?: (content: Child, markdown: string) => Child;
  /** Where a link inside the project leads, null where nowhere. */
  readonly link?: (target: string) => string | null;
}

export function Markdown(props: MarkdownOptions & { text: string }) {
  const tokens = Lexer.lex(props.text, { gfm: true });
  const first = tokens.findIndex((token) => token.type === "heading");
  const shown = props.skipTitle === true && first >= 0 ? tokens.filter((_, i) => i !== first) : tokens;
  const ids = new Set<string>();
  return <div class="prose">{shown.map((token) => block(token, props, ids))}</div>;
}

/** A document by its headings of the second level; the title of the first level is left out. */
export interface MarkdownSections {
  /** What stands before the first section. */
  readonly intro: string;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
}

export function sectionsOf(text: string): MarkdownSections {
  let intro = "";
  const sections: { title: string; text: string }[] = [];
  for (const token of Lexer.lex(text, { gfm: true })) {
    if (token.type === "heading" && (token as Tokens.Heading).depth === 1) continue;
    if (token.type === "heading" && (token as Tokens.Heading).depth === 2)
      sections.push({ title: plain((token as Tokens.Heading).text), text: "" });
    else if (sections.length === 0) intro += token.raw;
    else sections.at(-1)!.text += token.raw;
  }
  return { intro, sections };
}

function block(token: Token, options: MarkdownOptions, ids: Set<string>): Child {
  switch (token.type) {
    case "heading": {
      const { depth, text, tokens } = token as Tokens.Heading;
      const level = Math.min(6, Math.max(2, depth - 1 + options.level));
      const Name = `h${level}` as "h2";
      const id = headingId(text, options.prefix, ids);
      return (
        <Name id={id}>
          {inline(tokens, options)}
          <a class="anchor" href={`#${id}`} aria-label="Link to this part">
            #
          </a>
        </Name>
      );
    }
    case "paragraph":
      return <p>{inline((token as Tokens.Paragraph).tokens, options)}</p>;
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      return tokens === undefined ? plain(text) : inline(tokens, options);
    }
    case "code": {
      const { text, lang } = token as Tokens.Code;
      return lang === "eql" ? <EqlText text={text} /> : <CodeText text={text} label={lang === "coverage" ? "Measured coverage" : "Code"} />;
    }
    case "blockquote":
      return <blockquote>{(token as Tokens.Blockquote).tokens.map((part) => block(part, options, ids))}</blockquote>;
    case "list": {
      const { ordered, start, items } = token as Tokens.List;
      const content = items.map((item) => {
        const inner = item.tokens.map((part) => block(part, options, ids));
        return <li>{options.item === undefined ? inner : options.item(inner, item.text)}</li>;
      });
      if (!ordered) return <ul>{content}</ul>;
      return <ol {...(typeof start === "number" && start !== 1 ? { start } : {})}>{content}</ol>;
    }
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return (
        <Scroll label="Table">
          <table>
            <thead>
              <tr>
                {header.map((cell) => (
                  <th scope="col">{inline(cell.tokens, options)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  {row.map((cell) => (
                    <td>{inline(cell.tokens, options)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      );
    }
    case "hr":
      return <hr />;
    case "space":
    case "def":
      return null;
    case "html":
      return <p>{plain(token.raw.trim())}</p>;
    default:
      return plain(token.raw);
  }
}

function inline(tokens: readonly Token[], options: MarkdownOptions): Child {
  return tokens.map((token): Child => {
    switch (token.type) {
      case "strong":
        return <strong>{inline((token as Tokens.Strong).tokens, options)}</strong>;
      case "em":
        return <em>{inline((token as Tokens.Em).tokens, options)}</em>;
      case "del":
        return <del>{inline((token as Tokens.Del).tokens, options)}</del>;
      case "codespan": {
        const code = plain((token as Tokens.Codespan).text);
        const target = FILE.test(code) ? (options.link?.(code) ?? null) : null;
        return target === null ? <code>{code}</code> : <a href={target}>{code}</a>;
      }
      case "br":
        return <br />;
      case "link": {
        const { href, tokens: inner } = token as Tokens.Link;
        const target = safeTarget(href, options);
        return target === null ? inline(inner, options) : <a href={target}>{inline(inner, options)}</a>;
      }
      case "image":
        return plain((token as Tokens.Image).text);
      case "text": {
        const { tokens: inner, text } = token as Tokens.Text;
        return inner === undefined ? mentions(plain(text), options) : inline(inner, options);
      }
      case "escape":
        return plain((token as Tokens.Escape).text);
      default:
        return plain(token.raw);
    }
  });
}

const FILE = /^[\w-]+(?:\/[\w-]+)?\.(?:md|yaml)$/;

/** A file of the same package that a text names leads to what the page makes of it. */
function mentions(text: string, options: MarkdownOptions): Child {
  const { link } = options;
  if (link === undefined) return text;
  return text.split(/([\w/-]+\.(?:md|yaml))\b/).map((part, i): Child => {
    const target = i % 2 === 1 && FILE.test(part) ? link(part) : null;
    return target === null ? part : <a href={target}>{part}</a>;
  });
}

/** `marked` leaves text as it was written; entities are the one thing it expects HTML to understand. */
function plain(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&nbsp;", "\u00a0")
    .replaceAll("&amp;", "&");
}

function safeTarget(href: string, options: MarkdownOptions): string | null {
  if (/^https?:\/\//i.test(href)) return href;
  if (/^#[\w.-]+$/.test(href)) return `#${options.prefix}${href.slice(1)}`;
  return options.link?.(href) ?? null;
}

/** A heading as a part of an address. */
export function headingSlug(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]+/gu, "")
      .trim()
      .replaceAll(/\s+/g, "-") || "part"
  );
}

function headingId(text: string, prefix: string, ids: Set<string>): string {
  const slug = headingSlug(text);
  let id = `${prefix}${slug}`;
  for (let n = 1; ids.has(id); n++) id = `${prefix}${slug}-${n}`;
  ids.add(id);
  return id;
}
