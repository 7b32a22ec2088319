/** Completion where a language has fields and values and little else: KQL, Lucene's syntax, ES|QL. */
import { ecsFields } from "../../ecs/index.ts";
import type { TreeLanguage } from "../query/language.ts";
import type { CompletionItem, Found, SeenFields } from "./completion.ts";

/** A field, its operator and what is typed of its value; only the last line is looked at. */
const VALUE = {
  kql: /([\w.@]+)\s*:\s*(?:\((?:[^()]*\s)?)?(")?([^\s"():]*)$/,
  lucene: /([\w.@]+):(?:\((?:[^()]*\s)?)?(")?([^\s"():]*)$/,
  esql: /([\w.@]+)\s*(?:==|!=|in\s*\((?:[^()]*,)?)\s*(")?([^\s"(),]*)$/i,
} as const;

/** A line that is longer is no query that somebody types. */
const MAX_LINE = 2_000;

/** @param explicit asked for, not merely typed */
export function fieldCompletionAt(
  text: string,
  pos: number,
  language: Exclude<TreeLanguage, "eql"> | "esql",
  seen: SeenFields,
  explicit: boolean,
): Found | null {
  const line = text.slice(text.lastIndexOf("\n", pos - 1) + 1, pos);
  if (line.length > MAX_LINE) return null;
  const value = VALUE[language].exec(line);
  if (value !== null) {
    const [, field = "", quote, typed = ""] = value;
    const isQuoted = quote !== undefined;
    return { from: pos - typed.length, options: valuesOf(field, isQuoted || language === "esql", isQuoted, seen), inString: isQuoted };
  }
  // Inside a text there are no fields.
  if ((line.match(/"/g)?.length ?? 0) % 2 === 1) return null;
  const word = /[\w.@]*$/.exec(line)![0];
  return word === "" && !explicit ? null : { from: pos - word.length, options: fieldsOf(seen), inString: false };
}

function valuesOf(field: string, mustQuote: boolean, isQuoted: boolean, seen: SeenFields): CompletionItem[] {
  return (seen.get(field) ?? []).map((value) => {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    const isWord = /^[\w.$-]+$/.test(value);
    return {
      label: value,
      apply: isQuoted ? escaped : mustQuote || !isWord ? `"${escaped}"` : value,
      detail: "in the files",
      type: "constant",
    };
  });
}

function fieldsOf(seen: SeenFields): CompletionItem[] {
  const own = [...seen.keys()].map((label) => ({ label, type: "property", detail: "in the files", boost: 2 }));
  const ecs = [...ecsFields()].flatMap(({ name, type }) => (seen.has(name) ? [] : [{ label: name, type: "property", detail: type }]));
  return [...own, ...ecs];
}
