/** When an item of a pipeline applies: conditions on the rule, on a detection item, and on a field's name. */
import type { Condition } from "../load/condition.ts";
import { parseCondition } from "../load/condition.ts";
import { LEVELS, STATUSES } from "../load/rule.ts";
import { itemsOf, type DetectionItem } from "../load/selection.ts";
import type { MapNode, ScalarNode } from "../load/yaml-node.ts";
import { SigmaError } from "../problem.ts";
import { parseText } from "../text.ts";
import { Parameters, type ScalarValue } from "./parameters.ts";
import type { RuleState } from "./state.ts";
import { beginsWith, plainText, regexAt, valuesSeen } from "./values.ts";

type RuleTest = (rule: RuleState) => boolean;
type ItemTest = (rule: RuleState, item: DetectionItem) => boolean;
/** @param item whose field it is, where it is one of a detection item. */
type FieldTest = (rule: RuleState, name: string | null, item?: DetectionItem) => boolean;
type Reader<Test> = (parameters: Parameters) => Test;

export interface StepConditions {
  readonly rule: RuleTest;
  readonly item: ItemTest;
  readonly field: FieldTest;
}

/** The item's conditions; what is not supported holds of every rule, so that none is changed in another way than the pipeline says. */
export function readConditions(parameters: Parameters, unsupported: (error: SigmaError) => void): StepConditions {
  const read = <Args extends readonly unknown[]>(
    prefix: string,
    readers: Readonly<Record<string, Reader<(...args: Args) => boolean>>>,
  ): ((...args: Args) => boolean) => readGroup(parameters, prefix, readers, unsupported);
  return { rule: read("rule", RULE), item: read("detection_item", ITEM), field: read("field_name", FIELD) };
}

function readGroup<Args extends readonly unknown[]>(
  parameters: Parameters,
  prefix: string,
  readers: Readonly<Record<string, Reader<(...args: Args) => boolean>>>,
  unsupported: (error: SigmaError) => void,
): (...args: Args) => boolean {
  type Test = (...args: Args) => boolean;
  const key = `${prefix}_conditions`;
  const node = parameters.get(key);
  const op = parameters.choice(`${prefix}_cond_op`, ["and", "or"]);
  const expression = parameters.optionalText(`${prefix}_cond_expr`);
  const negated = parameters.flag(`${prefix}_cond_not`);
  const one = (map: MapNode): Test => {
    const type = new Parameters(map, key).text("type");
    if (!Object.hasOwn(readers, type)) {
      unsupported(new SigmaError("sigma/pipeline-unsupported", `the condition \`${type}\` in \`${key}\``, map.span.from));
      return () => true;
    }
    const own = new Parameters(map, type);
    own.get("type");
    try {
      const test = readers[type]!(own);
      own.finish();
      return test;
    } catch (error) {
      if (!(error instanceof SigmaError) || error.code !== "sigma/pipeline-unsupported") throw error;
      unsupported(error);
      return () => true;
    }
  };
  const mapOf = (found: { readonly kind: string; readonly span: MapNode["span"] }): MapNode => {
    if (found.kind === "map") return found as MapNode;
    throw new SigmaError("sigma/bad-pipeline", "A condition is a map with a `type`", found.span.from);
  };
  let test: Test;
  if (node === undefined) {
    if (expression !== null) throw new SigmaError("sigma/bad-pipeline", `There are no \`${key}\``, parameters.node.span.from);
    test = () => true;
  } else if (node.kind === "list") {
    if (expression !== null)
      throw new SigmaError("sigma/bad-pipeline", `\`${prefix}_cond_expr\` needs conditions with names`, node.span.from);
    const tests = node.items.map((item) => one(mapOf(item)));
    test = op === "or" ? (...args) => tests.some((part) => part(...args)) : (...args) => tests.every((part) => part(...args));
  } else if (node.kind === "map" && expression !== null) {
    const tests = new Map(node.entries.map((named) => [named.key, one(mapOf(named.value))]));
    test = expressionTest(expression, parameters.get(`${prefix}_cond_expr`) as ScalarNode, tests);
  } else throw new SigmaError("sigma/bad-pipeline", `\`${key}\` is a list, or has names and \`${prefix}_cond_expr\``, node.span.from);
  return negated ? (...args) => !test(...args) : test;
}

