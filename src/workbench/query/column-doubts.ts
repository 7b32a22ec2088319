/** Columns of ES|QL that no event is known to have, and that are nearly one that events have: such a query answers nothing, silently. */
import { meant, similarFields, type Diagnostic, type Schema, type Span } from "../../eql/index.ts";
import type { EsqlExpr, EsqlQuery } from "../../esql/index.ts";

/** More different columns than that are not looked at. */
const MAX_COLUMNS = 50;

export function columnDoubts(query: EsqlQuery, schema: Schema): Diagnostic[] {
  const { used, made, patterns } = columnsOf(query);
  return [...used].slice(0, MAX_COLUMNS).flatMap(([name, span]) => {
    if (made.has(name) || patterns.some((text) => text.includes(name))) return [];
    const [similar] = similarFields(name, schema);
    if (similar === undefined) return [];
    const summary = `No field \`${name}\` is known: an event without it has null there`;
    return [{ code: "query/likely-misspelt", severity: "warning", summary, span, labels: [], help: meant(similar) }];
  });
}

/** Fields of the events that a query names, without the columns it makes itself. */
export function esqlFields(query: EsqlQuery): string[] {
  const { used, made, patterns } = columnsOf(query);
  return [...used.keys()].filter((name) => !made.has(name) && !patterns.some((text) => text.includes(name))).slice(0, MAX_COLUMNS);
}

interface Columns {
  /** With the first place of each. */
  readonly used: Map<string, Span>;
  /** By the query itself. */
  readonly made: Set<string>;
  /** Of `grok` and `dissect`, whose texts name columns that they make. */
  readonly patterns: string[];
}

function columnsOf(query: EsqlQuery): Columns {
  const columns: Columns = { used: new Map(), made: new Set(), patterns: [] };
  const { used, made, patterns } = columns;
  const use = (name: string, span: Span): void => {
    if (!used.has(name)) used.set(name, span);
  };
  const make = ({ name, value }: { readonly name: string; readonly value: EsqlExpr }): void => {
    // `by host.name` is the column itself.
    if (value.kind !== "name" || value.name !== name) made.add(name);
  };
  for (const command of [query.source, ...query.commands]) {
    for (const { name, span } of namesIn(command)) use(name, span);
    switch (command.kind) {
      case "row":
      case "eval":
        command.fields.forEach(make);
        break;
      case "stats":
        [...command.aggregates, ...command.by].forEach(make);
        break;
      case "rename":
        for (const { from, to, span } of command.pairs) {
          use(from, span);
          made.add(to);
        }
        break;
      case "keep":
      case "drop":
        for (const { text, span } of command.names) if (!text.includes("*")) use(text, span);
        break;
      case "mv_expand":
        use(command.name, command.span);
        break;
      case "grok":
        patterns.push(...command.patterns.map(({ text }) => text));
        break;
      case "dissect":
        patterns.push(command.pattern);
        break;
      default:
    }
  }
  return columns;
}

type NameExpr = Extract<EsqlExpr, { kind: "name" }>;

/** Every name in the expressions of a command. */
function* namesIn(node: unknown): Generator<NameExpr> {
  if (typeof node !== "object" || node === null) return;
  if (isName(node)) yield node;
  else for (const child of Object.values(node)) yield* namesIn(child);
}

function isName(node: object): node is NameExpr {
  return "kind" in node && node.kind === "name";
}
