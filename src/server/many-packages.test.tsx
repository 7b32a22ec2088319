// A catalogue of fifty packages.
import { describe, expect, test } from "vitest";
import { loadPackage } from "../workbench/index.ts";
import type { HtmlPage } from "./page.ts";
import { Site } from "./site.tsx";
import type { SiteState } from "./state.ts";
import { generatedPackages } from "./testing/generated-packages.ts";
import { checkLinks, readTags, textOf } from "./testing/html.ts";

const state = (count: number): SiteState => ({
  packages: [...generatedPackages(count)].map(([id, files]) => {
    const { package: detection, problems } = loadPackage(files);
    if (detection === null) throw new Error(`${id}: ${JSON.stringify(problems[0])}`);
    return { detection, files };
  }),
  hunt: null,
  rules: null,
  synthetic: false,
  today: "2026-11-24",
  documents: new Map(),
});

const MANY = 50;
const htmlOf = (site: Site, path: string): string => site.html(site.page(path)! as HtmlPage);

describe(`a site of ${MANY} packages`, () => {
  const site = new Site(state(MANY), "written");

  test("the start page stays short and leads to all, with figures over all of them", () => {
    const html = htmlOf(site, "");
    expect(html.length).toBeLessThan(80_000);
    const text = textOf(html);
    expect(text).toContain(`${MANY} of ${MANY} attacks detected`);
    expect(text).toContain(`${3 * MANY} of ${3 * MANY} tests pass`);
    expect(html.match(/<svg class="mini-matrix"/g)).toHaveLength(10);
    expect(text).toContain(`All ${MANY} detections`);
  }, 60_000);

  test("every package has a row with its matrix, and they are searched and sifted", () => {
    const html = htmlOf(site, "detections/");
    expect(html.match(/<svg class="mini-matrix"/g)).toHaveLength(MANY);
    expect(html).toContain('data-facet="tactic"');
    expect(html.match(/aria-label="1 of 1 recording of 1 test detected"/g)).toHaveLength(MANY);
  });

  test("all their rules are in one list, and the search knows each", () => {
    expect(htmlOf(site, "detections/rules/").match(/<tr data-package/g)).toHaveLength(2 * MANY);
    const index = site.page("data/search.js");
    const script = index?.kind === "file" ? new TextDecoder().decode(index.bytes()) : "";
    const entries = JSON.parse(/^globalThis\.tocsinSearch = (.*);\n$/s.exec(script)![1]!) as [string, string, string, string][];
    expect(entries.filter(([kind]) => kind === "detection")).toHaveLength(MANY);
    expect(entries.filter(([kind]) => kind === "rule")).toHaveLength(2 * MANY);
    for (const [, title, path] of entries) expect(site.page(path.replace(/#.*$/, "")), `${title}: ${path}`).toBeDefined();
  });

  test("links of its lists lead somewhere", () => {
    const pages = new Map([...site.pages()].flatMap((page) => (page.kind === "html" ? [[page.path, page] as const] : [])));
    const others = new Set([...site.pages()].flatMap((page) => (page.kind === "file" ? [page.path] : [])));
    const faults: string[] = [];
    const read = new Map(
      ["", "detections/", "detections/rules/"].map((path) => [path, { tags: readTags(site.html(pages.get(path)!), faults) }]),
    );
    expect(faults).toEqual([]);
    for (const path of pages.keys()) if (!read.has(path)) read.set(path, { tags: [] });
    const broken = checkLinks(read, others, new Map(["catalog.js", "style.css"].map((name) => [name, ""]))).broken;
    // Anchors of pages that are not read here are not known.
    expect(broken.filter((text) => !text.includes("#"))).toEqual([]);
  });
});

test("a server of many packages shows its start before it has measured them", () => {
  const site = new Site(state(MANY), "served");
  const begun = performance.now();
  const html = htmlOf(site, "");
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(html).toContain("data-pending");
});

test("one package has no search above its row", () => {
  const html = htmlOf(new Site(state(1), "written"), "detections/");
  expect(html).not.toContain('type="search"');
  expect(html.match(/<svg class="mini-matrix"/g)).toHaveLength(1);
});
