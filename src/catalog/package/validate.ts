/** A zod schema against a YAML file: every issue becomes a problem at its line and column. */
import type { z } from "zod";
import { suggestion, type RuleProblem } from "../../eql/index.ts";
import { readYaml, type KeyPath, type YamlText } from "./yaml-text.ts";

export interface Validated<T> {
  readonly value: T;
  readonly yaml: YamlText;
}

/** Null, with the reasons in `problems`, when the file is not YAML or not what the schema asks. */
export function validate<S extends z.ZodType>(
  schema: S,
  file: string,
  text: string,
  problems: RuleProblem[],
): Validated<z.infer<S>> | null {
  const yaml = readYaml(file, text, problems);
  if (yaml === null) return null;
  const parsed = schema.safeParse(yaml.value(), { reportInput: true });
  if (parsed.success) return { value: parsed.data, yaml };
  for (const issue of parsed.error.issues) report(issue, schema, yaml, problems);
  return null;
}

function report(issue: z.core.$ZodIssue, schema: z.ZodType, yaml: YamlText, problems: RuleProblem[]): void {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    for (const key of issue.keys) {
      problems.push({
        code: "package/unknown-key",
        severity: "error",
        message: `Unknown key '${key}'${pathText(path) === "" ? "" : ` in ${pathText(path)}`}`,
        place: yaml.keyPlace(path, key),
        rule: null,
        help: suggestion(key.replaceAll("-", "_"), known) ?? (known.length === 0 ? null : `Known here: ${known.join(", ")}`),
      });
    }
    return;
  }
  if ((issue.code === "invalid_type" || issue.code === "invalid_value") && issue.input === undefined) {
    const key = path.at(-1) ?? "";
    problems.push({
      code: "package/missing-key",
      severity: "error",
      message: `Missing key '${key}'${path.length > 1 ? ` in ${pathText(path.slice(0, -1))}` : ""}`,
      place: yaml.place(path.slice(0, -1)),
      rule: null,
      help: `It must be ${issue.code === "invalid_type" ? article(issue.expected) : wordList(issue.values)}`,
    });
    return;
  }
  const name = pathText(path);
  problems.push({
    code: "package/bad-value",
    severity: "error",
    message: `${name === "" ? "The file" : name} ${wording(issue)}`,
    place: issue.code === "invalid_key" ? yaml.keyPlace(path.slice(0, -1), String(path.at(-1) ?? "")) : yaml.place(path),
    rule: null,
    help: helpFor(issue),
  });
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `must be ${article(issue.expected)}`;
  if (issue.code === "too_small" && issue.origin === "array") return "must have at least one entry";
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "is not a valid key";
  return issue.message.startsWith("must ") ? issue.message : `is not valid: ${issue.message}`;
}

function helpFor(issue: z.core.$ZodIssue): string | null {
  if (issue.code !== "invalid_value" || typeof issue.input !== "string") return null;
  return suggestion(issue.input, issue.values.map(String));
}

/** `low, medium or high` */
function wordList(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(", ")} or ${words.at(-1)!}`;
}

function article(expected: string): string {
  const plain =
    {
      string: "text",
      array: "a list",
      object: "a map",
      record: "a map",
      int: "a whole number",
      number: "a number",
      boolean: "true or false",
    }[expected] ?? expected;
  return plain;
}

function pathText(path: KeyPath): string {
  return path.map((key, i) => (typeof key === "number" ? `[${key + 1}]` : `${i === 0 ? "" : "."}${key}`)).join("");
}

interface Inside {
  readonly def: {
    readonly type: string;
    readonly shape?: { readonly [key: string]: unknown };
    readonly element?: unknown;
    readonly valueType?: unknown;
    readonly innerType?: unknown;
  };
}

/** The keys a map of the schema at `path` may have. */
function keysAt(schema: z.ZodType, path: KeyPath): string[] {
  let at: unknown = schema;
  for (const key of [...path, null]) {
    let inside = at as Inside;
    while (inside.def.innerType !== undefined) inside = inside.def.innerType as Inside;
    if (key === null) return Object.keys(inside.def.shape ?? {});
    const next: unknown =
      inside.def.type === "object"
        ? inside.def.shape?.[String(key)]
        : inside.def.type === "array"
          ? inside.def.element
          : inside.def.valueType;
    if (next === undefined) return [];
    at = next;
  }
  return [];
}
