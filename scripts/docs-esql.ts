// Writes docs/esql.md: the prose of scripts/esql/esql.md, and what the code says of its functions and diagnostics.
import { readFileSync, writeFileSync } from "node:fs";
import { ESQL_AGGREGATES, ESQL_CODES, ESQL_FUNCTIONS } from "../src/esql/index.ts";

const TARGET = new URL("../docs/esql.md", import.meta.url);
const PROSE = new URL("./esql/esql.md", import.meta.url);

export function esqlReference(prose: string): string {
  const rows = (functions: readonly { readonly name: string; readonly doc: string }[]): string =>
    [...functions]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, doc }) => `| \`${name}\` | ${doc} |`)
      .join("\n");
  const language = [
    { name: "kql", doc: "Whether a query of Kibana's language holds for the event ([kql.md](kql.md))." },
    { name: "qstr", doc: "Whether a query in Lucene's syntax holds for the event ([lucene.md](lucene.md))." },
    { name: "match", doc: 'Whether a field has a value, or analysed text any of the words; also `field : "words"`.' },
    { name: "replace", doc: "With every place where a regular expression fits replaced; `$1` is what its first parentheses hold." },
  ];
  return `${prose.trimEnd()}

## Functions

| function | |
|---|---|
${rows([...ESQL_FUNCTIONS, ...language])}

## Aggregates

| aggregate | |
|---|---|
${rows(ESQL_AGGREGATES)}

## Diagnostics

| code | meaning |
|---|---|
${Object.entries(ESQL_CODES)
  .map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
  .join("\n")}
`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, esqlReference(readFileSync(PROSE, "utf8")));
