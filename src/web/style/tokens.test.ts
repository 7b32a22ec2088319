import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REPORT_STYLE } from "../../report/html/style.ts";

const web = join(import.meta.dirname, "..");
const sheets = [import.meta.dirname, join(web, "entries")]
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => path.endsWith(".css"))
  .map((path) => ({ name: path.slice(web.length + 1).replaceAll("\\", "/"), text: withoutComments(readFileSync(path, "utf8")) }));
const tokens = sheets.find(({ name }) => name === "style/tokens.css")!.text;
const others = sheets.filter(({ name }) => name !== "style/tokens.css");

function withoutComments(css: string): string {
  return css.replaceAll(/\/\*[\s\S]*?\*\//g, "");
}

/** `--name` -> value, of `:root`. */
function declared(css: string): Map<string, string> {
  return new Map([...css.matchAll(/(--[\w-]+)\s*:\s*([^;}]+)/g)].map(([, name, value]) => [name!, value!.trim()]));
}

/** Each declaration of a sheet whose property fits. */
function declarations(css: string, property: RegExp): string[] {
  return [...css.matchAll(/(?:^|[{;])\s*([\w-]+)\s*:\s*([^;{}]+)/g)]
    .filter(([, name]) => property.test(name!))
    .map(([, , value]) => value!.trim());
}

describe("the style sheets are made of the tokens", () => {
  test("sizes of text are those of the scale", () => {
    const sizes = [...declared(tokens)].filter(([name]) => name.startsWith("--text-"));
    expect(sizes).toEqual([13, 14, 15, 17, 20, 26, 32].map((px) => [`--text-${px}`, `${px / 16}rem`]));
    for (const { name, text } of others) {
      for (const size of declarations(text, /^font-size$/)) expect(size, name).toMatch(/^(var\(--text-\d\d\)|inherit|80%)$/);
      for (const font of declarations(text, /^font$/)) expect(font, name).toMatch(/^(inherit$|var\(--text-\d\d\))/);
    }
  });

  test("distances are those of the scale, or in proportion to the text", () => {
    const gaps = [...declared(tokens)].filter(([name]) => name.startsWith("--gap-"));
    expect(gaps).toEqual([4, 8, 12, 16, 24, 32, 48].map((px) => [`--gap-${px}`, `${px / 16}rem`]));
    for (const { name, text } of others)
      for (const value of declarations(text, /^(margin|padding|gap|row-gap|column-gap)(-[a-z]+)*$/))
        for (const length of value.replaceAll(/var\(--gap-\d+\)/g, "").match(/-?[\d.]+[a-z%]+/g) ?? [])
          expect(length, `${name}: ${value}`).toMatch(/^(-?[\d.]+em|-1px|100%)$/);
  });

  test("colours have names", () => {
    for (const { name, text } of others) {
      expect(text.match(/#[0-9a-f]{3,8}\b(?=[^{}]*[;}])|\b(?:rgba?|hsla?|oklch|lab|light-dark)\(/gi), name).toBeNull();
      for (const value of declarations(text, /(^|-)(color|background|fill|stroke)$/))
        expect(value, name).toMatch(
          /^(var\(--[\w-]+\)|currentColor|inherit|transparent|none|color-mix\(in srgb, (currentColor|var\(--[\w-]+\)) \d+%, (transparent|var\(--[\w-]+\))\))( !important)?$/,
        );
    }
  });

  test("every name that is used is declared, and every colour that is declared is used", () => {
    const names = declared(tokens);
    const used = new Set(sheets.flatMap(({ text }) => [...text.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name!)));
    for (const name of used) expect(names.has(name), name).toBe(true);
    for (const [name, value] of names) if (value.startsWith("light-dark")) expect(used.has(name), name).toBe(true);
  });

  test("text can be read: each colour of text has 4.5 to 1 on what it stands on (WCAG AA)", () => {
    const names = declared(tokens);
    const INKS = [
      "ink",
      "soft",
      "link",
      "accent",
      "critical",
      "high",
      "medium",
      "low",
      "good",
      "keyword",
      "string",
      "number",
      "function",
      "comment",
    ];
    for (const scheme of [0, 1])
      for (const ink of INKS)
        for (const ground of ["paper", "raised", "sunken"]) {
          const [text, under] = [colour(names, ink, scheme), colour(names, ground, scheme)];
          expect(contrast(text, under), `--${ink} on --${ground}, ${scheme === 0 ? "light" : "dark"}`).toBeGreaterThanOrEqual(4.5);
        }
    // A severity stands on a tint of itself.
    for (const scheme of [0, 1])
      for (const ink of ["critical", "high", "medium", "low", "soft"]) {
        const text = colour(names, ink, scheme);
        const tint = colour(names, "raised", scheme).map((part, i) => part * 0.9 + text[i]! * 0.1);
        expect(contrast(text, tint), `--${ink} as a pill`).toBeGreaterThanOrEqual(4.5);
      }
  });

  test("the report has the same colours and sizes of text", () => {
    const [pages, report] = [declared(tokens), declared(REPORT_STYLE)];
    const shown = [...report].filter(([, value]) => value.startsWith("light-dark"));
    expect(shown.length).toBeGreaterThan(10);
    for (const [name, value] of shown) expect(value, name).toBe(pages.get(name)?.replaceAll(" ", ""));
    const scale = [...pages].filter(([name]) => name.startsWith("--text-")).map(([, rem]) => rem.replace(/^0/, ""));
    // 80% is the paper's, for all sizes together.
    for (const [, size] of REPORT_STYLE.matchAll(/(?:font-size:|font:)([\d.]+[a-z%]+)/g)) expect([...scale, "80%"]).toContain(size);
  });

  test("the font is one file below 60 kB", () => {
    const files = [...tokens.matchAll(/url\("([^"]+)"\)/g)].map(([, path]) => createRequire(import.meta.url).resolve(path!));
    expect(files.length).toBe(1);
    expect(statSync(files[0]!).size).toBeLessThan(60_000);
  });
});

/** 0 to 255 each, in the light (0) or the dark scheme (1). */
function colour(names: ReadonlyMap<string, string>, name: string, scheme: number): number[] {
  const hex = names.get(`--${name}`)!.match(/#[0-9a-f]{6}/g)![scheme]!;
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
