import { marked } from "marked";
import { expect, test } from "vitest";
import { markdownCode, markdownRow, markdownText } from "./markdown.ts";

const HOSTILE = [
  "plain",
  "a|b",
  String.raw`a\|b\\|c`,
  "a`b``c",
  "`",
  "``x``",
  " padded ",
  "<img src=x onerror=alert(1)>",
  "</code><script>alert(1)</script>",
  "*bold* _it_ [x](http://evil.example) ![i](u) #1 @someone http://evil.example www.evil.example",
  "&lt;&#124; &amp;",
  String.raw`C:\Windows\System32\cmd.exe /c "a & b"`,
];

/** The text that a reader sees in each cell. */
function cells(markdown: string): string[] {
  const html = marked.parse(`| a | b |\n| --- | --- |\n${markdown}`, { async: false });
  return [...html.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell]) => cell!);
}

const plain = (html: string): string =>
  html
    .replaceAll(/^<code>|<\/code>$/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&amp;", "&");

test("a text out of a log is code, whole, and nothing else", () => {
  for (const text of HOSTILE) {
    const [cell, next, ...more] = cells(markdownRow([markdownCode(text), "next"]));
    expect([next, more.length], text).toEqual(["next", 0]);
    expect(cell, text).toMatch(/^<code>[^<]*<\/code>$/);
    expect(plain(cell!), text).toBe(text);
  }
  expect(markdownCode("")).toBe("");
});

test("a text of ours is no markup", () => {
  for (const text of HOSTILE.filter((one) => !one.includes("http") && !one.startsWith(" "))) {
    const [cell, next, ...more] = cells(markdownRow([markdownText(text), "next"]));
    expect([next, more.length], text).toEqual(["next", 0]);
    expect(cell, text).not.toContain("<");
    expect(plain(cell!), text).toBe(text);
  }
});
