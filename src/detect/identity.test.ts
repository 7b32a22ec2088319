import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { matchId, UniqueIds } from "./identity.ts";
import { sampleRule } from "./testing/sample-rule.ts";

const rule = sampleRule("r", "any where true");

/** JSON with the keys of objects in order, written out. */
function canonical(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

const key = fc.oneof(fc.constantFrom("a", "b", "B", "10", "9", "toJSON", "__proto__", "\u00e9", "a b", ""), fc.string({ maxLength: 3 }));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.oneof(fc.string(), fc.constantFrom("\ud800", '\n\u0000"\\')),
    fc.constantFrom(0, -0, 1.5, -7, 1e300, true, false, null, undefined, 2n ** 60n),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 5 })
      .map((entries) => Object.defineProperties({}, Object.fromEntries(entries.map(([name, one]) => [name, own(one)])))),
  ),
}));

function own(of: unknown): PropertyDescriptor {
  return { value: of, enumerable: true, configurable: true, writable: true };
}

test("an id is the SHA-256 of rule, version, content and keys in canonical JSON", () => {
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 5 }), fc.array(value, { maxLength: 2 }), (event, keys) => {
      const match = { rule, events: [{ event, source: "s", place: { file: "f" } }], ms: 0, keys };
      const { log, ...rest } = event as { log?: unknown };
      fc.pre(log === undefined);
      const content = canonical(["content", rest]);
      const expected = hash(canonical(["r", "1", [content], keys])).slice(0, 32);
      expect(matchId(match)).toBe(expected);
      expect(matchId(match, hash)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test("the n-th use of an id gives an id of its own, the same in every run", () => {
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
  const used = new Map<string, number>();
  const [one, other] = [new UniqueIds(), new UniqueIds()];
  for (let n = 0; n < 20_000; n++) {
    // Ids that share their first words, too.
    const id = n % 3 === 0 ? `00000000ffffffff0000000${(n % 500).toString(16).padStart(9, "0")}` : hash(String((n * n) % 7_001));
    const ordinal = (used.get(id) ?? 0) + 1;
    used.set(id, ordinal);
    const expected = ordinal === 1 ? id : hash(`${id} ${ordinal}`);
    expect([one.of(id), other.of(id)]).toEqual([expected, expected]);
  }
  expect(used.size).toBeGreaterThan(2_000);
});
