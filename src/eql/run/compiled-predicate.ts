/** Predicates made ready to run: by a closure each, or many of one field together by their forms. */
import type { EventDocument, Scalar } from "../values/fields.ts";
import { foldedOf } from "../values/folded.ts";
import type { WildcardTest } from "../values/match-wildcard.ts";
import { plainText } from "../values/values.ts";
import { WildcardSearch } from "../values/wildcard-search.ts";

/** Of one field's value, of a field's presence, or of the whole event. */
export type CompiledPredicate = CompiledFieldPredicate | CompiledExistsPredicate | CompiledEventPredicate;

/** True where one value of the field passes; `forms` say how, for those who test many predicates at once. */
export interface CompiledFieldPredicate {
  readonly kind: "field";
  /** Equal keys, equal predicates. */
  readonly key: string;
  readonly field: string;
  readonly forms: Forms;
  /** Of one value of the field. Never throws. */
  readonly test: (value: Scalar) => boolean;
  /** What it is where the field is missing: false except for oddities such as `concat(a, "x") == null`. */
  readonly whenMissing: boolean;
  /** It may be impossible to compute on some values, which is reported as a fault and counts as not passed. */
  readonly mayFault: boolean;
  /** What a test costs, roughly in tens of nanoseconds. */
  readonly cost: number;
}

/** A value passes when one of these says so: its plain text is in `exact`, its folded text in `folded`, or a test passes. */
export interface Forms {
  readonly exact: readonly string[];
  readonly folded: readonly string[];
  readonly wildcards: readonly WildcardTest[];
  /** Of each wildcard the length of its longest literal, known before the wildcards are made ready. */
  readonly literalLengths: readonly number[];
  readonly other: ((value: Scalar) => boolean) | null;
}

/** True where the field has a value. */
export interface CompiledExistsPredicate {
  readonly kind: "exists";
  readonly key: string;
  readonly field: string;
  readonly cost: number;
}

/** Over several fields, or the whole event. */
export interface CompiledEventPredicate {
  readonly kind: "event";
  readonly key: string;
  /** The fields it reads; null: all of them. */
  readonly fields: readonly string[] | null;
  /** Where it holds as soon as one value of any field passes: how, for those who test many such predicates at once. */
  readonly anyValue?: Forms;
  readonly test: (event: EventDocument) => boolean;
  /** As of a predicate over a field. */
  readonly mayFault: boolean;
  readonly cost: number;
}

export const NO_FORMS: Forms = { exact: [], folded: [], wildcards: [], literalLengths: [], other: null };

/** True where one of the tests is. */
export function anyOf(tests: readonly ((raw: Scalar) => boolean)[]): (raw: Scalar) => boolean {
  if (tests.length === 1) return tests[0]!;
  return (raw) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(raw)) return true;
    return false;
  };
}

/** One value against all forms. Made ready when it is first asked: where the shared plan looks at a whole field, it never is. */
export function testOf(forms: Forms): (value: Scalar) => boolean {
  let test: ((value: Scalar) => boolean) | null = null;
  return (value) => (test ??= readyTest(forms))(value);
}

/** The cheap forms first. */
function readyTest(forms: Forms): (value: Scalar) => boolean {
  const parts: ((raw: Scalar) => boolean)[] = [];
  if (forms.exact.length === 1) {
    const only = forms.exact[0]!;
    parts.push((raw) => (typeof raw === "string" ? raw === only : plainText(raw) === only));
  } else if (forms.exact.length > 1) {
    const set = new Set(forms.exact);
    parts.push((raw) => set.has(typeof raw === "string" ? raw : plainText(raw)));
  }
  if (forms.folded.length === 1) {
    // Folding keeps the length.
    const only = forms.folded[0]!;
    parts.push((raw) => {
      const text = typeof raw === "string" ? raw : plainText(raw);
      return text.length === only.length && foldedOf(text) === only;
    });
  } else if (forms.folded.length > 1) {
    const set = new Set(forms.folded);
    const shortest = Math.min(...forms.folded.map((text) => text.length));
    const longest = Math.max(...forms.folded.map((text) => text.length));
    parts.push((raw) => {
      const text = typeof raw === "string" ? raw : plainText(raw);
      return text.length >= shortest && text.length <= longest && set.has(foldedOf(text));
    });
  }
  if (forms.wildcards.length === 1) {
    const { test, insensitive } = forms.wildcards[0]!;
    parts.push(
      insensitive
        ? (raw) => test(foldedOf(typeof raw === "string" ? raw : plainText(raw)))
        : (raw) => test(typeof raw === "string" ? raw : plainText(raw)),
    );
  } else if (forms.wildcards.length > 1) {
    const search = new WildcardSearch(forms.wildcards);
    parts.push((raw) => {
      const text = typeof raw === "string" ? raw : plainText(raw);
      return search.matchesAny(text, foldedOf(text));
    });
  }
  if (forms.other !== null) parts.push(forms.other);
  return parts.length === 0 ? () => false : anyOf(parts);
}
