import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFilter, fieldAccess, NOWHERE, parse, parseWildcard, type EventFilter, type Expr, type Pattern } from "../../eql/index.ts";
import { Plan } from "./plan.ts";

function filterOf(text: string): EventFilter {
  const { query, diagnostics } = parse(text);
  if (query?.kind !== "event") throw new Error(`${text}: ${diagnostics.map((d) => d.summary).join("; ")}`);
  return query.filter;
}

/** What the plan says, beside what each filter says alone. */
function verdicts(plan: Plan, event: Record<string, unknown>): number[] {
  return [...plan.matches.subarray(0, plan.match(event))];
}

describe("the shared plan", () => {
  const filters = [
    'process where process.name : "net.exe" and process.args : "use"',
    'process where process.name : ("net.exe", "net1.exe")',
    'any where not process.name : "net.exe"',
    'any where process.command_line : ("*\\\\admin$*", "*.ps1", "cmd*")',
    "any where process.pid == 4 or process.name == null",
    "any where true",
    "any where false",
    'any where concat(process.name, process.parent.name) == "ab"',
  ].map(filterOf);

  test("says which filters match", () => {
    const plan = new Plan(filters);
    expect(verdicts(plan, { event: { category: "process" }, process: { name: "NET.exe", args: ["net", "USE"] } })).toEqual([0, 1, 5]);
    expect(verdicts(plan, { process: { command_line: "x \\\\SRV01\\ADMIN$ y" } })).toEqual([2, 3, 4, 5]);
    expect(verdicts(plan, { process: { name: "a", parent: { name: "b" }, pid: 4 } })).toEqual([2, 4, 5, 7]);
    expect(verdicts(plan, {})).toEqual([2, 4, 5]);
  });

  test("names the filters that no anchor guards", () => {
    // A test for a missing field is a negation too.
    expect(new Plan(filters).unanchored).toEqual([2, 4, 7]);
  });

  test("counts a predicate once however many filters have it", () => {
    expect(new Plan([filters[0]!, filters[0]!]).predicateCount).toBe(new Plan([filters[0]!]).predicateCount);
  });

  test("takes values by field", () => {
    const plan = new Plan(filters);
    const event = { event: { category: "process" }, process: { name: "net.exe", args: ["use"] } };
    const accesses = plan.fields.map((field) => fieldAccess(field));
    expect([
      ...plan.matches.subarray(
        0,
        plan.matchValues((field) => accesses[field]!(event), event),
      ),
    ]).toEqual([0, 1, 5]);
  });
});

// ------------------------------------------------------------------------------------------------ property

const word = fc.constantFrom("a", "ab", "abc", "bc", "B", "AB", "\u0130x", "\u03A3", "c", "1", "");
const quoted = word.map((w) => JSON.stringify(w));
const wild = fc
  .array(fc.constantFrom("*", "?", "a", "b", "bc", "AB", "\u03A3", "c"), { minLength: 1, maxLength: 5 })
  .map((parts) => JSON.stringify(parts.join("")));
const field = fc.constantFrom("x", "y", "z.v", "z.w", "event.category", "event.code", "winlog.channel");
const predicate = fc.oneof(
  fc.tuple(field, fc.constantFrom("==", "!="), quoted).map((p) => p.join(" ")),
  fc
    .tuple(field, fc.constantFrom(":", "like", "like~"), fc.array(wild, { minLength: 1, maxLength: 3 }))
    .map(([f, op, list]) => `${f} ${op} (${list.join(", ")})`),
  fc
    .tuple(
      field,
      fc.constantFrom("in", "in~", "not in"),
      fc.array(fc.oneof(quoted, fc.constantFrom("1", "2")), { minLength: 1, maxLength: 3 }),
    )
    .map(([f, op, list]) => `${f} ${op} (${list.join(", ")})`),
  fc.tuple(field, fc.constantFrom("== null", "!= null", "> 1", '< "b"', 'regex "a.*"', 'regex~ "[a-b]+"')).map((p) => p.join(" ")),
  fc.tuple(field, fc.nat(3)).map(([f, n]) => `length(${f}) > ${n}`),
  fc.tuple(field, field).map(([f, g]) => `startsWith~(${f}, ${g})`),
  field.map((f) => `concat(${f}, "c") == null`),
  fc.constantFrom("true", "false"),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: predicate },
    fc.tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie("condition").map((c) => `not (${c})`),
  ),
}));
const value = fc.oneof(word, fc.constantFrom(1, 2, true, null), fc.array(fc.oneof(word, fc.constant(null)), { maxLength: 3 }));
const event = fc.record(
  {
    x: value,
    y: value,
    z: fc.record({ v: value, w: value }, { requiredKeys: [] }),
    event: fc.record({ category: value, code: value }, { requiredKeys: [] }),
    winlog: fc.record({ channel: value }),
  },
  { requiredKeys: [] },
);

