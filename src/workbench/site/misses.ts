/** What a package does not detect, as measured: one list of what its cases, its mutations and the linter show. */
import type { PackageFacts } from "./site-data.ts";

/**
 * `recording`: a test in telemetry in which no rule fires; `variant`: a mutation of an attack after which no rule fires; `clause`: a part
 * of a query that can never match on a data source; `source`: a data source on which a rule can never match.
 */
export type MissKind = "recording" | "variant" | "clause" | "source";

export interface PackageMiss {
  readonly kind: MissKind;
  /** What is missed, in a few words. */
  readonly title: string;
  /** Rules that do not see it; of a recording none, since no rule does. */
  readonly rules: readonly string[];
  readonly cases: readonly string[];
  /** Each a sentence. */
  readonly why: readonly string[];
  /** The log source holds nothing that would show it. */
  readonly leavesNoTrace: boolean;
  /** Why the package's author accepts it; null where nobody has. */
  readonly accepted: string | null;
}

/** Attacks that are missed first, then what of queries is without effect. What is missed for one reason is one entry. */
export function missesOf(facts: Pick<PackageFacts, "proof" | "evasion" | "lint">): PackageMiss[] {
  return [...recordings(facts), ...variants(facts), ...unmatched(facts)];
}

function recordings({ proof }: Pick<PackageFacts, "proof">): PackageMiss[] {
  return proof.coverage.tests.flatMap(({ test, title, source, target, cells }) =>
    cells
      .filter((cell) => cell.path === "remote" && cell.rules.length === 0)
      .map((cell): PackageMiss => {
        const elsewhere = [...new Set([...source, ...target])];
        return {
          kind: "recording",
          title: `${test} ${title}, on the ${cell.side} in ${cell.telemetry}`,
          rules: [],
          cases: cell.cases,
          why: [
            elsewhere.length === 0 ? "No rule detects the test." : `In other telemetry the test is detected by ${elsewhere.join(", ")}.`,
          ],
          leavesNoTrace: false,
          accepted: null,
        };
      }),
  );
}

function variants({ evasion }: Pick<PackageFacts, "evasion">): PackageMiss[] {
  const titles = new Map(evasion.mutations.map(({ mutation, title }) => [mutation, title]));
  return merged(
    evasion.misses.map((miss) => [
      `${miss.mutation}|${miss.invisible ?? miss.case}`,
      {
        kind: "variant",
        title: titles.get(miss.mutation) ?? miss.mutation,
        rules: miss.lost,
        cases: [miss.case],
        why: miss.invisible === null ? miss.reasons.map(({ rule, reason }) => `${rule}: ${reason}`) : [miss.invisible],
        leavesNoTrace: miss.invisible !== null,
        accepted: null,
      },
    ]),
  );
}

function unmatched({ lint }: Pick<PackageFacts, "lint">): PackageMiss[] {
  return merged(
    lint.findings
      .filter(({ code }) => code === "dead-clause" || code === "blind-source")
      .map(({ code, rule, span, text, message, suppressed }) => {
        const isClause = code === "dead-clause";
        return [
          isClause ? `${rule}|${span.from}` : `${rule}|${message}`,
          {
            kind: isClause ? "clause" : "source",
            title: isClause ? text.replaceAll(/\s+/g, " ") : "The whole rule",
            rules: [rule],
            cases: [],
            why: [message],
            leavesNoTrace: false,
            accepted: suppressed,
          },
        ];
      }),
  );
}

/** Entries with the same key as one. */
function merged(entries: readonly (readonly [key: string, PackageMiss])[]): PackageMiss[] {
  const byKey = new Map<string, PackageMiss>();
  for (const [key, entry] of entries) {
    const known = byKey.get(key);
    byKey.set(
      key,
      known === undefined
        ? entry
        : {
            ...known,
            rules: [...new Set([...known.rules, ...entry.rules])].sort(),
            cases: [...new Set([...known.cases, ...entry.cases])],
            why: [...new Set([...known.why, ...entry.why])],
          },
    );
  }
  return [...byKey.values()];
}
