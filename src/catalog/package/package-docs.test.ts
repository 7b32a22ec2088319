/** docs/package.md: every key of every file of a package, as the published JSON Schemas have them; these are held against zod here. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { CASE, HUNT, PACKAGE, RULE, TESTS, TUNING } from "../index.ts";

const docs = new URL("../../../docs/", import.meta.url);

const FILES = [
  ["package", "package.yaml", PACKAGE, "What the detection is about."],
  ["rule", "rules/ID.yaml", RULE, "One rule is one file."],
  ["hunt", "hunts/ID.yaml", HUNT, "A query that a person runs and reads."],
  ["tests", "tests.yaml", TESTS, "What to run to test the package, and what should be seen."],
  ["tuning", "tuning.yaml", TUNING, "Exceptions as code."],
  ["case", "cases/NAME/case.yaml", CASE, "What a piece of telemetry must and must not set off."],
] as const;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly default?: unknown;
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/** In words, without what is inside it. */
function kindOf(schema: Schema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  switch (schema.type) {
    case "array":
      return `list of ${schema.items === undefined ? "values" : kindOf(schema.items)}${(schema.minItems ?? 0) > 0 ? ", not empty" : ""}`;
    case "object":
      return typeof schema.additionalProperties === "object" ? `map to ${kindOf(schema.additionalProperties)}` : "map";
    case "integer":
      return `whole number${schema.minimum === undefined ? "" : `, ${schema.minimum} to ${schema.maximum !== undefined && schema.maximum < 1e9 ? schema.maximum : "any"}`}`;
    case "boolean":
      return "`true`, `false`";
    case "null":
      return "`null`";
    default:
      return schema.pattern === undefined ? "text" : `text like \`${schema.pattern.replaceAll("|", "\\|")}\``;
  }
}

function rows(schema: Schema, path: string): string[] {
  const out: string[] = [];
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const name = path === "" ? key : `${path}.${key}`;
    const needed = schema.required?.includes(key) === true ? "yes" : "";
    out.push(`| \`${name}\` | ${needed} | ${kindOf(value)} | ${value.description ?? ""} |`, ...inside(value, name));
  }
  return out;
}

function inside(value: Schema, name: string): string[] {
  if (value.properties !== undefined) return rows(value, name);
  if (value.items !== undefined) return inside(value.items, `${name}[]`);
  if (value.anyOf !== undefined) return value.anyOf.flatMap((one) => inside(one, name));
  return typeof value.additionalProperties === "object" ? inside(value.additionalProperties, `${name}.NAME`) : [];
}

function page(): string {
  const parts = [
    "# Every key of a detection package",
    "",
    "Made from the schemas the loader uses; [package-format.md](package-format.md) says what the files are for, how cases are judged and what exceptions do.",
    "`tocsin new detection ID` begins a package, `tocsin new rule PACKAGE ID` a rule in one: every field with a comment, and a case that fails until the query is",
    "written. `tocsin prove PACKAGE` says what is missing.",
  ];
  for (const [name, file, , about] of FILES) {
    const schema = JSON.parse(readFileSync(new URL(`schema/${name}.json`, docs), "utf8")) as Schema;
    parts.push("", `## ${file}`, "", `${about} [JSON Schema](schema/${name}.json).`, "");
    parts.push("| Key | Needed | What it is | |", "|---|---|---|---|", ...rows(schema, ""));
  }
  return `${parts.join("\n")}\n`;
}

test.each(FILES)("the published JSON Schema of %s is what the loader asks", (name, _file, schema) => {
  const published = JSON.parse(readFileSync(new URL(`schema/${name}.json`, docs), "utf8")) as { title?: string };
  delete published.title;
  expect(published).toEqual(z.toJSONSchema(schema, { io: "input" }));
});

test("docs/package.md tells every key", () => {
  const file = new URL("package.md", docs);
  const text = page();
  if (process.env["UPDATE"] === "1") writeFileSync(file, text);
  expect(readFileSync(file, "utf8"), "out of date: UPDATE=1 rewrites it").toBe(text);
  for (const [, , schema] of FILES) for (const key of Object.keys(schema.shape)) expect(text).toContain(`| \`${key}\` |`);
});
