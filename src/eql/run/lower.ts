/** A filter as a condition over compiled predicates: the form that is run, by closures here and by the shared plan in `detect`. */
import { FALSE, junction, negation, type Condition } from "../condition/condition.ts";
import { constantHolds } from "../condition/constant.ts";
import { identityOf } from "../condition/identity.ts";
import { normalise, normaliseExpr, type NormaliseOptions } from "../condition/normalise.ts";
import type { AnyFieldPredicate, Predicate, RegexPredicate, TextPattern, TextPredicate, ValuePredicate } from "../condition/predicate.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RegexTest } from "../regex/prepare.ts";
import { RegexList } from "../regex/regex-list.ts";
import type { Span } from "../span.ts";
import type { EventFilter, Expr, RegexPattern } from "../syntax/tree.ts";
import { literalText } from "../syntax/wildcard.ts";
import { foldCase } from "../values/case.ts";
import { someNamedValue, someValue, type FieldAccess, type Scalar } from "../values/fields.ts";
import { foldedOf } from "../values/folded.ts";
import { prepareWildcard, type WildcardTest } from "../values/match-wildcard.ts";
import { WildcardSearch } from "../values/wildcard-search.ts";
import { TYPES, anyEqualTest, constantTest, type ValueType } from "../values/typed.ts";
import { Fault, TOO_MANY_COMBINATIONS, equalValues, plainText, type Value } from "../values/values.ts";
import { combinations } from "./combinations.ts";
import { NO_FORMS, anyOf, testOf, type CompiledPredicate, type Forms } from "./compiled-predicate.ts";
import { checkedRegex, reportedTest, slotted, type EvaluateContext, type OnFault, type Slots } from "./evaluate.ts";

/** What lowering needs to know. */
export interface LowerOptions {
  readonly typeOf: (field: string) => ValueType;
  readonly now: number | undefined;
  readonly access: (field: string) => FieldAccess;
  /** Receives what is wrong with the filters; null: nobody wants to know. */
  readonly report: ((diagnostic: Diagnostic) => void) | null;
  readonly onFault: OnFault;
  readonly categoryField: string;
}

/** An event filter as a condition over predicates ready to run. */
export function lowerFilter(filter: EventFilter, options: LowerOptions): Condition<CompiledPredicate> {
  const lowering = new Lowering(options);
  return lowering.condition(lowering.normalise(filter));
}

/** A condition without a category. */
export function lowerCondition(expr: Expr, options: LowerOptions): Condition<CompiledPredicate> {
  const lowering = new Lowering(options);
  return lowering.condition(normaliseExpr(expr, lowering.normalising));
}

type Compiled = Condition<CompiledPredicate>;
type Test = (value: Scalar) => boolean;

/** What a test costs by the type of its field, in tens of nanoseconds; where nothing is parsed, 2. */
const COSTS: Partial<Record<ValueType, number>> = { date: 60, date_nanos: 60, ip: 20, version: 20 };

/** Makes conditions ready to run; what several of them have in common is made once. */
export class Lowering {
  readonly #o: LowerOptions;
  readonly #context: EvaluateContext;
  /** By their key: the same patterns are often looked for in several fields. */
  readonly #textForms = new Map<string, TextForms>();
  readonly normalising: NormaliseOptions;

