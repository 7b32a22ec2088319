/**
 * Writes docs/schema/*.json: JSON Schema of the files of a detection package, for editors, from the zod schemas that the loader uses,
 * and of what is written for Kibana.
 *
 *   npm run docs                          writes them
 *   node scripts/make-schemas.ts --check  says which are out of date, and exits with 1
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { KIBANA_LINE } from "../src/translate/index.ts";
import { CASE, HUNT, PACKAGE, RULE, RULE_CASES, TESTS, TUNING } from "../src/catalog/index.ts";

const SCHEMAS = {
  package: [PACKAGE, "Tocsin detection package: package.yaml"],
  rule: [RULE, "Tocsin detection package: rules/<ID>.yaml"],
  hunt: [HUNT, "Tocsin detection package: hunts/<ID>.yaml"],
  tests: [TESTS, "Tocsin detection package: tests.yaml"],
  tuning: [TUNING, "Tocsin detection package: tuning.yaml"],
  case: [CASE, "Tocsin detection package: cases/<name>/case.yaml"],
  "rule-cases": [RULE_CASES, "Tocsin: NAME.cases.yaml, the cases of the rules in a file beside it"],
  "kibana-rule": [KIBANA_LINE, "A line of what Tocsin writes for Kibana to import: rules, exception lists, their items"],
} as const;

const folder = new URL("../docs/schema/", import.meta.url);
const checking = process.argv.includes("--check");
if (!checking) mkdirSync(folder, { recursive: true });
for (const [name, [schema, title]] of Object.entries(SCHEMAS)) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  const text = `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
  const path = new URL(`${name}.json`, folder);
  if (!checking) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.log(`docs/schema/${name}.json is out of date: npm run docs`);
    process.exitCode = 1;
  }
}
