/** Rules that look for what threat intelligence names, as conditions on lists of values. */
import { make, type EventDocument, type Expr, type Span } from "../eql/index.ts";
import { textsAt } from "../detect/index.ts";
import { FilterError } from "./filters.ts";
import type { RuleContent } from "./schema.ts";

type Mapping = NonNullable<RuleContent["threat_mapping"]>;

/** Indicators that a mapping of several entries is written out for: each is a condition of its own. */
const MAX_PAIRED = 10_000;

/** Any mapping holds; in one of several entries all do, on the same indicator. Throws a `FilterError`. */
export function indicatorCondition(mapping: Mapping, indicators: readonly EventDocument[], span: Span): Expr {
  return make.any(
    mapping.map(({ entries }) => {
      const [only] = entries;
      if (entries.length === 1 && only!.negate !== true) {
        const values = indicators.flatMap((indicator) => textsAt(indicator, only!.value));
        return oneOf(only!.field, values, span);
      }
      if (indicators.length > MAX_PAIRED) throw new FilterError(`A mapping of several fields is read for up to ${MAX_PAIRED} indicators`);
      return make.any(
        indicators.map((indicator) =>
          make.all(
            entries.map(({ field, value, negate }) => {
              const condition = oneOf(field, textsAt(indicator, value), span);
              return negate === true ? make.not(condition, span) : condition;
            }),
            span,
          ),
        ),
        span,
      );
    }),
    span,
  );
}

function oneOf(field: string, values: readonly string[], span: Span): Expr {
  if (values.length === 0) return { kind: "boolean", span, value: false };
  return make.matches(
    make.field(field, span),
    [...new Set(values)].map((value) => make.literal(value, span)),
    false,
    span,
  );
}
