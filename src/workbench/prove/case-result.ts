import type { Case } from "../../catalog/index.ts";
import type { EventDocument, FaultCode } from "../../eql/index.ts";
import type { Problem } from "../../readers/index.ts";
import type { Explanation } from "../explain/explain.ts";

/** What came of a case. */
export interface CaseResult {
  readonly case: Case;
  readonly ms: number;
  /** Events that were read and normalised, in the order of time. */
  readonly events: readonly EventDocument[];
  /** Rules that alert after exceptions, in the package's order. */
  readonly fired: readonly string[];
  /** Alerts that an exception took away. */
  readonly excepted: readonly { readonly rule: string; readonly by: string }[];
  /** Rules that alert only with `lab_loopback` on. */
  readonly labFired: readonly string[];
  readonly failures: readonly Failure[];
}

export type Failure =
  | { readonly kind: "unreadable"; readonly problem: Problem }
  | { readonly kind: "no-events" }
  | { readonly kind: "unmapped"; readonly provider: string; readonly code: string; readonly count: number }
  | {
      readonly kind: "signal";
      readonly name: string;
      readonly expected: number | null;
      readonly found: number;
      readonly explanation: Explanation | null;
    }
  /** A condition of the rule could not be computed on values of the case. */
  | { readonly kind: "rule-fault"; readonly rule: string; readonly code: FaultCode; readonly count: number }
  | { readonly kind: "rule-silent"; readonly rule: string; readonly lab: boolean; readonly explanation: Explanation | null }
  | { readonly kind: "rule-fired"; readonly rule: string; readonly lab: boolean; readonly events: readonly (EventDocument | null)[] }
  | { readonly kind: "excepted"; readonly rule: string; readonly by: string }
  | { readonly kind: "not-excepted"; readonly rule: string; readonly by: string; readonly instead: string | null };
