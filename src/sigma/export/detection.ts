/** Conditions as Sigma's `detection`: selections with names, and a condition over them. */
import { junction, negation, type Condition } from "../../eql/index.ts";
import type { FieldItem, SelectionItem, SigmaValue } from "./items.ts";

type Items = Condition<SelectionItem>;

type SelectionMap = Map<string, SigmaValue | SigmaValue[]>;
type SelectionValue = SelectionMap | (SelectionMap | string)[];

export type Detection = Map<string, SelectionValue | string>;

/** @throws RangeError for a constant, which no selection says. */
export function detectionOf(items: Items): Detection {
  const writer = new DetectionWriter();
  const condition = writer.write(withSharedKeys(items), false);
  return new Map<string, SelectionValue | string>([...writer.selections, ["condition", condition]]);
}

/** Alternatives of one key are one list of values. */
function withSharedKeys(items: Items): Items {
  if (items.kind === "not") return negation(withSharedKeys(items.operand));
  if (items.kind === "and") return junction("and", items.operands.map(withSharedKeys));
  if (items.kind !== "or") return items;
  const byKey = new Map<string, FieldItem>();
  const keyed: (string | Items)[] = [];
  for (const operand of items.operands) {
    if (operand.kind !== "predicate" || operand.predicate.kind !== "item") {
      keyed.push(withSharedKeys(operand));
      continue;
    }
    const { key, values } = operand.predicate;
    const known = byKey.get(key);
    if (known === undefined) keyed.push(key);
    byKey.set(key, { kind: "item", key, values: [...new Set([...(known?.values ?? []), ...values])] });
  }
  return junction(
    "or",
    keyed.map((one): Items => (typeof one === "string" ? { kind: "predicate", predicate: byKey.get(one)! } : one)),
  );
}

class DetectionWriter {
  readonly selections = new Map<string, SelectionValue>();
  #positive = 0;
  #negative = 0;

  write(item: Items, under: boolean): string {
    const selection = selectionOf(item);
    if (selection !== null) return this.#named(selection, under);
    switch (item.kind) {
      case "not":
        return `not ${this.#inner(item.operand, !under)}`;
      case "and": {
        // Everything that fits into one map is one selection.
        const gathered: SelectionMap = new Map();
        const parts: string[] = [];
        const rest: Items[] = [];
        for (const operand of item.operands) if (!addTo(gathered, operand)) rest.push(operand);
        if (gathered.size > 0) parts.push(this.#named(gathered, under));
        for (const operand of rest) parts.push(this.#inner(operand, under));
        return parts.join(" and ");
      }
      case "or": {
        const gathered: (SelectionMap | string)[] = [];
        const rest: Items[] = [];
        for (const operand of item.operands) {
          const one = selectionOf(operand);
          if (one instanceof Map) gathered.push(one);
          else rest.push(operand);
        }
        const parts = gathered.length > 0 ? [this.#named(gathered.length === 1 ? (gathered[0] as SelectionMap) : gathered, under)] : [];
        for (const operand of rest) parts.push(this.#inner(operand, under));
        return parts.join(" or ");
      }
      default:
        throw new RangeError("a constant is no detection");
    }
  }

  #inner(item: Items, under: boolean): string {
    const text = this.write(item, under);
    return text.includes(" and ") || text.includes(" or ") ? `(${text})` : text;
  }

  #named(selection: SelectionValue, under: boolean): string {
    const number = under ? ++this.#negative : ++this.#positive;
    const stem = under ? "filter" : "selection";
    const name = number === 1 ? stem : `${stem}_${number}`;
    this.selections.set(name, selection);
    return name;
  }
}

/** As one selection; null where it takes several. */
function selectionOf(item: Items): SelectionValue | null {
  switch (item.kind) {
    case "predicate": {
      const { predicate } = item;
      if (predicate.kind === "item") return mapOf([item]);
      return predicate.key === "" ? [...predicate.values] : new Map([[predicate.key, [...predicate.values]]]);
    }
    case "and":
      return mapOf(item.operands);
    case "or": {
      const maps = item.operands.map(selectionOf);
      return maps.every((map) => map instanceof Map) ? maps : null;
    }
    default:
      return null;
  }
}

function mapOf(items: readonly Items[]): SelectionMap | null {
  const map: SelectionMap = new Map();
  return items.every((item) => addTo(map, item)) ? map : null;
}

/** Adds a condition to a map of which all must hold; false where it does not go in. */
function addTo(map: SelectionMap, item: Items): boolean {
  return item.kind === "predicate" && item.predicate.kind === "item" && addItem(map, item.predicate);
}

/** A key that is there already can be shared with `all`. */
function addItem(map: SelectionMap, item: FieldItem): boolean {
  const { key, values } = item;
  const allKey = `${key}|all`;
  const value = values.length === 1 ? values[0]! : [...values];
  const shared = map.get(allKey);
  if (shared !== undefined) {
    if (values.length !== 1 || !Array.isArray(shared)) return false;
    shared.push(values[0]!);
    return true;
  }
  const known = map.get(key);
  if (known === undefined) {
    map.set(key, value);
    return true;
  }
  if (values.length !== 1 || Array.isArray(known) || known === null || values[0] === null || key.includes("|fieldref")) return false;
  map.delete(key);
  map.set(allKey, [known, values[0]!]);
  return true;
}
