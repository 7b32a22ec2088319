/** `stats` and `inline stats`: rows in groups, and what is worked out of each. */
import { esqlAggregate, type Accumulator, type EsqlAggregate } from "./aggregates.ts";
import { EsqlError } from "./error.ts";
import { compileExpression, type Compiled, type CompileContext } from "./evaluate.ts";
import { EsqlLimitError } from "./limit.ts";
import type { Row, Scope } from "./scope.ts";
import type { EsqlExpr, StatsCommand } from "./tree.ts";
import { keyOf, listOf, type EsqlValue } from "./value.ts";

/** Values that all groups hold together. */
const MAX_HELD = 5_000_000;
/** Origins that a group shows, the latest ones. */
const MAX_ORIGINS = 20;
/** Origins that all groups hold; beyond it each holds its latest alone. */
const MAX_ORIGINS_HELD = 200_000;

interface AggregateCall {
  readonly aggregate: EsqlAggregate;
  readonly args: readonly Compiled[];
  /** Only rows that satisfy it count. */
  readonly where: Compiled | null;
}

interface Group {
  readonly by: readonly EsqlValue[];
  readonly accumulators: readonly Accumulator[];
  origins: unknown[];
}

export class Grouping {
  /** Of its result: what is worked out, then what it is grouped by. */
  readonly columns: readonly { readonly name: string; readonly type: Compiled["type"] }[];
  readonly #calls: AggregateCall[] = [];
  readonly #by: readonly Compiled[];
  readonly #results: readonly Compiled[];
  readonly #groups = new Map<string, Group>();
  #held = 0;
  #origins = 0;

  constructor(command: StatsCommand, scope: Scope, empty: Scope, context: CompileContext) {
    this.#by = command.by.map(({ value }) => compileExpression(value, scope, context));
    const outer = command.aggregates.map(({ value, where }) => {
      const condition = where === null ? null : compileExpression(where, scope, context);
      return this.#separate(value, scope, condition, context);
    });
    // Behind the groups there are their keys and the aggregates, and nothing else.
    const behind = empty.with([
      ...command.by.map(({ name }, at) => ({ name, type: this.#by[at]!.type })),
      ...this.#calls.map(({ aggregate, args }, at) => ({ name: placeholder(at), type: typeOf(aggregate, args) })),
    ]);
    this.#results = outer.map((expr) => compileExpression(expr, behind, context));
    this.columns = [
      ...command.aggregates.map(({ name }, at) => ({ name, type: this.#results[at]!.type })),
      ...command.by.map(({ name }, at) => ({ name, type: this.#by[at]!.type })),
    ];
  }

  /** The expression with each call that aggregates made a column. */
  #separate(expr: EsqlExpr, scope: Scope, where: Compiled | null, context: CompileContext): EsqlExpr {
    if (expr.kind === "call") {
      const aggregate = esqlAggregate(expr.name);
      if (aggregate !== undefined) {
        const args = expr.args.filter((arg) => arg.kind !== "star");
        const [least, most] = aggregate.arity;
        if (args.length < least || args.length > most)
          throw new EsqlError("esql/bad-argument", `\`${expr.name}\` is called with ${args.length} arguments`, expr.nameSpan);
        this.#calls.push({ aggregate, args: args.map((arg) => compileExpression(arg, scope, context)), where });
        return { kind: "name", name: placeholder(this.#calls.length - 1), span: expr.span };
      }
      return { ...expr, args: expr.args.map((arg) => this.#separate(arg, scope, where, context)) };
    }
    if (expr.kind === "binary")
      return {
        ...expr,
        left: this.#separate(expr.left, scope, where, context),
        right: this.#separate(expr.right, scope, where, context),
      };
    if (expr.kind === "unary") return { ...expr, value: this.#separate(expr.value, scope, where, context) };
    return expr;
  }

  add(row: Row): void {
    for (const by of this.#keysOf(row)) {
      const key = by.map(keyOf).join("\u0000");
      let group = this.#groups.get(key);
      if (group === undefined) {
        group = { by, accumulators: this.#calls.map(({ aggregate }) => aggregate.start()), origins: [] };
        this.#groups.set(key, group);
        this.#held += 1 + by.length;
      }
      this.#calls.forEach(({ args, where }, at) => {
        if (where !== null && where.run(row) !== true) return;
        const accumulator = group.accumulators[at]!;
        const before = accumulator.held;
        accumulator.add(args.map((arg) => arg.run(row)));
        this.#held += accumulator.held - before;
      });
      this.#keep(group, row.origins);
      if (this.#held > MAX_HELD) throw new EsqlLimitError(`\`stats\` holds more than ${MAX_HELD} values`);
    }
  }

  /** A row is in the group of each of a key's values; what has none is in the group of null. */
  #keysOf(row: Row): EsqlValue[][] {
    let keys: EsqlValue[][] = [[]];
    for (const by of this.#by) {
      const value = by.run(row);
      const values: readonly EsqlValue[] = value === null ? [null] : [...new Map(listOf(value).map((one) => [keyOf(one), one])).values()];
      keys = keys.flatMap((start) => values.map((next) => [...start, next]));
    }
    return keys;
  }

  #keep(group: Group, origins: readonly unknown[]): void {
    const most = this.#origins >= MAX_ORIGINS_HELD ? 1 : MAX_ORIGINS;
    this.#origins -= group.origins.length;
    group.origins = [...group.origins, ...origins].slice(-most);
    this.#origins += group.origins.length;
  }

  /** A row for each group. Without `by` there is one, even of no rows. */
  *rows(): Generator<Row, void> {
    if (this.#groups.size === 0 && this.#by.length === 0)
      this.#groups.set("", { by: [], accumulators: this.#calls.map(({ aggregate }) => aggregate.start()), origins: [] });
    for (const group of this.#groups.values()) yield this.#row(group);
  }

  #row({ by, accumulators, origins }: Group): Row {
    const inner: Row = { event: null, metadata: {}, slots: [...by, ...accumulators.map((one) => one.result())], origins };
    return { event: null, metadata: {}, slots: [...this.#results.map((result) => result.run(inner)), ...by], origins };
  }

  /** What the row's group says, to be appended to the row. */
  valuesFor(row: Row): readonly EsqlValue[] {
    const [by] = this.#keysOf(row);
    const group = this.#groups.get(by!.map(keyOf).join("\u0000"));
    return group === undefined ? this.#results.map(() => null) : this.#row(group).slots.slice(0, this.#results.length);
  }
}

/** No name of a column begins with a blank. */
function placeholder(at: number): string {
  return ` ${at}`;
}

function typeOf({ type }: EsqlAggregate, args: readonly Compiled[]): Compiled["type"] {
  return typeof type === "function" ? type(args.map((arg) => arg.type)) : type;
}
