/**
 * Writes docs/sigma.md: the prose of scripts/sigma/sigma.md, and the log sources and fields out of the tables that run.
 *
 *   npm run docs                        writes it
 *   node scripts/docs-sigma.ts --check  says whether it is out of date, and exits with 1 if so
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { EventShape, ProductLogSource } from "../src/sigma/taxonomy/products/product.ts";
import { PRODUCTS } from "../src/sigma/taxonomy/products/products.ts";
import { CORRELATION_TYPES } from "../src/sigma/index.ts";
import { CONDITION_TYPES } from "../src/sigma/pipeline/conditions.ts";
import { TRANSFORMATIONS } from "../src/sigma/pipeline/transformations.ts";
import { MODIFIER_NAMES } from "../src/sigma/load/modifiers.ts";
import {
  CATEGORIES,
  HEADER,
  SERVICES,
  type FieldTable,
  type LogSource,
  type Selector,
  type FieldMapping,
} from "../src/sigma/taxonomy/taxonomy.ts";

const TARGET = new URL("../docs/sigma.md", import.meta.url);
const PROSE = new URL("./sigma/sigma.md", import.meta.url);

const code = (text: string): string => `\`${text}\``;

export function sigmaReference(): string {
  return readFileSync(PROSE, "utf8")
    .replace("<!-- modifiers -->", MODIFIER_NAMES.map(code).join(", "))
    .replace("<!-- correlations -->", CORRELATION_TYPES.map(code).join(", "))
    .replace("<!-- transformations -->", Object.keys(TRANSFORMATIONS).map(code).join(", "))
    .replace("<!-- rule conditions -->", CONDITION_TYPES.rule_conditions.map(code).join(", "))
    .replace("<!-- item conditions -->", CONDITION_TYPES.detection_item_conditions.map(code).join(", "))
    .replace("<!-- field conditions -->", CONDITION_TYPES.field_name_conditions.map(code).join(", "))
    .replace("<!-- categories -->\n", () => sourceTable(CATEGORIES))
    .replace("<!-- services -->\n", () => sourceTable(SERVICES))
    .replace("<!-- products -->\n", productTable)
    .replace("<!-- fields -->\n", fieldTables);
}

function sourceTable(sources: Readonly<Record<string, LogSource>>): string {
  const rows = Object.entries(sources).map(([name, { select }]) => `| \`${name}\` | ${select.map(selectorText).join("; ")} |`);
  return `| log source | events |\n| --- | --- |\n${rows.join("\n")}\n`;
}

function selectorText({ provider, channels, codes, eventTypes, native }: Selector): string {
  if (native !== undefined) {
    const { category, types, actions, not } = native;
    const said = [category, ...(types ?? []), ...(actions ?? [])].join(", ");
    return `Elastic Defend: ${said}${not === undefined ? "" : ` (not ${not.join(", ")})`}`;
  }
  const where = provider ?? channels?.join(", ") ?? "any log";
  const ids = codes === undefined ? "" : ` ${codes.join(", ")}`;
  return `${where}${ids}${eventTypes === undefined ? "" : ` (${eventTypes.join(", ")})`}`;
}

/** One row per log source; datasets and shapes are alternatives. */
function productTable(): string {
  const rows = PRODUCTS.map(({ names, datasets, shapes = [] }) => {
    const ways = [...(datasets === undefined ? [] : [`dataset ${datasets.map(code).join(", ")}`]), ...shapes.map(shapeText)];
    return `| ${names.map((name) => code(shortName(name))).join(", ")} | ${ways.join("; ")} |`;
  });
  return `| log source | events |\n| --- | --- |\n${rows.join("\n")}\n`;
}

/** `product/category/service` without the parts that are none. */
function shortName(name: string): string {
  return name
    .split("/")
    .filter((part) => part !== "-")
    .join("/");
}

function shapeText({ has = [], is = {}, lacks = [] }: EventShape): string {
  const tests = Object.entries(is).map(([name, texts]) =>
    texts.length > 8
      ? `${code(name)} is one of ${texts.length}, ${code(texts[0]!)} the first`
      : `${code(name)} is ${texts.map(code).join(" or ")}`,
  );
  if (has.length > 0) tests.push(`has ${has.map(code).join(", ")}`);
  if (lacks.length > 0) tests.push(`lacks ${lacks.map(code).join(", ")}`);
  return tests.join(" and ");
}

function placesText({ places = [] }: ProductLogSource): string {
  return places
    .map(({ under, prefix, spelling }) => {
      const names = under === undefined ? "every other field" : code(`${under}*`);
      return `${names}: ${code(`${prefix}*`)}${spelling === undefined ? "" : ` in ${spelling} case`}`;
    })
    .join("; ");
}

/** One table per set of fields; log sources that share it are named together. */
function fieldTables(): string {
  const users = new Map<FieldTable, string[]>([[HEADER, ["every log source"]]]);
  for (const [name, { fields }] of [...Object.entries(CATEGORIES), ...Object.entries(SERVICES)])
    users.set(fields, [...(users.get(fields) ?? []), code(name)]);
  const elsewhere = new Map<FieldTable, string>();
  for (const product of PRODUCTS) {
    users.set(product.fields, [...(users.get(product.fields) ?? []), ...product.names.map((name) => code(shortName(name)))]);
    const rest = placesText(product);
    if (rest !== "") elsewhere.set(product.fields, rest);
  }
  return [...users]
    .filter(([fields]) => Object.keys(fields).length > 0 || elsewhere.has(fields))
    .map(([fields, names]) => {
      const rows = Object.entries(fields).map(([name, targets]) => `| \`${name}\` | ${targets.map(targetText).join("; ")} |`);
      const rest = elsewhere.get(fields) ?? "";
      const table = rows.length === 0 ? "" : `| Sigma | ECS |\n| --- | --- |\n${rows.join("\n")}\n`;
      return `### ${names.join(", ")}\n\n${table}${table !== "" && rest !== "" ? "\n" : ""}${rest === "" ? "" : `${rest}\n`}`;
    })
    .join("\n");
}

function targetText(target: FieldMapping): string {
  if (typeof target === "string") return `\`${target}\``;
  switch (target.kind) {
    case "account":
      return `\`${target.domain}\` and \`${target.name}\` (\`DOMAIN\\name\`)`;
    case "hive":
      return `\`${target.field}\` (hives written short or long)`;
    case "joined":
      return `\`${target.left}\\${target.right}\` of event ${target.code}`;
    case "hashes":
      return `\`${target.owner}.hash.*\`, \`${target.owner}.pe.imphash\``;
    case "words":
      return `\`${target.field}\` in other words (${Object.entries(target.words)
        .map(([word, said]) => `${word} is ${said.join(" or ")}`)
        .join(", ")})`;
    case "number":
      return `\`${target.field}\` (also written in hexadecimal)`;
    case "registry-data":
      return `\`${target.value}\` and \`${target.type}\``;
    case "object":
      return `any value of \`${target.field}.*\``;
    case "lines":
      return `lines: ${Object.entries(target.keys)
        .map(([key, field]) => `${key} is \`${field}\``)
        .join(", ")}`;
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = sigmaReference();
  if (process.argv.includes("--check")) {
    if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== text) {
      console.error("docs/sigma.md is out of date: npm run docs");
      process.exit(1);
    }
  } else writeFileSync(TARGET, text);
}
