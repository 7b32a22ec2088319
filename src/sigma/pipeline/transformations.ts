/**
 * What pySigma's transformations do to a rule. Facts: pySigma's public documentation of its processing pipelines.
 *
 * Comparison of texts is without regard to case here, so transformations that only work around a backend's regard to case change nothing.
 */
import type { Span } from "../../eql/index.ts";
import type { DetectionItem, Selection } from "../load/selection.ts";
import type { ScalarNode, YamlNode } from "../load/yaml-node.ts";
import { SigmaError } from "../problem.ts";
import { parseText, printText } from "../text.ts";
import { addCondition } from "./add-condition.ts";
import type { Parameters } from "./parameters.ts";
import { handledNames, placeholdersIn, withPlaceholderValues } from "./placeholders.ts";
import type { RuleState } from "./state.ts";
import type { Step, Transformation } from "./step.ts";
import { plainText, regexAt, replaced, replacedBetween, replacementOf, settled, textValue } from "./values.ts";

/** @param nested reads the items of `nest`. */
type Reader = (parameters: Parameters, nested: (node: YamlNode) => Step) => Transformation;

export const TRANSFORMATIONS: Readonly<Record<string, Reader>> = {
  field_name_mapping: (parameters) => {
    const mapping = parameters.table("mapping");
    // A null key stands for keywords, which have no field.
    return renaming((name) => mapping.get(name ?? "") ?? null);
  },
  field_name_prefix_mapping: (parameters) => {
    const mapping = [...parameters.table("mapping")];
    return renaming((name) => {
      const found = name === null ? undefined : mapping.find(([prefix]) => name.startsWith(prefix));
      return found === undefined ? null : found[1].map((prefix) => prefix + name!.slice(found[0].length));
    });
  },
  field_name_prefix: (parameters) => {
    const prefix = parameters.text("prefix");
    return renaming((name) => (name === null ? null : [prefix + name]));
  },
  field_name_suffix: (parameters) => {
    const suffix = parameters.text("suffix");
    return renaming((name) => (name === null ? null : [name + suffix]));
  },
  drop_detection_item: () => items(() => null),
  add_condition: (parameters) => addCondition(parameters, false),
  change_logsource: (parameters) => {
    const [product, category, service] = [
      parameters.optionalText("product"),
      parameters.optionalText("category"),
      parameters.optionalText("service"),
    ];
    if (product === null && category === null && service === null)
      throw new SigmaError("sigma/bad-pipeline", "`change_logsource` names category, product or service", parameters.node.span.from);
    return (rule) => {
      rule.logsource = { product, category, service };
    };
  },
  value_placeholders: (parameters) => {
    const isHandled = handledNames(parameters);
    return items((item, rule) => {
      for (const name of placeholdersIn(item).filter(isHandled))
        if (!rule.vars.has(name))
          throw new SigmaError(
            "sigma/pipeline-failure",
            `The pipelines have no variable \`${name}\` for the placeholder`,
            item.keySpan.from,
          );
      return withPlaceholderValues(item, isHandled, (name) => rule.vars.get(name)!);
    });
  },
  wildcard_placeholders: (parameters) => {
    const isHandled = handledNames(parameters);
    return items((item) => withPlaceholderValues(item, isHandled, () => ["*"]));
  },
  query_expression_placeholders: (parameters) => {
    const isHandled = handledNames(parameters);
    parameters.get("expression");
    parameters.get("mapping");
    return items((item) => {
      const name = placeholdersIn(item).find(isHandled);
      if (name === undefined) return undefined;
      throw new SigmaError(
        "sigma/pipeline-unsupported",
        `\`query_expression_placeholders\` puts a query of another platform where \`%${name}%\` stands`,
        item.keySpan.from,
        "Give the values of the placeholder: `value_placeholders` with `vars`, or --placeholders FILE.",
      );
    });
  },
  replace_string: (parameters) => {
    const source = parameters.text("regex");
    const regex = regexAt(source, parameters.get("regex")!.span.from);
    const replacement = replacementOf(parameters.text("replacement"));
    const names = regex.matcher("").groupCount();
    for (const piece of replacement)
      if ("group" in piece && (typeof piece.group === "number" ? piece.group > names : !source.includes(`(?P<${piece.group}>`)))
        throw new SigmaError(
          "sigma/bad-pipeline",
          `The expression has no group \`${piece.group}\``,
          parameters.get("replacement")!.span.from,
        );
    const parts = parameters.flag("skip_special");
    const special = parameters.flag("interpret_special");
    return texts(
      (text) => {
        const read = parseText(text);
        const out = parts ? replacedBetween(read, regex, replacement, special) : replaced(read, regex, replacement);
        return out === read ? null : [printText(out)];
      },
      { numbers: true },
    );
  },
  map_string: (parameters) => {
    const mapping = parameters.table("mapping");
    return texts((text) => mapping.get(plainText(parseText(text))) ?? null);
  },
  case: (parameters) => {
    const method = parameters.choice("method", ["lower", "upper", "snake_case"]);
    if (method === "snake_case") throw new SigmaError("sigma/pipeline-unsupported", "`case` to snake case", parameters.node.span.from);
    return texts((text) => [
      printText(
        parseText(text).map((part) =>
          part.kind === "literal" ? { ...part, text: method === "lower" ? part.text.toLowerCase() : part.text.toUpperCase() } : part,
        ),
      ),
    ]);
  },
  hashes_fields: (parameters) => {
    const algorithms = parameters.texts("valid_hash_algos");
    const prefix = parameters.optionalText("field_prefix") ?? "";
    const isBare = parameters.flag("drop_algo_prefix");
    const fields = parameters.optionalTexts("field_to_parse") ?? ["Hashes", "Hash"];
    return items((item, rule) => {
      if (item.field === null || !fields.includes(item.field)) return undefined;
      const plain = settled(item);
      if (plain?.kind !== "item" || plain.values.some(({ value }) => typeof value !== "string")) return undefined;
      const byField = new Map<string, ScalarNode[]>();
      for (const { value, span } of plain.values) {
        const { algorithm, digest } = hashOf(plainText(parseText(String(value))));
        if (!algorithms.includes(algorithm)) continue;
        const field = isBare ? prefix : prefix + algorithm;
        byField.set(field, [...(byField.get(field) ?? []), textValue(digest, span)]);
      }
      if (byField.size === 0) return fail(`None of the hashes is of ${algorithms.join(", ")}`, item.keySpan);
      for (const field of byField.keys()) rule.given.add(field);
      const { keySpan, span } = item;
      const parts = [...byField].map(([field, values]): DetectionItem => ({ kind: "item", field, modifiers: [], values, keySpan, span }));
      return { kind: "any", parts, span: item.span };
    });
  },
  regex: (parameters) => {
    const method = parameters.choice("method", ["ignore_case_brackets", "ignore_case_flag", "plain"]);
    return items((item) =>
      method !== "plain" || item.modifiers.includes("cased") ? undefined : { ...item, modifiers: [...item.modifiers, "cased"] },
    );
  },
  set_value: (parameters) => {
    const value = parameters.scalar("value");
    const type = parameters.optionalText("force_type");
    const forced = type === "str" ? String(value) : type === "num" ? Number(value) : value;
    const source = String(forced);
    return items((item) => ({
      ...item,
      modifiers: item.modifiers.filter((name) => name === "cased" || name === "neq"),
      values: [{ kind: "scalar", span: item.span, value: forced, source, textAt: null }],
    }));
  },
  // Texts and numbers are compared as what the field is.
  convert_type: (parameters) => {
    parameters.choice("target_type", ["str", "num"]);
    return items(() => undefined);
  },
  set_state: (parameters) => {
    const key = parameters.text("key");
    const value = parameters.scalar("val");
    return ({ state }) => void state.set(key, value);
  },
  set_custom_attribute: (parameters) => {
    const attribute = parameters.text("attribute");
    const value = parameters.scalar("value");
    return ({ attributes }) => void attributes.set(attribute, value);
  },
  add_field: (parameters) => {
    const added = parameters.texts("field");
    return fieldList((fields) => [...fields, ...added]);
  },
  remove_field: (parameters) => {
    const removed = parameters.texts("field");
    return fieldList((fields) => fields.filter((name) => !removed.includes(name)));
  },
  set_field: (parameters) => {
    const fields = parameters.texts("fields");
    return fieldList(() => fields);
  },
  rule_failure: (parameters) => {
    const message = parameters.text("message");
    return (rule) => fail(message, rule.span);
  },
  detection_item_failure: (parameters) => {
    const message = parameters.text("message");
    return items(({ keySpan }) => fail(message, keySpan));
  },
  strict_field_mapping_failure: () =>
    items(({ field, keySpan }, { given }) =>
      field === null || given.has(field) ? undefined : fail(`No pipeline says what the field \`${field}\` is called`, keySpan),
    ),
  nest: (parameters, nested) => {
    const steps = parameters.list("items").map(nested);
    return (rule) => {
      for (const step of steps) step.apply(rule);
    };
  },
};