/** `windows and not sysmon` of conditions by their names. */
function expressionTest<Args extends readonly unknown[]>(
  text: string,
  node: ScalarNode,
  tests: ReadonlyMap<string, (...args: Args) => boolean>,
): (...args: Args) => boolean {
  const build = (condition: Condition): ((...args: Args) => boolean) => {
    switch (condition.kind) {
      case "name": {
        const test = tests.get(condition.name);
        if (test === undefined)
          throw new SigmaError("sigma/bad-pipeline", `There is no condition \`${condition.name}\``, condition.span.from);
        return test;
      }
      case "not": {
        const operand = build(condition.operand);
        return (...args) => !operand(...args);
      }
      case "of":
        throw new SigmaError("sigma/bad-pipeline", "Conditions are joined by `and`, `or` and `not`", condition.span.from);
      default: {
        const operands = condition.operands.map(build);
        return condition.kind === "and"
          ? (...args) => operands.every((operand) => operand(...args))
          : (...args) => operands.some((operand) => operand(...args));
      }
    }
  };
  return build(parseCondition(text, node).condition);
}

// ------------------------------------------------------------------------------------------------------ of rules

const PARTS = ["category", "product", "service"] as const;

const RULE: Readonly<Record<string, Reader<RuleTest>>> = {
  logsource: (parameters) => {
    const wanted = PARTS.flatMap((part) => {
      const text = parameters.optionalText(part)?.toLowerCase();
      return text === undefined ? [] : [{ part, text }];
    });
    if (wanted.length === 0)
      throw new SigmaError("sigma/bad-pipeline", "`logsource` names category, product or service", parameters.node.span.from);
    return ({ logsource }) => wanted.every(({ part, text }) => logsource[part]?.toLowerCase() === text);
  },
  contains_field: (parameters) => {
    const name = parameters.text("field");
    return (rule) => [...itemsOf(rule)].some(({ field }) => field === name);
  },
  contains_detection_item: (parameters) => {
    const name = parameters.text("field");
    const value = parameters.scalar("value");
    return (rule) => [...itemsOf(rule)].some((item) => item.field === name && valuesSeen(item).some((seen) => isValue(seen, value)));
  },
  is_sigma_rule: () => () => true,
  is_sigma_correlation_rule: () => () => false,
  tag: (parameters) => {
    const tag = parameters.text("tag").toLowerCase();
    return ({ head }) => head.tags.includes(tag);
  },
  processing_item_applied: (parameters) => {
    const id = parameters.text("processing_item_id");
    return (rule) => rule.applied.has(id);
  },
  processing_state: stateTest,
  rule_attribute: attributeTest,
};

const OPERATORS = ["eq", "ne", "gte", "gt", "lte", "lt"] as const;
type Operator = (typeof OPERATORS)[number];

function ordered(op: Operator, order: number): boolean {
  switch (op) {
    case "eq":
      return order === 0;
    case "ne":
      return order !== 0;
    case "gte":
      return order >= 0;
    case "gt":
      return order > 0;
    case "lte":
      return order <= 0;
    default:
      return order < 0;
  }
}

/** Values of unlike types are neither equal nor in an order. */
function compared(op: Operator, left: ScalarValue, right: ScalarValue): boolean {
  if (typeof left !== typeof right || left === null || right === null) return left === right ? op === "eq" : op === "ne";
  return ordered(op, left < right ? -1 : left > right ? 1 : 0);
}

function stateTest(parameters: Parameters): RuleTest {
  const key = parameters.text("key");
  const value = parameters.scalar("val");
  const op = parameters.choice("op", OPERATORS);
  return ({ state }) => state.has(key) && compared(op, state.get(key)!, value);
}

const ATTRIBUTES = ["id", "name", "title", "description", "author", "date", "modified", "license"] as const;
const LISTS = ["tags", "references", "falsepositives", "fields"] as const;

