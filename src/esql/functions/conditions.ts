/** Functions that choose among values, and tests. */
import { inCidr, parseAddress, parseCidr, type Cidr } from "../../eql/index.ts";
import { compareScalars, listOf, single, textOf, type EsqlScalar, type EsqlType } from "../value.ts";
import type { EsqlFunction } from "./function.ts";

/** The type that all have, `unknown` where they differ. */
function common(types: readonly EsqlType[]): EsqlType {
  const known = types.filter((type) => type !== "null");
  return known.every((type) => type === known[0]) ? (known[0] ?? "null") : "unknown";
}

const extreme = (name: string, doc: string, wins: (order: number) => boolean): EsqlFunction => ({
  name,
  arity: [1, 100],
  type: common,
  doc,
  run: (values) => {
    let best: EsqlScalar | null = null;
    for (const value of values) {
      if (value === null) return null;
      for (const one of listOf(value)) if (best === null || wins(compareScalars(one, best))) best = one;
    }
    return best;
  },
});

export const CONDITION_FUNCTIONS: readonly EsqlFunction[] = [
  {
    name: "case",
    arity: [2, 1000],
    type: (types) => common(types.filter((_, at) => at % 2 === 1 || at === types.length - 1)),
    doc: "The value behind the first condition that is true; else the last argument that has no condition, or null.",
    run: (values) => {
      for (let at = 0; at + 1 < values.length; at += 2) if (single(values[at]!) === true) return values[at + 1]!;
      return values.length % 2 === 1 ? values.at(-1)! : null;
    },
  },
  {
    name: "coalesce",
    arity: [1, 1000],
    type: common,
    doc: "The first value that is not null.",
    run: (values) => values.find((value) => value !== null) ?? null,
  },
  extreme("greatest", "The greatest of the values.", (order) => order > 0),
  extreme("least", "The least of the values.", (order) => order < 0),
  {
    name: "cidr_match",
    arity: [2, 1000],
    type: "boolean",
    doc: "Whether an address lies in one of the blocks.",
    run: ([value, ...blocks], { warn }) => {
      const address = single(value ?? null);
      if (address === null) return null;
      return blocks
        .flatMap((block) => listOf(block))
        .some((block) => {
          const parsed = parseCidr(textOf(block));
          if (parsed === null) warn(`\`${textOf(block)}\` is no block of addresses`);
          return parsed !== null && inBlock(textOf(address), parsed);
        });
    },
  },
];

const read = new Uint32Array(4);

function inBlock(address: string, block: Cidr): boolean {
  return parseAddress(address, read) && inCidr(read, block);
}
