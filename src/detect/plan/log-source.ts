import type { FieldValue, Scalar } from "../../eql/index.ts";
import type { FieldPass } from "./field-pass.ts";

/**
 * Fields that tell what kind of event it is and who wrote it. They have few values, nearly every rule asks for one of them first,
 * and most rules are out of the question once they are known.
 */
const LOG_SOURCE_FIELDS: ReadonlySet<string> = new Set([
  "event.category",
  "event.type",
  "event.kind",
  "event.code",
  "event.action",
  "event.outcome",
  "event.module",
  "event.provider",
  "event.dataset",
  "data_stream.dataset",
  "host.os.type",
  "host.os.family",
  "host.os.platform",
  "agent.type",
  "winlog.channel",
  "winlog.provider_name",
]);

export function isLogSourceField(field: string): boolean {
  return LOG_SOURCE_FIELDS.has(field);
}

const MEMO_ENTRIES = 4_096;
const MEMO_LONGEST = 256;
/** Kinds of values, and kinds of log sources, known at a time. Real logs have some dozens. */
const MAX_KINDS = 512;
const MAX_SOURCES = 1_024;

export interface LogSourceField {
  readonly pass: FieldPass;
  /** The guard "it exists", -1: none. */
  readonly exists: number;
  readonly whenMissing: readonly number[];
}

/**
 * Gives each log source (the set of guards that hold) a small number: an automaton that goes from source to source by the kinds
 * of values (the sets of guards that a value satisfies), built as events come. Bounded: when it is full it starts anew.
 */
export class LogSources {
  /** Counts the fresh starts: numbers of before mean nothing any more. */
  generation = 0;
  readonly #fields: readonly LogSourceField[];
  readonly #guards: number;
  readonly #memo: readonly Map<Scalar, number>[];
  readonly #missing: readonly number[];
  #kinds: Int32Array[] = [];
  #kindNumbers = new Map<string, number>();
  #sources: Uint8Array[] = [];
  #sourceNumbers = new Map<string, number>();
  /** `source * MAX_KINDS + kind` -> 1 + the next source, 0: not known yet. */
  #next = new Int32Array(MAX_KINDS * 4);

  constructor(fields: readonly LogSourceField[], guards: number) {
    this.#fields = fields;
    this.#guards = guards;
    this.#memo = fields.map(() => new Map());
    this.#clear();
    this.#missing = fields.map((field) => this.#kind(field.whenMissing));
  }

  #clear(): void {
    this.#kinds = [];
    this.#kindNumbers = new Map();
    this.#sources = [];
    this.#sourceNumbers = new Map();
    this.#next.fill(0);
    for (const memo of this.#memo) memo.clear();
    this.#kind([]);
    this.#source(new Uint8Array(this.#guards));
    // The same numbers as ever: those of missing fields come first.
    for (const field of this.#fields) this.#kind(field.whenMissing);
  }

  /** To be called before each event: makes room. */
  begin(): void {
    // An event has at most a few values of these fields; arrays beyond the room left are cut by `after`.
    if (this.#sources.length <= MAX_SOURCES - 64 && this.#kinds.length <= MAX_KINDS - 64) return;
    this.#clear();
    this.generation++;
  }

  /** The source after the values of one more field; begin with 0. -1 where there is no room. */
  after(source: number, field: number, value: FieldValue): number {
    if (source < 0) return source;
    if (value === undefined) return this.#step(source, this.#missing[field]!);
    if (typeof value !== "object") return this.#step(source, this.#kindOf(field, value));
    for (let i = 0; i < value.length && source >= 0; i++) source = this.#step(source, this.#kindOf(field, value[i]!));
    return source;
  }

  /** Marks the guards that hold by a field's values: for events that found no room. */
  mark(field: number, value: FieldValue, guards: Uint8Array): void {
    const { pass, exists, whenMissing } = this.#fields[field]!;
    if (value === undefined) {
      for (const guard of whenMissing) guards[guard] = 1;
      return;
    }
    if (exists >= 0) guards[exists] = 1;
    for (const one of typeof value === "object" ? value : [value]) for (const guard of pass.satisfied(one)) guards[guard] = 1;
  }

  /** Of each guard whether it holds. */
  guards(source: number): Uint8Array {
    return this.#sources[source]!;
  }

  #step(source: number, kind: number): number {
    if (kind <= 0) return kind < 0 ? -1 : source;
    const known = this.#next[source * MAX_KINDS + kind]!;
    return known > 0 ? known - 1 : this.#newStep(source, kind);
  }

  #newStep(source: number, kind: number): number {
    const holds = this.#sources[source]!.slice();
    const guards = this.#kinds[kind]!;
    for (let i = 0; i < guards.length; i++) holds[guards[i]!] = 1;
    const next = this.#source(holds);
    if (next >= 0) this.#next[source * MAX_KINDS + kind] = next + 1;
    return next;
  }

  #source(holds: Uint8Array): number {
    const key = holds.join("");
    const known = this.#sourceNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#sources.length;
    if (number >= MAX_SOURCES) return -1;
    this.#sources.push(holds);
    this.#sourceNumbers.set(key, number);
    if (this.#next.length < (number + 1) * MAX_KINDS) {
      const grown = new Int32Array(this.#next.length * 2);
      grown.set(this.#next);
      this.#next = grown;
    }
    return number;
  }

  #kindOf(field: number, value: Scalar): number {
    const memo = this.#memo[field]!;
    const known = memo.get(value);
    if (known !== undefined) return known;
    const { pass, exists } = this.#fields[field]!;
    const guards = [...pass.satisfied(value)];
    if (exists >= 0) guards.push(exists);
    const kind = this.#kind(guards);
    if (kind >= 0 && (typeof value !== "string" || value.length <= MEMO_LONGEST)) {
      if (memo.size >= MEMO_ENTRIES) memo.clear();
      memo.set(value, kind);
    }
    return kind;
  }

  /** Kind 0 satisfies nothing. */
  #kind(guards: readonly number[]): number {
    const unique = [...new Set(guards)].sort((a, b) => a - b);
    const key = unique.join();
    const known = this.#kindNumbers.get(key);
    if (known !== undefined) return known;
    if (this.#kinds.length >= MAX_KINDS) return -1;
    this.#kinds.push(Int32Array.from(unique));
    this.#kindNumbers.set(key, this.#kinds.length - 1);
    return this.#kinds.length - 1;
  }
}