function fail(message: string, { from }: Span): never {
  throw new SigmaError("sigma/pipeline-failure", message, from);
}

function fieldList(change: (fields: readonly string[]) => readonly string[]): Transformation {
  return (rule) => {
    rule.head = { ...rule.head, fields: change(rule.head.fields) };
  };
}

/** Of each detection item that the step's conditions allow: another, null for none, undefined for the same. */
function items(change: (item: DetectionItem, rule: RuleState, step: Step) => Selection | null | undefined): Transformation {
  return (rule, step) =>
    rule.changeItems((item) => {
      if (!step.allows(rule, item)) return item;
      const changed = change(item, rule, step);
      if (changed === undefined) return item;
      // Of several that one became, none counts as changed by the step.
      return changed?.kind === "item" ? step.marked(changed) : changed;
    });
}

/** Of each text of items that compare texts: several others, or null for the same. */
function texts(change: (text: string) => readonly string[] | null, { numbers = false } = {}): Transformation {
  const values = (list: readonly ScalarNode[]): readonly ScalarNode[] =>
    list.flatMap((one) => {
      if (typeof one.value !== "string" && !(numbers && typeof one.value === "number")) return [one];
      return change(String(one.value))?.map((text) => textValue(text, one.span)) ?? [one];
    });
  return items((item, _, step) => {
    const plain = settled(item);
    if (plain === null) return undefined;
    const of = (one: Selection): Selection =>
      one.kind === "item"
        ? joinedValues(
            one,
            one.values.map((value) => values([value])),
          )
        : { ...one, parts: one.parts.map(of) };
    return step.marked(of(plain));
  });
}

