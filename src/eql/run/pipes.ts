/**
 * What follows `|`: a list of matches in, a list of matches (or a table) out.
 *
 * `head` and `tail` are Elasticsearch's. The others are of the `tocsin` profile and mean what they meant in Endgame's EQL: a field is
 * taken from the first event of a match, values are compared without case by `unique`, `unique_count` and `count`.
 */
import { foldCase } from "../values/case.ts";
import { compileFilter } from "./compile.ts";
import { DISTINCT_COUNT } from "./distinct.ts";
import type { EventDocument } from "../values/fields.ts";
import { compareKeys, encodeKey, type KeyValue } from "../values/keys.ts";
import { accessOf, compileOptions, type Match, type RunOptions } from "./run.ts";
import type { Expr, Pipe } from "../syntax/tree.ts";

/** A row of `count`. */
export interface CountRow {
  readonly count: number;
  /** The values counted; empty for the total. */
  readonly key: readonly KeyValue[];
  /** 0 to 1, of all that was counted. */
  readonly percent: number;
}

export interface PipedMatch extends Match {
  /** `unique_count`: how many matches this one stands for. */
  readonly count?: number;
  /** `unique_count`: 0 to 1. */
  readonly percent?: number;
}

/** What pipes left of a list of matches. */
export interface Piped {
  readonly matches: readonly PipedMatch[];
  /** Not null after `count`. */
  readonly rows: readonly CountRow[] | null;
}

type PipeRun = (piped: Piped, args: readonly Expr[], options: RunOptions) => Piped;

const EMPTY: EventDocument = {};

/** The document that a pipe's fields are looked up in. */
function documentOf(match: Match): EventDocument {
  return match.events.find((event) => event !== null)?._source ?? EMPTY;
}

/**
 * Reads the values of the arguments that are fields, as the conditions read them (aliases, `null_value`, dates by their instant); an
 * array gives its first value.
 */
function valuesReader(args: readonly Expr[], options: RunOptions, dates: "iso" | "millis"): (match: Match) => KeyValue[] {
  const access = accessOf(options, dates);
  const accesses = args.filter((arg) => arg.kind === "field").map((field) => access(field.name));
  return (match) => {
    const document = documentOf(match);
    return accesses.map((access) => {
      const value = access(document);
      return value === undefined ? null : typeof value === "object" ? (value[0] ?? null) : value;
    });
  };
}

const fold = (value: KeyValue): KeyValue => (typeof value === "string" ? foldCase(value) : value);

interface Group {
  readonly first: PipedMatch;
  readonly key: readonly KeyValue[];
  count: number;
}

function groups(matches: readonly PipedMatch[], args: readonly Expr[], options: RunOptions): Group[] {
  const valuesOf = valuesReader(args, options, "iso");
  const found = new Map<string, Group>();
  for (const match of matches) {
    const key = valuesOf(match);
    const name = encodeKey(key.map(fold));
    const group = found.get(name);
    if (group === undefined) found.set(name, { first: match, key, count: match.count ?? 1 });
    else group.count += match.count ?? 1;
  }
  return [...found.values()];
}

/** The number a `head` or `tail` is given; Endgame's default where it is given none. */
export function limitOf(args: readonly Expr[]): number {
  const [count] = args;
  return count?.kind === "number" ? Math.max(0, Number(count.value)) : 50;
}

const keep = (piped: Piped, matches: readonly PipedMatch[]): Piped => ({ ...piped, matches });

function limited(piped: Piped, cut: <T>(list: readonly T[]) => readonly T[]): Piped {
  return piped.rows === null ? keep(piped, cut(piped.matches)) : { matches: piped.matches, rows: cut(piped.rows) };
}

const PIPES = {
  head: (piped, args) => limited(piped, (list) => list.slice(0, limitOf(args))),
  tail: (piped, args) => {
    const count = limitOf(args);
    return limited(piped, (list) => list.slice(Math.max(0, list.length - count)));
  },
  filter: (piped, args, options) => {
    const tests = args.map((condition) => compileFilter({ span: condition.span, category: null, condition }, compileOptions(options)));
    return keep(
      piped,
      piped.matches.filter((match) => tests.every((test) => test(documentOf(match)))),
    );
  },
  sort: (piped, args, options) => {
    // By milliseconds: what differs by less keeps its order, which is the order in time.
    const valuesOf = valuesReader(args, options, "millis");
    const rows = piped.matches.map((match) => ({ match, key: valuesOf(match) }));
    return keep(
      piped,
      rows.sort((a, b) => compareKeys(a.key, b.key)).map((row) => row.match),
    );
  },
  unique: (piped, args, options) =>
    keep(
      piped,
      groups(piped.matches, args, options).map((group) => group.first),
    ),
  unique_count: (piped, args, options) => {
    const found = groups(piped.matches, args, options);
    const total = found.reduce((sum, group) => sum + group.count, 0);
    return keep(
      piped,
      found.map((group) => ({ ...group.first, count: group.count, percent: group.count / total })),
    );
  },
  count: (piped, args, options) => {
    const total = piped.matches.reduce((sum, match) => sum + (match.count ?? 1), 0);
    if (args.length === 0) return { matches: [], rows: [{ count: total, key: [], percent: total === 0 ? 0 : 1 }] };
    const rows = groups(piped.matches, args, options).map(({ count, key }) => ({ count, key, percent: count / total }));
    return { matches: [], rows: rows.sort((a, b) => a.count - b.count || compareKeys(a.key, b.key)) };
  },
  // Runs while the events pass, in distinct.ts: here it has happened already.
  [DISTINCT_COUNT]: (piped) => piped,
} as const satisfies Record<string, PipeRun>;

export type PipeName = keyof typeof PIPES;

/** True for the name of a pipe that some profile runs. */
export function isPipeName(name: string): name is PipeName {
  return Object.hasOwn(PIPES, name);
}

/** Runs the pipes in their order. A pipe that does not exist changes nothing: the check refuses it before. */
export function runPipes(matches: readonly Match[], pipes: readonly Pipe[], options: RunOptions): Piped {
  let piped: Piped = { matches, rows: null };
  for (const pipe of pipes) if (isPipeName(pipe.name)) piped = PIPES[pipe.name](piped, pipe.args, options);
  return piped;
}
