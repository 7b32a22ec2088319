/** What the search of the pages looks through: one file, loaded when somebody opens it. */
import { attack, attackCoverage, LINT_CODES, sources } from "../workbench/index.ts";
import type { PackageView } from "./package-view.ts";
import type { SitePart } from "./parts/frame.tsx";
import { techniquesOf, type RuleView } from "./rule-view.ts";
import { shapeId, shapeName } from "./routes/sources.tsx";

/** `[kind, title, path from the root, other words]`: short, since there may be thousands. */
type Entry = readonly [kind: string, title: string, path: string, words: string];

/**
 * A script, not JSON: a page that was opened straight from a disk may load the one and not the other. It sets `tocsinSearch`, a list of
 * entries.
 */
export function searchIndex(views: readonly PackageView[], rules: readonly RuleView[], parts: readonly SitePart[]): string {
  const entries: Entry[] = [
    ...parts.flatMap(({ path, name, pages = [] }): Entry[] => [
      ["page", name, path, ""],
      ...pages.filter((page) => page.path !== path).map((page): Entry => ["page", page.name, page.path, name]),
    ]),
    ...views.flatMap(ofPackage),
    ...rules.map((view): Entry => ["rule", view.rule.name, view.path, `${techniquesOf(view).join(" ")} ${view.details.group}`]),
    ...techniques(views),
    ...events(),
    ...Object.entries(LINT_CODES).map(([code, { title }]): Entry => ["finding", code, `lint/${code}/`, title]),
  ];
  return `globalThis.tocsinSearch = ${JSON.stringify(entries)};\n`;
}

function ofPackage(view: PackageView): Entry[] {
  const { meta, rules, tests, hunts } = view.detection;
  return [
    ["detection", `${meta.id} ${meta.title}`, view.path, meta.attack?.tactic.name ?? ""],
    ...rules.map((rule): Entry => [
      "rule",
      `${rule.id} ${rule.name}`,
      `${view.path}rules/${rule.id}/`,
      [
        view.id,
        ...rule.fields.required,
        ...rule.fields.optional,
        ...rule.data_sources.flatMap(({ source, events: ids }) => [source, ...ids]),
      ].join(" "),
    ]),
    ...tests.tests.map((test): Entry => [
      "test",
      `${test.id} ${test.title}`,
      `${view.path}tests/${test.id}/`,
      `${view.id} ${test.technique}`,
    ]),
    ...hunts.map((hunt): Entry => ["hunt", `${hunt.id} ${hunt.name}`, `${view.path}respond/#${hunt.id}`, view.id]),
  ];
}

/** Techniques that a package is about or leads to. */
function techniques(views: readonly PackageView[]): Entry[] {
  const covered = attackCoverage(views.map(({ detection }) => detection));
  return attack()
    .techniques.filter(({ id }) => covered.has(id))
    .map(({ id, name }) => ["technique", `${id} ${name}`, `attack/#${id}`, ""]);
}

/** Events by their ids, once each, on the page of the first source that writes them; the second of two alike has no address of its own. */
function events(): Entry[] {
  const found = new Map<string, Entry>();
  for (const source of sources())
    for (const shape of source.produces) {
      const title = shape.codes.length === 0 ? shape.title : shapeName(shape);
      const key = `${title}|${shape.title}`;
      if (!found.has(key))
        found.set(key, ["event", title, `sources/${source.id}/#${shapeId(shape)}`, `${shape.title} ${source.title} ${shape.audit}`]);
    }
  return [...found.values()];
}
