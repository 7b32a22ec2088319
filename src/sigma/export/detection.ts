/** Conditions as Sigma's `detection`: selections with names, and a condition over them. */
import type { Item, SigmaValue } from "./items.ts";

type SelectionMap = Map<string, SigmaValue | SigmaValue[]>;
type Selection = SelectionMap | (SelectionMap | string)[];

export type Detection = Map<string, Selection | string>;

export function detectionOfItem(item: Item): Detection {
  const writer = new DetectionWriter();
  const condition = writer.write(item, false);
  return new Map<string, Selection | string>([...writer.selections, ["condition", condition]]);
}

class DetectionWriter {
  readonly selections = new Map<string, Selection>();
  #positive = 0;
  #negative = 0;

  write(item: Item, under: boolean): string {
    const selection = selectionOf(item);
    if (selection !== null) return this.#named(selection, under);
    switch (item.kind) {
      case "not":
        return `not ${this.#inner(item.operand, !under)}`;
      case "and": {
        // Everything that fits into one map is one selection.
        const gathered: SelectionMap = new Map();
        const parts: string[] = [];
        const rest: Item[] = [];
        for (const operand of item.operands) if (operand.kind !== "item" || !addTo(gathered, operand)) rest.push(operand);
        if (gathered.size > 0) parts.push(this.#named(gathered, under));
        for (const operand of rest) parts.push(this.#inner(operand, under));
        return parts.join(" and ");
      }
      case "or": {
        const gathered: (SelectionMap | string)[] = [];
        const rest: Item[] = [];
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

  #inner(item: Item, under: boolean): string {
    const text = this.write(item, under);
    return text.includes(" and ") || text.includes(" or ") ? `(${text})` : text;
  }

  #named(selection: Selection, under: boolean): string {
    const number = under ? ++this.#negative : ++this.#positive;
    const stem = under ? "filter" : "selection";
    const name = number === 1 ? stem : `${stem}_${number}`;
    this.selections.set(name, selection);
    return name;
  }
}

/** As one selection; null where it takes several. */
function selectionOf(item: Item): Selection | null {
  switch (item.kind) {
    case "item":
      return mapOf([item]);
    case "keywords":
      return item.key === "" ? [...item.values] : new Map([[item.key, [...item.values]]]);
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

function mapOf(items: readonly Item[]): SelectionMap | null {
  const map: SelectionMap = new Map();
  for (const item of items) if (item.kind !== "item" || !addTo(map, item)) return null;
  return map;
}

/** Adds an item to a map of which all must hold. A key that is there already can be shared with `all`. */
function addTo(map: SelectionMap, item: Item & { kind: "item" }): boolean {
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
