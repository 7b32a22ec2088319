/**
 * Writes docs/sources/: a page per data source and one of what Tocsin adds to Elastic's mapping, out of the declarations that rules are
 * linted against.
 *
 *   npm run docs                          writes them
 *   node scripts/docs-sources.ts --check  says whether they are out of date, and exits with 1 if so
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { ADDITIONS, sources, type EventShape, type Source } from "../src/ecs/index.ts";

const FOLDER = new URL("../docs/sources/", import.meta.url);

/** File name -> text. */
export function sourcePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([
    ["README.md", indexPage()],
    ["additions.md", additionsPage()],
  ]);
  for (const source of sources()) pages.set(`${source.id}.md`, sourcePage(source));
  return pages;
}

function indexPage(): string {
  const rows = sources().map(
    ({ id, title, indexPatterns, produces }) =>
      `| [\`${id}\`](${id}.md) | ${title} | ${indexPatterns.map((p) => `\`${p}\``).join(", ")} | ${produces.length} |`,
  );
  return `# Data sources

What each source of events can produce: the kinds of events, the audit setting that makes Windows write them, the closed sets of values of
\`event.category\`, \`event.type\` and \`event.action\`, and every field they can have. A rule that asks for anything else can never match on
that source, and \`tocsin lint\` says so.

| source | title | index patterns | kinds of events |
| --- | --- | --- | --- |
${rows.join("\n")}

What Tocsin adds to the mapping of Elastic's own pipelines is listed in [additions](additions.md); \`--strict-elastic\` leaves it out.
`;
}

function additionsPage(): string {
  const entries = ADDITIONS.map(({ name, summary }) => `## ${name}\n\n${summary}\n`);
  return `# Additions to Elastic's mapping

Documents that Elastic's pipelines made do not have these. \`tocsin hunt --strict-elastic\` and \`tocsin convert --strict-elastic\` leave
them out, so that a rule can be tried on exactly what a cluster would hold.

${entries.join("\n")}`;
}

function sourcePage({ id, title, indexPatterns, produces }: Source): string {
  const common = produces.length < 2 ? [] : produces[0]!.fields.filter((field) => produces.every((shape) => shape.fields.includes(field)));
  const events = produces.map((shape) => eventText(shape, new Set(common)));
  return `# ${title}

Source \`${id}\`; documents land in ${indexPatterns.map((pattern) => `\`${pattern}\``).join(", ")}.

${common.length === 0 ? "" : `## Fields of every event\n\n${fieldList(common)}\n\n`}${events.join("\n")}`;
}

function eventText({ codes, name, audit, category, type, action, fields, additions }: EventShape, common: ReadonlySet<string>): string {
  const lines = [`## ${[codes.join(", "), name].join(" ").trim()}`, "", `Written with: ${audit}.`, ""];
  const values = (name: string, list: readonly string[], added: readonly string[]): void => {
    if (list.length + added.length === 0) return;
    const said = [...list.map((value) => `\`${value}\``), ...added.map((value) => `\`${value}\` (added)`)];
    lines.push(`- \`${name}\`: ${said.join(", ")}`);
  };
  values("event.category", category, additions?.category ?? []);
  values("event.type", type, additions?.type ?? []);
  values("event.action", action, additions?.action ?? []);
  const own = fields.filter((field) => !common.has(field));
  if (own.length > 0) lines.push(`- Fields: ${fieldList(own)}`);
  if ((additions?.fields.length ?? 0) > 0) lines.push(`- Added by Tocsin: ${fieldList(additions!.fields)}`);
  return `${lines.join("\n")}\n`;
}

function fieldList(fields: readonly string[]): string {
  return fields.map((field) => `\`${field}\``).join(", ");
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const pages = sourcePages();
  const known = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  const stale = known.filter((name) => !pages.has(name));
  const changed = [...pages].filter(([name, text]) => !known.includes(name) || readFileSync(new URL(name, FOLDER), "utf8") !== text);
  if (process.argv.includes("--check")) {
    if (stale.length + changed.length > 0) {
      console.error("docs/sources/ is out of date: npm run docs");
      process.exit(1);
    }
  } else {
    mkdirSync(FOLDER, { recursive: true });
    for (const name of stale) rmSync(new URL(name, FOLDER));
    for (const [name, text] of changed) writeFileSync(new URL(name, FOLDER), text);
  }
}
