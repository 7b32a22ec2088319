import type { ExpressionChecker } from "./expression.ts";
import type { Findings } from "./findings.ts";
import { lowerOptions } from "../run/compile.ts";
import { lowerFilter } from "../run/lower.ts";
import type { Schema } from "./schema.ts";
import type { EventFilter } from "../syntax/tree.ts";
import type { FaultCode } from "../values/values.ts";

const FAULTS: Partial<Record<FaultCode, string>> = {
  "eql/division-by-zero": "This divides by zero",
  "eql/overflow": "This is beyond the range of a long",
  "eql/bad-number": "This text is no number",
  "eql/bad-ip": "This text is no IP address",
};

/**
 * One event filter: first what the tree shows, then, where that is right, what only making it ready to run finds (regular expressions,
 * IP blocks, dates, constants that cannot be computed).
 */
export function checkFilter(filter: EventFilter, checker: ExpressionChecker, findings: Findings, schema: Schema): void {
  const before = findings.errors;
  checker.condition(filter.condition);
  if (findings.errors > before) return;
  const options = lowerOptions({
    schema,
    now: 0,
    onDiagnostic: (diagnostic) => findings.add(diagnostic),
    onFault: (code, span) => {
      const summary = FAULTS[code];
      if (summary !== undefined)
        findings.error(code, summary, span, "Elasticsearch fails the whole query; write a value that can be computed.");
    },
  });
  lowerFilter(filter, options);
}
