import { EXCEPTION_PARTS, isBlock, type Exception, type ExceptionPart } from "../catalog/index.ts";
import {
  compileCondition,
  make,
  NOWHERE,
  parseWildcard,
  type EventDocument,
  type EventTest,
  type Expr,
  type FaultCode,
} from "../eql/index.ts";

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

/** A part as a filter of the engine: the same wildcards, the same ideas of case and of arrays. A list that is empty matches nothing. */
function compilePart(part: ExceptionPart, onFault: (code: FaultCode) => void): EventTest {
  // A part without a field cannot be loaded, and would match everything.
  if (part.length === 0) return () => false;
  return compileCondition(make.all(part.map(fieldCondition), NOWHERE), { onFault });
}

function fieldCondition({ field, values }: ExceptionPart[number]): Expr {
  const blocks = values.filter(isBlock);
  const patterns = values.filter((value) => !isBlock(value));
  const name = { ...make.field(field, NOWHERE), optional: true };
  const tests: Expr[] = [];
  if (blocks.length > 0) {
    const list = blocks.map((block) => make.string(block, NOWHERE));
    tests.push(make.call("cidrMatch", [name, ...list], false, NOWHERE));
  }
  if (patterns.length > 0) {
    const list = patterns.map((pattern) => make.wildcard(parseWildcard(pattern), NOWHERE));
    tests.push(make.matches(name, list, true, NOWHERE));
  }
  return make.any(tests, NOWHERE);
}