  constructor(options: LowerOptions) {
    this.#o = options;
    this.#context = { typeOf: options.typeOf, now: options.now, report: options.report ?? ignore };
    this.normalising = {
      categoryField: options.categoryField,
      constant: (expr) => constantHolds(expr, this.#context, options.onFault),
    };
  }

  /** The filter as a condition over predicates as data, constants worked out. */
  normalise(filter: EventFilter): Condition {
    return normalise(filter, this.normalising);
  }

  /** The same of a part of one. */
  normaliseExpr(expr: Expr): Condition {
    return normaliseExpr(expr, this.normalising);
  }

  condition(of: Condition): Compiled {
    switch (of.kind) {
      case "constant":
        return of;
      case "predicate":
        return this.#predicate(of.predicate);
      case "not":
        return negation(this.condition(of.operand));
      case "and":
        return junction(
          "and",
          of.operands.map((operand) => this.condition(operand)),
        );
      case "or":
        return this.#alternatives(of.operands);
    }
  }

  /** Equalities of one field become one predicate, so that a value is tested against a list of numbers at once. */
  #alternatives(operands: readonly Condition[]): Compiled {
    const equalities = new Map<string, ValuePredicate[]>();
    const others: Compiled[] = [];
    for (const operand of operands) {
      if (operand.kind === "predicate" && operand.predicate.kind === "value" && operand.predicate.op === "==") {
        const { predicate } = operand;
        const list = equalities.get(predicate.field);
        if (list === undefined) equalities.set(predicate.field, [predicate]);
        else list.push(predicate);
      } else others.push(this.condition(operand));
    }
    return junction("or", [...others, ...[...equalities.values()].map((list) => this.#values(list))]);
  }

  #predicate(of: Predicate): Compiled {
    switch (of.kind) {
      case "text":
        return this.#text(of);
      case "regex":
        return this.#regex(of);
      case "value":
        return this.#values([of]);
      case "exists":
        return { kind: "predicate", predicate: { kind: "exists", key: `exists ${of.field}`, field: of.field, cost: 1 } };
      case "cidr":
        return this.#computed(of.call);
      case "any-field":
        return this.#anyField(of);
      case "computed":
        if (of.expr.kind !== "lineage") return this.#computed(of.expr);
        this.#context.report({
          code: "eql/lineage",
          severity: "error",
          summary: `\`${of.expr.relation} of\` is not supported`,
          span: of.span,
          labels: [],
          help: null,
        });
        return FALSE;
    }
  }

