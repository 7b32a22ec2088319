import { EXCEPTION_PARTS, type Exception, type ExceptionPart } from "../catalog/index.ts";
import { compileFilter, parse, type EventDocument, type EventTest, type FaultCode } from "../eql/index.ts";

/**
 * The exceptions of a package, ready to be asked about alerts. An exception covers an alert when each of its three parts (source,
 * account, artefact) matches one of the alert's events: of a single event all three, of a sequence the logon may give the source
 * and the service the artefact.
 */
export class ExceptionSet {
  readonly #byRule = new Map<string, Prepared[]>();

  /** @param onFault a part could not be computed on an event; it counts as not met, and the alert stays. */
  constructor(exceptions: readonly Exception[], onFault: (code: FaultCode) => void = () => {}) {
    for (const exception of exceptions) {
      const prepared: Prepared = { exception, parts: EXCEPTION_PARTS.map((name) => compilePart(exception.parts[name], onFault)) };
      for (const rule of exception.rules) {
        const known = this.#byRule.get(rule);
        if (known === undefined) this.#byRule.set(rule, [prepared]);
        else known.push(prepared);
      }
    }
  }

  /** The first exception that covers an alert of the rule (its short id) with these events; null when none does. */
  covering(rule: string, events: readonly (EventDocument | null)[]): Exception | null {
    for (const { exception, parts } of this.#byRule.get(rule) ?? []) {
      if (parts.every((part) => events.some((event) => event !== null && part(event)))) return exception;
    }
    return null;
  }
}

interface Prepared {
  readonly exception: Exception;
  readonly parts: readonly EventTest[];
}

const NEVER: EventTest = () => false;

/** A part as a filter of the engine: the same wildcards, the same ideas of case and of arrays. */
function compilePart(part: ExceptionPart, onFault: (code: FaultCode) => void): EventTest {
  // A list that is empty matches nothing; a part without a field cannot be loaded, and would match everything.
  if (part.length === 0 || part.some(({ values }) => values.length === 0)) return NEVER;
  const conditions = part.map(({ field, values }) => {
    const blocks = values.filter(isCidr).map(literal);
    const patterns = values.filter((value) => !isCidr(value)).map(literal);
    const tests = [];
    if (blocks.length > 0) tests.push(`cidrMatch(?${field}, ${blocks.join(", ")})`);
    if (patterns.length > 0) tests.push(`?${field} : (${patterns.join(", ")})`);
    return `(${tests.join(" or ")})`;
  });
  const { query } = parse(`any where ${conditions.join(" and ")}`);
  return query?.kind === "event" ? compileFilter(query.filter, { onFault }) : NEVER;
}

/** `10.10.40.0/24`, `2001:db8::/32` */
function isCidr(value: string): boolean {
  return /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(value);
}

function literal(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`;
}