/** What only Sigma's keywords say: some value of the event, whatever its field, fits. */
const anyField: fc.Arbitrary<Expr> = fc.record({
  kind: fc.constant("any-field" as const),
  span: fc.constant(NOWHERE),
  insensitive: fc.boolean(),
  patterns: fc.array(
    fc.oneof(
      fc
        .constantFrom("a", "*b*", "AB*", "1", "?", "*\u03A3")
        .map((text): Pattern => ({ kind: "wildcard", span: NOWHERE, parts: parseWildcard(text), form: "quoted" })),
      fc
        .constantFrom("^a", "b+c", "x{2}")
        .map((source): Pattern => ({ kind: "regex", span: NOWHERE, source, flavour: "pcre", flags: "", form: "quoted" })),
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Half of the rules also ask for keywords, before or after their own condition. */
function withKeywords(filter: EventFilter, keywords: Expr | null, op: "and" | "or", negated: boolean): EventFilter {
  if (keywords === null) return filter;
  const asked: Expr = negated ? { kind: "not", span: NOWHERE, value: keywords } : keywords;
  return { ...filter, condition: { kind: "logical", span: NOWHERE, op, operands: [asked, filter.condition] } };
}

test("the plan's verdicts equal each filter's alone", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom("any", "a", "ab"),
          condition,
          fc.option(anyField),
          fc.constantFrom("and" as const, "or" as const),
          fc.boolean(),
        ),
        { minLength: 1, maxLength: 8 },
      ),
      fc.array(event, { minLength: 1, maxLength: 8 }),
      fc.nat(700),
      (rules, events, warmUp) => {
        const filters = rules.map(([category, text, ...keywords]) => withKeywords(filterOf(`${category} where ${text}`), ...keywords));
        const plan = new Plan(filters);
        const alone = filters.map((filter) => compileFilter(filter));
        // Long enough now and then for the anchors to be chosen anew.
        const rounds = warmUp > 600 ? 120 : 2;
        for (let round = 0; round < rounds; round++) {
          for (const one of events) expect(verdicts(plan, one)).toEqual(alone.flatMap((matches, i) => (matches(one) ? [i] : [])));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test("log sources beyond what is remembered, and values beyond number", () => {
  // Each event may have several codes and categories: far more log sources than there is room for.
  const filters = Array.from({ length: 700 }, (_, i) =>
    filterOf(`any where event.code == "${i}" and (event.category : "c${i % 40}*" or x : "*y${i % 7}*") and not event.type == "t${i % 3}"`),
  );
  const plan = new Plan(filters);
  const alone = filters.map((filter) => compileFilter(filter));
  let state = 1;
  const next = (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  for (let n = 0; n < 1_500; n++) {
    // Now and then an event that by itself has more values than there is room for.
    const codes = Array.from({ length: n % 500 === 0 ? 690 : 1 + next(3) }, () => String(next(700)));
    const one = {
      event: { code: codes, category: [`C${next(40)}`, `c${next(40)}z`], type: `t${next(5)}` },
      x: `xy${next(9)}`,
    };
    expect(verdicts(plan, one)).toEqual(codes.length > 9 || n % 50 === 0 ? alone.flatMap((test, i) => (test(one) ? [i] : [])) : some(one));
  }
  function some(one: { readonly event: { readonly code: readonly string[] } }): number[] {
    const asked = [...new Set(one.event.code.map(Number))].sort((a, b) => a - b);
    return asked.filter((i) => alone[i]!(one));
  }
});

test("has the same faults on an event whatever events came before", () => {
  const texts = [
    'any where cidrMatch(source.ip, "10.0.0.0/8") and process.name : "a*"',
    'any where process.name == "ab" or not cidrMatch(source.ip, "10.0.0.0/8")',
    'any where number(process.args) == 1 or process.name : "*b"',
    'any where cidrMatch(event.provider, "10.0.0.0/8")',
    // The first's condition, where the log source rules it out now and then.
    'any where event.code == "2" and not cidrMatch(source.ip, "10.0.0.0/8")',
    'any where process.pid / process.ppid == 2 and process.name != null and event.code == "1"',
  ];
  const faultsOf = (): { readonly plan: Plan; readonly faults: string[] } => {
    const faults: string[] = [];
    return { plan: new Plan(texts.map(filterOf), {}, null, (filter, code) => faults.push(`${filter} ${code}`)), faults };
  };
  let seen = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          source: fc.record({ ip: fc.constantFrom("10.1.1.1", "-", "LOCAL", "1.1.1.1") }),
          process: fc.record({
            name: fc.constantFrom("a", "ab", "b", "c"),
            args: fc.constantFrom(["1"], ["x"], ["1", "y"]),
            pid: fc.constantFrom(0, 4),
            ppid: fc.constantFrom(0, 2),
          }),
          event: fc.record({ provider: fc.constantFrom("p", "10.0.0.1"), code: fc.constantFrom("1", "2") }),
        }),
        { minLength: 1, maxLength: 600 },
      ),
      (events) => {
        const long = faultsOf();
        for (const event of events) {
          long.faults.length = 0;
          const matched = verdicts(long.plan, event);
          const alone = faultsOf();
          expect(verdicts(alone.plan, event)).toEqual(matched);
          expect(long.faults).toEqual(alone.faults);
          seen += long.faults.length;
        }
      },
    ),
    { numRuns: 10 },
  );
  expect(seen).toBeGreaterThan(100);
});