  #text(of: TextPredicate): Compiled {
    const { field, span, insensitive, patterns } = of;
    if (of.compares === "string") return this.#string(of);
    const type = this.#o.typeOf(field);
    if (of.compares === "type" && type !== "keyword" && type !== "unknown")
      return this.#values(
        patterns.map((pattern): ValuePredicate => ({
          kind: "value",
          field,
          span,
          op: "==",
          value: literalText(pattern.parts) ?? "",
          valueSpan: pattern.span,
        })),
      );
    const key = keyOf(patterns, [], insensitive);
    let forms = this.#textForms.get(key);
    if (forms === undefined) {
      forms = new TextForms(patterns, insensitive);
      this.#textForms.set(key, forms);
    }
    if (forms.wildcardCount > 0) return this.#field(field, `${field} ${key}`, span, forms, 5 + 6 * forms.wildcardCount);
    return this.#field(field, `${field} text ${JSON.stringify([forms.exact, forms.folded])}`, span, forms, costOf(forms));
  }

  /** What is no text passes none of the patterns. */
  #string({ field, span, insensitive, patterns }: TextPredicate): Compiled {
    const type = this.#o.typeOf(field);
    const read: (raw: Scalar) => Value | undefined = TYPES[type].read;
    const search = new WildcardSearch(patterns.map(({ parts }) => prepareWildcard(parts, insensitive)));
    const test: Test = (raw) => {
      const value = read(raw);
      return typeof value === "string" && search.matchesAny(value, foldedOf(value));
    };
    return this.#field(field, `${field}\u0000${type} string ${keyOf(patterns, [], insensitive)}`, span, { ...NO_FORMS, other: test }, 8);
  }

  #regex({ field, span, insensitive, patterns }: RegexPredicate): Compiled {
    const forms = this.#forms([], patterns, insensitive);
    if (forms.other === null) return FALSE;
    return this.#field(field, `${field} ${keyOf([], patterns, insensitive)}`, span, forms, 5 + 50 * patterns.length, true);
  }

  /** One of the values, all of one field and with one operator. */
  #values(predicates: readonly ValuePredicate[]): Compiled {
    const [{ field, span, op }] = predicates as [ValuePredicate];
    const type = this.#o.typeOf(field);
    const tests: Test[] = [];
    const usable: Value[] = [];
    const keys: string[] = [];
    for (const { value, valueSpan } of predicates) {
      const test = reportedTest(constantTest(type, op, value, this.#o.now), valueSpan, this.#context);
      if (test === null) continue;
      tests.push(test);
      usable.push(value);
      keys.push(identityOf(value));
    }
    if (tests.length === 0) return FALSE;
    const key = `${field}\u0000${type} ${op} ${[...new Set(keys)].sort().join()}`;
    const other = (op === "==" && tests.length > 1 ? anyEqualTest(type, usable) : null) ?? anyOf(tests);
    return this.#field(field, key, span, { ...NO_FORMS, other }, (COSTS[type] ?? 2) + tests.length - 1);
  }

  #anyField({ span, names, insensitive, patterns }: AnyFieldPredicate): Compiled {
    const texts = patterns.filter((pattern) => pattern.kind === "wildcard");
    const regexes = patterns.filter((pattern) => pattern.kind === "regex");
    const values = patterns.flatMap((pattern) => (pattern.kind === "value" && pattern.value.kind !== "null" ? [pattern.value.value] : []));
    const forms = this.#forms(texts, regexes, insensitive);
    const equal = values.map(
      (value): Test =>
        (raw) =>
          equalValues(raw, value),
    );
    const key = `any-field ${keyOf(texts, regexes, insensitive)} ${identityOf(values)}${names === null ? "" : ` ${identityOf(names)}`}`;
    const other = [...(forms.other === null ? [] : [forms.other]), ...equal];
    const all: Forms = { ...forms, other: other.length === 0 ? null : this.#guarded(anyOf(other), span, key) };
    const test = testOf(all);
    const cost = costOf(forms) + 50 * regexes.length;
    const mayFault = regexes.length > 0;
    if (names === null)
      return {
        kind: "predicate",
        predicate: { kind: "event", key, fields: null, anyValue: all, test: (event) => someValue(event, test), mayFault, cost: cost * 40 },
      };
    const named = prepareWildcard(names, false);
    return {
      kind: "predicate",
      predicate: {
        kind: "event",
        key,
        fields: null,
        test: (event) => someNamedValue(event, (name) => named.test(name), test),
        mayFault,
        cost: cost * 60,
      },
    };
  }

  #forms(patterns: readonly TextPattern[], regexes: readonly RegexPattern[], insensitive: boolean): Forms {
    const { exact, folded, wildcards, literalLengths } = new TextForms(patterns, insensitive);
    const checked = (): RegexTest[] => regexes.flatMap((pattern) => checkedRegex(pattern, insensitive, this.#context) ?? []);
    // Where nobody wants to know what is wrong with them, they are parsed when a value comes.
    const ready = this.#o.report === null ? null : checked();
    let list: RegexList | null = null;
    const isEmpty = ready === null ? regexes.length === 0 : ready.length === 0;
    const other = isEmpty ? null : (raw: Scalar): boolean => (list ??= new RegexList(ready ?? checked())).test(plainText(raw));
    return { exact, folded, wildcards, literalLengths, other };
  }

  /** A predicate that is no plain test of one field. */
  #computed(expr: Expr): Compiled {
    const { evaluate, fields } = slotted(expr, this.#context);
    const key = `true ${identityOf(expr)}${fields.map((field) => this.#o.typeOf(field.name)).join()}`;
    const fault = this.#o.onFault;
    const run = (slots: Slots): boolean => {
      try {
        return evaluate(slots) === true;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        fault(error.code, expr.span, key);
        return false;
      }
    };
    if (fields.length === 1) {
      const slots: Slots = [undefined];
      const whenMissing = run(slots);
      const test: Test = (value) => {
        slots[0] = value;
        return run(slots);
      };
      return {
        kind: "predicate",
        predicate: {
          kind: "field",
          key,
          field: fields[0]!.name,
          forms: { ...NO_FORMS, other: test },
          test,
          whenMissing,
          mayFault: true,
          cost: 30,
        },
      };
    }
    const names = fields.map((field) => field.name);
    const accesses = names.map((name) => this.#o.access(name));
    const test = combinations(accesses, run, () => fault(TOO_MANY_COMBINATIONS.code, expr.span, key));
    return {
      kind: "predicate",
      predicate: { kind: "event", key, fields: [...new Set(names)], test, mayFault: true, cost: 30 + 10 * names.length },
    };
  }

  #field(field: string, key: string, span: Span, forms: Forms, cost: number, mayFault = false): Compiled {
    const guarded: Forms = forms.other === null ? forms : { ...forms, other: this.#guarded(forms.other, span, key) };
    return {
      kind: "predicate",
      predicate: { kind: "field", key, field, forms: guarded, test: testOf(guarded), whenMissing: false, mayFault, cost },
    };
  }

  #guarded(test: Test, span: Span, key: string): Test {
    const fault = this.#o.onFault;
    return (value) => {
      try {
        return test(value);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        fault(error.code, span, key);
        return false;
      }
    };
  }
}

/** Of texts and wildcards, made ready when somebody asks for them: of thousands of rules a log needs a part. */
class TextForms implements Forms {
  readonly other = null;
  readonly wildcardCount: number;
  readonly #patterns: readonly TextPattern[];
  readonly #insensitive: boolean;
  #texts: readonly string[] | null = null;
  #wildcards: readonly WildcardTest[] | null = null;

  constructor(patterns: readonly TextPattern[], insensitive: boolean) {
    this.#patterns = patterns;
    this.#insensitive = insensitive;
    let count = 0;
    for (const pattern of patterns) if (hasWildcard(pattern)) count++;
    this.wildcardCount = count;
  }

  get exact(): readonly string[] {
    return this.#insensitive ? [] : this.#plain();
  }

  get folded(): readonly string[] {
    return this.#insensitive ? this.#plain() : [];
  }

  get wildcards(): readonly WildcardTest[] {
    return (this.#wildcards ??= this.#patterns.filter(hasWildcard).map(({ parts }) => prepareWildcard(parts, this.#insensitive)));
  }

  get literalLengths(): readonly number[] {
    return this.#patterns.filter(hasWildcard).map(({ parts }) => {
      let longest = 0;
      for (const part of parts) if (part.kind === "literal" && part.text.length > longest) longest = part.text.length;
      return longest;
    });
  }

  #plain(): readonly string[] {
    if (this.#texts !== null) return this.#texts;
    const texts = new Set<string>();
    for (const { parts } of this.#patterns) {
      const text = literalText(parts);
      if (text !== null) texts.add(this.#insensitive ? foldCase(text) : text);
    }
    return (this.#texts = [...texts].sort());
  }
}

function hasWildcard({ parts }: TextPattern): boolean {
  for (const part of parts) if (part.kind !== "literal") return true;
  return false;
}

/** Equal for the same patterns, wherever they are written. Texts come after their length, so that none is taken for what stands around it. */
function keyOf(texts: readonly TextPattern[], regexes: readonly RegexPattern[], insensitive: boolean): string {
  let key = insensitive ? "match~" : "match";
  for (const { parts } of texts) {
    key += "|";
    for (const part of parts) key += part.kind === "any" ? "*" : part.kind === "one" ? "?" : `${part.text.length}:${part.text}`;
  }
  for (const { flavour, flags, source } of regexes) key += `/${flavour} ${flags} ${source.length}:${source}`;
  return key;
}

function costOf({ folded, wildcards }: Forms): number {
  return wildcards.length > 0 ? 5 + 6 * wildcards.length : folded.length > 0 ? 5 : 2;
}

function ignore(): void {
  // Nobody wants to know.
}