function attributeTest(parameters: Parameters): RuleTest {
  const attribute = parameters.text("attribute");
  const value = parameters.scalar("value");
  const op = parameters.choice("op", [...OPERATORS, "in", "not_in"]);
  const list = LISTS.find((name) => name === attribute);
  if (list !== undefined)
    return ({ head }) => {
      if (op === "in") return head[list].includes(String(value));
      if (op === "not_in") return !head[list].includes(String(value));
      return op === "ne";
    };
  if (op === "in" || op === "not_in")
    throw new SigmaError("sigma/bad-pipeline", `\`${op}\` is for lists: ${LISTS.join(", ")}`, parameters.node.span.from);
  const scale: readonly string[] | null = attribute === "level" ? LEVELS : attribute === "status" ? STATUSES : null;
  if (scale !== null) {
    // From what is least to what is most: Sigma's order of statuses is the other way round.
    const rank = (text: string): number => (attribute === "status" ? -1 : 1) * scale.indexOf(text.toLowerCase());
    if (!scale.includes(String(value).toLowerCase()))
      throw new SigmaError("sigma/bad-pipeline", `There is no ${attribute} \`${String(value)}\``, parameters.node.span.from);
    return ({ head }) => {
      const own = head[attribute as "level" | "status"];
      return own !== null && ordered(op, rank(own) - rank(String(value)));
    };
  }
  const name = ATTRIBUTES.find((one) => one === attribute);
  if (name !== undefined) return ({ head }) => head[name] !== null && compared(op, head[name], String(value));
  return ({ attributes }) => attributes.has(attribute) && compared(op, attributes.get(attribute)!, value);
}

// --------------------------------------------------------------------------------------------- of detection items

type SeenValue = ScalarValue | undefined;

function isValue(seen: SeenValue, value: ScalarValue): boolean {
  if (typeof seen === "string") return typeof value === "string" && plainText(parseText(seen)) === plainText(parseText(value));
  return seen === value;
}

function ofValues(parameters: Parameters, test: (value: SeenValue) => boolean): ItemTest {
  const every = parameters.text("cond");
  if (every !== "any" && every !== "all") throw new SigmaError("sigma/bad-pipeline", "`cond` is any or all", parameters.node.span.from);
  return (_, item) => (every === "all" ? valuesSeen(item).every(test) : valuesSeen(item).some(test));
}

const ITEM: Readonly<Record<string, Reader<ItemTest>>> = {
  match_string: (parameters) => {
    const regex = regexAt(parameters.text("pattern"), parameters.node.span.from);
    const negated = parameters.flag("negate");
    return ofValues(parameters, (value) => (typeof value === "string" && beginsWith(regex, plainText(parseText(value)))) !== negated);
  },
  match_value: (parameters) => {
    const wanted = parameters.scalar("value");
    return ofValues(parameters, (value) => isValue(value, wanted));
  },
  contains_wildcard: (parameters) =>
    ofValues(parameters, (value) => typeof value === "string" && parseText(value).some(({ kind }) => kind !== "literal")),
  is_null: (parameters) => ofValues(parameters, (value) => value === null),
  processing_item_applied: (parameters) => {
    const id = parameters.text("processing_item_id");
    return (_, item) => item.applied?.has(id) === true;
  },
  processing_state: stateTest,
};

// ------------------------------------------------------------------------------------------------- of field names

function namedFields(parameters: Parameters): (name: string) => boolean {
  const fields = parameters.texts("fields");
  if (parameters.choice("mode", ["plain", "re"]) === "plain") return (name) => fields.includes(name);
  const regexes = fields.map((source) => regexAt(source, parameters.node.span.from));
  return (name) => regexes.some((regex) => beginsWith(regex, name));
}

const FIELD: Readonly<Record<string, Reader<FieldTest>>> = {
  include_fields: (parameters) => {
    const isNamed = namedFields(parameters);
    return (_, name) => name !== null && isNamed(name);
  },
  exclude_fields: (parameters) => {
    const isNamed = namedFields(parameters);
    return (_, name) => name === null || !isNamed(name);
  },
  processing_item_applied: (parameters) => {
    const id = parameters.text("processing_item_id");
    return ({ appliedToField }, name, item) =>
      item !== undefined ? item.applied?.has(id) === true : name !== null && appliedToField.get(name)?.has(id) === true;
  },
  processing_state: stateTest,
};

/** Every condition that is known, by where it stands; for the documents. */
export const CONDITION_TYPES = {
  rule_conditions: Object.keys(RULE),
  detection_item_conditions: Object.keys(ITEM),
  field_name_conditions: Object.keys(FIELD),
} as const;
