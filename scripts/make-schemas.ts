/**
 * Writes docs/schema/*.json: JSON Schema of the files of a detection package, for editors, from the zod schemas that the loader uses.
 *
 *   node scripts/make-schemas.ts          writes them
 *   node scripts/make-schemas.ts --check  says which are out of date, and exits with 1
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { CASE, HUNT, PACKAGE, RULE, TESTS, TUNING } from "../src/catalog/index.ts";

const SCHEMAS = {
  package: [PACKAGE, "package.yaml"],
  rule: [RULE, "rules/<ID>.yaml"],
  hunt: [HUNT, "hunts/<ID>.yaml"],
  tests: [TESTS, "tests.yaml"],
  tuning: [TUNING, "tuning.yaml"],
  case: [CASE, "cases/<name>/case.yaml"],
} as const;

const folder = new URL("../docs/schema/", import.meta.url);
const checking = process.argv.includes("--check");
if (!checking) mkdirSync(folder, { recursive: true });
for (const [name, [schema, file]] of Object.entries(SCHEMAS)) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  const text = `${JSON.stringify({ $schema, title: `Tocsin detection package: ${file}`, ...rest }, null, 2)}\n`;
  const path = new URL(`${name}.json`, folder);
  if (!checking) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.log(`docs/schema/${name}.json is out of date: run node scripts/make-schemas.ts`);
    process.exitCode = 1;
  }
}
