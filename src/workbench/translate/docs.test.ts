import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { expect, test } from "vitest";
import { loadPackage, type Detection } from "../../catalog/index.ts";
import { PLATFORM_NAMES, PLATFORMS } from "../../translate/index.ts";
import { dropsConjunct, translations, type RuleTranslation } from "./translate.ts";

const root = join(import.meta.dirname, "../../..");
const page = join(root, "docs", "translation.md");

const made = packages().flatMap((detection) => detection.rules.map((rule) => translations(detection, rule)));

function packages(): Detection[] {
  const folder = join(root, "detections");
  return readdirSync(folder).map((name) => {
    const files = new Map<string, string>();
    for (const entry of readdirSync(join(folder, name), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(relative(join(folder, name), path).split(sep).join("/"), readFileSync(path, "utf8"));
    }
    return loadPackage(files, { today: "2026-11-24" }).package!;
  });
}

const EFFECTS = ["exact", "wider", "narrower", "untranslatable"] as const;
const CHECKED = { executed: "executed equal", validated: "validated", text: "text only" } as const;
const SIGNS = { exact: "=", wider: ">", narrower: "<", untranslatable: "-" } as const;
/** As `tocsin translate` leaves it without --allow-wider. */
const REFUSED = "!";

function platformTable(): string {
  const rows = Object.entries(PLATFORMS).map(([name, { title, checked }], at) => {
    const counts = EFFECTS.map((effect) => made.filter((rule) => rule[at]!.effect === effect).length);
    const refused = made.filter((rule) => signOf(rule[at]!) === REFUSED).length;
    return `| ${title.replaceAll("|", "\\|")} | \`${name}\` | ${CHECKED[checked]} | ${counts.join(" | ")} | ${refused} |`;
  });
  const titles = ["Platform", "`--to`", "Checked", ...EFFECTS, "refused"];
  return [`| ${titles.join(" | ")} |`, `|${"---|".repeat(titles.length)}`, ...rows].join("\n");
}

function signOf(one: RuleTranslation): string {
  return one.text !== "" && dropsConjunct(one) ? REFUSED : SIGNS[one.effect];
}

function ruleTable(): string {
  const names = PLATFORM_NAMES;
  const rows = made.map((rule: readonly RuleTranslation[]) => `| ${rule[0]!.rule} | ${rule.map(signOf).join(" | ")} |`);
  return [`| Rule | ${names.join(" | ")} |`, `|---${"|:-:".repeat(names.length)}|`, ...rows].join("\n");
}

test("docs/translation.md shows what translations are", () => {
  let text = readFileSync(page, "utf8");
  for (const [name, table] of [
    ["platforms", platformTable()],
    ["rules", ruleTable()],
  ] as const) {
    const block = new RegExp(`<!-- ${name} -->\n[\\s\\S]*?<!-- end of ${name} -->`);
    expect(block.test(text), name).toBe(true);
    text = text.replace(block, () => `<!-- ${name} -->\n\n${table}\n\n<!-- end of ${name} -->`);
  }
  if (process.env["UPDATE"] === "1") writeFileSync(page, text);
  expect(readFileSync(page, "utf8"), "out of date: UPDATE=1 rewrites it").toBe(text);
});

test("it names every platform of ours, and the exit codes", () => {
  const text = readFileSync(page, "utf8");
  for (const name of ["elasticsearch", "opensearch", "lucene", "esql", "kibana-rule", "opensearch-security-analytics"])
    expect(text).toContain(`\`${name}\``);
  expect(made.length).toBeGreaterThan(20);
});