/** Under `all` each value must match, each in any of the forms it was given. */
function joinedValues(item: DetectionItem, alternatives: readonly (readonly ScalarNode[])[]): Selection {
  if (!item.modifiers.includes("all") || alternatives.every((list) => list.length === 1)) return { ...item, values: alternatives.flat() };
  const modifiers = item.modifiers.filter((name) => name !== "all");
  return { kind: "all", parts: alternatives.map((list) => ({ ...item, modifiers, values: list })), span: item.span };
}

const ALGORITHM_OF_LENGTH: Readonly<Record<number, string>> = { 32: "MD5", 40: "SHA1", 64: "SHA256", 128: "SHA512" };

/** `MD5=..`, `MD5|..` or the digest alone, whose length tells the algorithm; empty where it does not. */
function hashOf(text: string): { readonly algorithm: string; readonly digest: string } {
  const parts = text.split(text.includes("|") ? "|" : "=");
  const digest = (parts[parts.length === 2 ? 1 : 0] ?? "").replaceAll(/^[*?]+|[*?]+$/g, "");
  return {
    algorithm: parts.length === 2 ? parts[0]!.replace(/^\*+/, "").toUpperCase() : (ALGORITHM_OF_LENGTH[digest.length] ?? ""),
    digest,
  };
}

// -------------------------------------------------------------------------------------------------- names of fields

/** @param namesOf what a field is called from now on; null where it keeps its name. */
function renaming(namesOf: (name: string | null) => readonly string[] | null): Transformation {
  return (rule, step) => {
    const rename = (name: string): readonly string[] => {
      const names = step.field(rule, name) ? namesOf(name) : null;
      return names === null ? [name] : step.named(rule, name, names);
    };
    rule.head = { ...rule.head, fields: rule.head.fields.flatMap(rename) };
    rule.renames.push(rename);
    rule.changeItems((item) => {
      if (!step.allows(rule, item)) return item;
      const referred = item.modifiers.includes("fieldref")
        ? { ...item, values: item.values.flatMap((value) => referredFields(value, rename)) }
        : item;
      const names = step.field(rule, item.field) ? namesOf(item.field) : null;
      if (names === null) return referred === item ? item : step.marked(referred);
      const known = step.named(rule, item.field, names);
      const renamed = underNames(referred, known);
      return renamed.kind === "item" ? step.marked(renamed) : renamed;
    });
  };
}

function referredFields(value: ScalarNode, rename: (name: string) => readonly string[]): ScalarNode[] {
  return typeof value.value === "string" ? rename(value.value).map((name) => textValue(name, value.span)) : [value];
}

/** In any of the fields; what is missing, or must not be, in none of them. */
function underNames(item: DetectionItem, names: readonly string[]): Selection {
  // Keywords are looked for inside of values.
  const modifiers = item.field === null && !item.modifiers.includes("re") ? [...item.modifiers, "contains"] : item.modifiers;
  // Each of several fields is a new item, which no step has changed.
  const { applied, ...rest } = item;
  const parts = names.map((field): DetectionItem => ({
    ...rest,
    field,
    modifiers,
    ...(names.length > 1 || applied === undefined ? {} : { applied }),
  }));
  const isAbsence =
    modifiers.includes("neq") ||
    item.values.every(({ value }) => value === null) ||
    (modifiers.includes("exists") && item.values.every(({ value }) => value === false));
  return parts.length === 1 ? parts[0]! : { kind: isAbsence ? "all" : "any", parts, span: item.span };
}
