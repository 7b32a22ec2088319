/** What is valid in a query and hardly meant: such a query finds nothing, and nothing says why. */
import { ecsField } from "../../ecs/index.ts";
import { literalText, suggestion, walk, type Diagnostic, type EventFilter, type Query, type Span } from "../../eql/index.ts";

/** @param categoryField the field that the category of a filter is looked for in */
export function doubtsOf(query: Query, categoryField: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const filter of filtersOf(query)) {
    const doubt = categoryDoubt(filter, categoryField);
    if (doubt !== null) diagnostics.push(doubt);
  }
  walk(query, (node) => {
    if (node.kind === "wildcard") {
      const text = literalText(node.parts);
      if (text !== null && isPercentPattern(text))
        diagnostics.push(percentDoubt(text, node.span, `Write \`${text.replaceAll(/^%|%$/g, "*")}\`.`));
    } else if (node.kind === "string" && isPercentPattern(node.value))
      diagnostics.push(percentDoubt(node.value, node.span, "Wildcards are for `:` and `like`, and are written `*` and `?`."));
  });
  return diagnostics.sort((a, b) => a.span.from - b.span.from);
}

/** The field that a diagnostic takes for misspelt, as its summary names it: in brackets, of ES|QL in back-quotes. Null for any other diagnostic. */
export function doubtedField({ code, summary }: Diagnostic): string | null {
  if (code !== "eql/likely-misspelt" && code !== "query/likely-misspelt") return null;
  return /[[`]([^\]`]+)[\]`]/.exec(summary)?.[1] ?? null;
}

function filtersOf(query: Query): readonly EventFilter[] {
  if (query.kind === "event") return [query.filter];
  return query.items.map((item) => item.filter);
}

/** ECS closes the list of categories, so that another one is most often misspelt; a log may have its own. */
function categoryDoubt({ category }: EventFilter, categoryField: string): Diagnostic | null {
  const known = ecsField(categoryField)?.allowed;
  if (category === null || known === null || known === undefined || known.includes(category.value)) return null;
  return {
    code: "query/unknown-category",
    severity: "warning",
    summary: `\`${category.value}\` is no category of ECS: only events that have it in \`${categoryField}\` can match`,
    span: category.span,
    labels: [],
    help: suggestion(category.value, known) ?? "`any where ...` asks for events of every category.",
  };
}

/** SQL's wildcard at an end of the text, with no wildcard beside it; `%TEMP%` is a variable of Windows. */
function isPercentPattern(text: string): boolean {
  return /^%[^%]+%?$|^[^%]+%$/.test(text) && /[^%\d.]/.test(text) && !/^%[A-Z_()\d]+%/.test(text);
}

function percentDoubt(text: string, span: Span, help: string): Diagnostic {
  return {
    code: "query/percent-wildcard",
    severity: "warning",
    summary: `\`%\` is an ordinary character in \`${text}\`: the wildcard is \`*\``,
    span,
    labels: [],
    help,
  };
}
