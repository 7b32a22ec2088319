import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeKey, type KeyValue } from "../values/keys.ts";
import {
  SEQUENCE_LIMITS,
  SequenceMachine,
  type SequenceLimits,
  type SequenceMatch,
  type SequencePlan,
  type SequenceState,
} from "./machine.ts";
import { hashKey, KeySlots } from "./state.ts";

/** An event of these tests: `is` names the items it satisfies (`u` is until). */
interface Event {
  readonly t: number;
  readonly ns?: number;
  readonly is: string;
  readonly k?: unknown;
}

interface Shape {
  /** One letter per item; a leading `!` makes it a missing event, a trailing digit is `runs`. */
  readonly items: readonly string[];
  readonly maxspan?: number;
  readonly until?: boolean;
  readonly by?: "k" | "?k";
}

const LETTERS = "abcdefgh";

function planOf(shape: Shape): SequencePlan<Event> {
  const keys = shape.by === undefined ? [] : [{ read: (e: Event) => e.k, optional: shape.by === "?k" }];
  return {
    items: shape.items.map((item) => ({ missing: item.startsWith("!"), runs: /\d$/.test(item) ? Number(item.at(-1)) : 1, keys: 0 })),
    until: shape.until === true ? { keys: 0 } : null,
    maxspan: shape.maxspan ?? null,
    keyLists: [keys],
  };
}

function feed(machine: SequenceMachine<Event>, shape: Shape, event: Event): void {
  for (let i = 0; i < shape.items.length; i++) machine.truth[i] = event.is.includes(LETTERS[i]!) ? 1 : 0;
  machine.truth[shape.items.length] = event.is.includes("u") ? 1 : 0;
  machine.accept(event, event.t, event.ns ?? 0);
}

function run(
  shape: Shape,
  events: readonly Event[],
  limits: Partial<SequenceLimits> = {},
  fire = true,
): { found: SequenceMatch<Event>[]; machine: SequenceMachine<Event> } {
  const found: SequenceMatch<Event>[] = [];
  const machine = new SequenceMachine<Event>(planOf(shape), (match) => found.push(match), { ...SEQUENCE_LIMITS, ...limits });
  for (const event of events) feed(machine, shape, event);
  machine.end(fire);
  return { found: found.sort((a, b) => a.number - b.number), machine };
}

/** Indexes of the events of each match; -1 is a missing event. */
function indexes(shape: Shape, events: readonly Event[], limits: Partial<SequenceLimits> = {}): number[][] {
  return run(shape, events, limits).found.map((match) => match.events.map((e) => (e === null ? -1 : events.indexOf(e))));
}

const at = (...list: readonly (readonly [t: number, is: string, k?: unknown])[]): Event[] => list.map(([t, is, k]) => ({ t, is, k }));

describe("the machine", () => {
  test("the latest event of a stage wins, and there is no backtracking", () => {
    expect(indexes({ items: ["a", "b"] }, at([1, "a"], [2, "a"], [3, "b"], [4, "b"]))).toEqual([[1, 2]]);
    expect(indexes({ items: ["a", "b", "c"] }, at([1, "a"], [2, "b"], [3, "a"], [4, "c"]))).toEqual([[0, 1, 3]]);
  });

  test("an event that satisfies every item chains, and never fills two stages of one sequence", () => {
    expect(indexes({ items: ["a", "b"] }, at([1, "ab"], [2, "ab"], [3, "ab"]))).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(indexes({ items: ["a", "b"] }, at([1, "ab"]))).toEqual([]);
  });

  test("maxspan: equal passes, also at nanoseconds, and what is too old is used up", () => {
    const shape = { items: ["a", "b"], maxspan: 10 };
    expect(indexes(shape, at([0, "a"], [10, "b"]))).toEqual([[0, 1]]);
    expect(
      indexes(shape, [
        { t: 0, ns: 5, is: "a" },
        { t: 10, ns: 5, is: "b" },
      ]),
    ).toEqual([[0, 1]]);
    expect(
      indexes(shape, [
        { t: 0, ns: 5, is: "a" },
        { t: 10, ns: 6, is: "b" },
      ]),
    ).toEqual([]);
    // The candidate at the second stage is too old for c at 12; the one behind it cannot step in.
    expect(indexes({ items: ["a", "b", "c"], maxspan: 10 }, at([0, "a"], [1, "b"], [5, "a"], [12, "c"], [13, "b"], [14, "c"]))).toEqual([
      [2, 4, 5],
    ]);
  });

  test("until: an event equal to the previous match kills it, one equal to the completing event does not", () => {
    const shape = { items: ["a", "b"], until: true };
    expect(indexes(shape, at([1, "a"], [2, "u"], [3, "b"]))).toEqual([]);
    expect(indexes(shape, at([1, "au"], [2, "b"]))).toEqual([]);
    expect(indexes(shape, at([1, "a"], [2, "bu"]))).toEqual([[0, 1]]);
    expect(
      indexes(
        shape,
        at([1, "a", 1], [2, "u", 2], [3, "b", 1]).map((e) => e),
      ),
    ).toEqual([]);
    expect(indexes({ ...shape, by: "k" }, at([1, "a", 1], [2, "u", 2], [3, "b", 1]))).toEqual([[0, 2]]);
  });

  test("until at the same timestamp goes by the order of the events", () => {
    const shape = { items: ["a", "b"], until: true };
    expect(indexes(shape, at([1, "a"], [1, "u"], [1, "b"]))).toEqual([]);
    expect(indexes(shape, at([1, "a"], [1, "b"], [1, "u"]))).toEqual([[0, 1]]);
    expect(indexes(shape, at([1, "u"], [1, "a"], [1, "b"]))).toEqual([[1, 2]]);
  });

  test("keys: typed, case-sensitive, arrays multiply, missing ones drop the event unless optional", () => {
    const by = { items: ["a", "b"], by: "k" } as const;
    expect(indexes(by, at([1, "a", "1"], [2, "b", 1]))).toEqual([]);
    expect(indexes(by, at([1, "a", 1n], [2, "b", 1]))).toEqual([[0, 1]]);
    expect(indexes(by, at([1, "a", "X"], [2, "b", "x"]))).toEqual([]);
    expect(indexes(by, at([1, "a", "true"], [2, "b", true]))).toEqual([]);
    expect(run(by, at([1, "a", ["y", "x", "y"]], [2, "b", ["x", "z", "y"]])).found.map((m) => m.keys)).toEqual([["x"], ["y"]]);
    expect(indexes(by, at([1, "a"], [2, "b"]))).toEqual([]);
    expect(indexes({ ...by, by: "?k" }, at([1, "a"], [2, "b", null]))).toEqual([[0, 1]]);
    expect(run({ ...by, by: "?k" }, at([1, "a"], [2, "b", []])).found[0]!.keys).toEqual([null]);
    expect(indexes({ ...by, by: "?k" }, at([1, "a"], [2, "b", "null"]))).toEqual([]);
  });

  test("keys named like members of Object are keys like any other", () => {
    for (const k of ["__proto__", "constructor", "hasOwnProperty", "", "\u0000", "\u0000n"]) {
      const { found } = run({ items: ["a", "b"], by: "k" }, at([1, "a", k], [2, "b", k]));
      expect(found.map((m) => m.keys)).toEqual([[k]]);
    }
  });

  test("runs, also on the only item and on missing events", () => {
    expect(indexes({ items: ["a3"] }, at([1, "a"], [2, "a"], [3, "a"], [4, "a"]))).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(indexes({ items: ["a2", "b"] }, at([1, "a"], [2, "b"], [3, "a"], [4, "b"]))).toEqual([[0, 2, 3]]);
    expect(indexes({ items: ["a", "!b2", "c"], maxspan: 9 }, at([1, "a"], [2, "c"]))).toEqual([[0, -1, -1, 1]]);
  });

  test("missing events: strictly between, by timestamp alone", () => {
    const shape = { items: ["a", "!b", "c"], maxspan: 100 };
    expect(indexes(shape, at([1, "a"], [2, "b"], [3, "c"]))).toEqual([]);
    expect(indexes(shape, at([1, "a"], [1, "b"], [3, "b"], [3, "c"]))).toEqual([[0, -1, 3]]);
    // A spoilt candidate still takes its place: c at 4 finds none.
    expect(indexes(shape, at([1, "a"], [2, "b"], [3, "c"], [4, "c"]))).toEqual([]);
  });

  test("a leading missing event looks back maxspan from the last event", () => {
    const shape = { items: ["!a", "b", "c"], maxspan: 10 };
    expect(indexes(shape, at([0, "a"], [5, "b"], [10, "c"]))).toEqual([]);
    expect(indexes(shape, at([0, "a"], [5, "b"], [11, "c"]))).toEqual([[-1, 1, 2]]);
    expect(indexes(shape, at([5, "a"], [5, "b"], [11, "c"]))).toEqual([[-1, 1, 2]]);
  });

  test("a trailing missing event fires only once maxspan has passed", () => {
    const shape = { items: ["a", "!b"], maxspan: 10 };
    expect(indexes(shape, at([0, "a"], [10, "b"]))).toEqual([]);
    expect(indexes(shape, at([0, "a"], [11, "b"]))).toEqual([[0, -1]]);
    expect(indexes(shape, at([0, "ab"]))).toEqual([[0, -1]]);
    const { found, machine } = run(shape, at([0, "a"]), {}, false);
    expect([found.length, machine.waiting]).toEqual([0, 1]);
    machine.advance(10, 0);
    expect(found.length).toBe(0);
    machine.advance(10, 1);
    expect([found.length, machine.waiting]).toEqual([1, 0]);
  });

  test("missing events at both ends: the gap between them counts", () => {
    const shape = { items: ["!a", "b", "!c"], maxspan: 10 };
    expect(indexes(shape, at([0, "a"], [4, "b"], [10, "c"]))).toEqual([]);
    expect(indexes(shape, at([0, "a"], [4, "b"], [11, "c"]))).toEqual([[-1, 1, -1]]);
    expect(indexes(shape, at([4, "b"], [5, "c"]))).toEqual([[-1, 0, -1]]);
  });
});

/** Milliseconds of processor time: what else the machine does takes no part in it. */
const timeOf = (count: number): number => {
  const events = Array.from({ length: count }, (_, i) => ({ t: 5, is: i % 2 === 0 ? "a" : "b", k: "x" }));
  const start = process.cpuUsage();
  run({ items: ["a", "!b"], maxspan: 1000, by: "k" }, events, { maxWaitingPerKey: Infinity, maxWaiting: Infinity });
  return process.cpuUsage(start).user / 1000;
};

describe("bounds", () => {
  const shape = { items: ["a", "b"], by: "k" } as const;

  test("at most maxKeys keys live; the oldest go, and are counted", () => {
    const events = Array.from({ length: 1000 }, (_, i) => ({ t: i, is: "a", k: `key ${i}` }));
    const { machine } = run(shape, events, { maxKeys: 100 });
    expect(machine.liveKeys).toBe(100);
    expect(machine.counts.evictedKeys).toBe(900);
    const { found } = run(shape, [...events, { t: 1000, is: "b", k: "key 999" }, { t: 1001, is: "b", k: "key 0" }], { maxKeys: 100 });
    expect(found.map((m) => m.keys)).toEqual([["key 999"]]);
  });

  test("long keys are bounded by their text, and what is thrown out is counted", () => {
    const events = Array.from({ length: 1000 }, (_, i) => ({ t: i, is: "a", k: `key ${i} ${"x".repeat(1000)}` }));
    const { machine } = run(shape, events, { maxKeyUnits: 50_000 });
    expect(machine.liveKeys).toBeLessThan(50);
    expect(machine.counts.evictedKeys).toBe(1000 - machine.liveKeys);
    // Text that was let go makes room again.
    const pairs = Array.from({ length: 2000 }, (_, i) => ({ t: i, is: i % 2 === 0 ? "a" : "b", k: `key ${i >> 1} ${"x".repeat(1000)}` }));
    const paired = run(shape, pairs, { maxKeyUnits: 5_000 });
    expect(paired.machine.counts.evictedKeys).toBe(0);
    expect(paired.found).toHaveLength(1000);
  });

  test("heavy events are bounded by their weight, each counted once however many keys it has", () => {
    const machineOf = (maxWeight: number): SequenceMachine<Event> =>
      new SequenceMachine<Event>({ ...planOf(shape), weigh: () => 10 }, () => {}, { ...SEQUENCE_LIMITS, maxWeight });
    const feed = (machine: SequenceMachine<Event>, events: readonly Event[]): void => {
      for (const event of events) {
        machine.truth.fill(0);
        machine.truth[event.is === "a" ? 0 : 1] = 1;
        machine.accept(event, event.t, 0);
      }
    };
    const events = Array.from({ length: 1000 }, (_, i) => ({ t: i, is: "a", k: `key ${i}` }));
    const single = machineOf(500);
    feed(single, events);
    expect(single.liveKeys).toBe(50);
    expect(single.counts.evictedKeys).toBe(950);
    const many = machineOf(500);
    feed(many, at([1, "a", Array.from({ length: 400 }, (_, i) => i)]));
    expect([many.liveKeys, many.counts.evictedKeys]).toEqual([400, 0]);
    // What is complete weighs nothing any more.
    const pairs = machineOf(30);
    feed(
      pairs,
      Array.from({ length: 1000 }, (_, i) => ({ t: i, is: i % 2 === 0 ? "a" : "b", k: `key ${i >> 1}` })),
    );
    expect([pairs.counts.matches, pairs.counts.evictedKeys]).toEqual([500, 0]);
  });

  test("maxspan frees keys without counting a loss", () => {
    const events = Array.from({ length: 20_000 }, (_, i) => ({ t: i, is: "a", k: i }));
    const { machine } = run({ ...shape, maxspan: 50 }, events);
    expect(machine.liveKeys).toBeLessThan(200);
    expect(machine.counts.evictedKeys).toBe(0);
  });

  test("links are bounded with runs", () => {
    const events = Array.from({ length: 3000 }, (_, i) => ({ t: i, is: "a", k: i % 50 }));
    const { machine } = run({ items: ["a9"], by: "k" }, events, { maxLinks: 300 });
    expect(machine.liveLinks).toBeLessThanOrEqual(310);
    expect(machine.counts.evictedKeys).toBeGreaterThan(0);
  });

  test("array keys beyond the bound are cut and counted", () => {
    const many = Array.from({ length: 500 }, (_, i) => i);
    const { found, machine } = run(shape, at([1, "a", many], [2, "b", many]), { maxKeyCombinations: 20 });
    expect(found.length).toBe(20);
    expect(machine.counts.truncatedKeys).toBe(2);
  });

  test("waiting sequences are bounded and counted", () => {
    const events = Array.from({ length: 50 }, (_, i) => ({ t: i, is: "a", k: "x" }));
    const { machine } = run({ items: ["a", "!b"], maxspan: 1000, by: "k" }, events, { maxWaitingPerKey: 10 }, false);
    expect([machine.waiting, machine.counts.droppedWaiting]).toEqual([10, 40]);
  });

  test("time per event does not rise with the number of waiting or live ones", () => {
    // The best of three: what else the machine does can only add to it.
    const best = (count: number): number => Math.min(timeOf(count), timeOf(count), timeOf(count));
    timeOf(2000);
    expect(best(80_000)).toBeLessThan(40 * Math.max(2, best(8000)));
  });
});

describe("keys of every length and script", () => {
  const keys = [
    "",
    "a",
    "\u00ff".repeat(48),
    "x".repeat(47),
    "x".repeat(48),
    "x".repeat(49),
    "x".repeat(500),
    "\u0100",
    "a\u0100",
    "\ud83d\ude00",
  ];

  test("are distinguished, kept, saved and restored", () => {
    const shape: Shape = { items: ["a", "b"], by: "k" };
    const first = keys.map((k, t): Event => ({ t, is: "a", k }));
    const { machine } = run(shape, first);
    expect(machine.liveKeys).toBe(keys.length);
    const state = structuredClone(machine.save());
    expect(state.keys.map((saved) => saved.key)).toEqual(keys.map((k) => encodeKey([k])));
    const found: SequenceMatch<Event>[] = [];
    const restored = new SequenceMachine<Event>(planOf(shape), (match) => found.push(match));
    expect(restored.restore(state)).toBe(true);
    for (const [i, k] of keys.toReversed().entries()) feed(restored, shape, { t: 100 + i, is: "b", k });
    expect(found.map((match) => match.keys[0])).toEqual(keys.toReversed());
    expect(found.map((match) => match.events[0]!.k)).toEqual(keys.toReversed());
  });

  test("come and go in any order as in a map", () => {
    const key = fc.constantFrom(...keys, "b", "c", "y".repeat(60));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(fc.tuple(key, fc.boolean()), { maxLength: 60 }), (width, steps) => {
        const slots = new KeySlots(width);
        const known = new Map<string, number>();
        for (const [k, keep] of steps) {
          const hash = hashKey(k, 7);
          expect(slots.find(k, hash)).toBe(known.get(k) ?? -1);
          if (keep && !known.has(k)) {
            const slot = slots.add(k, hash);
            for (let i = 0; i < width; i++) {
              expect(slots.rows[slots.headsAt(slot) + i]).toBe(-1);
              slots.rows[slots.headsAt(slot) + i] = 1000 + slot;
            }
            known.set(k, slot);
          } else if (!keep && known.has(k)) {
            slots.remove(known.get(k)!);
            known.delete(k);
          }
        }
        expect(slots.live).toBe(known.size);
        for (const [k, slot] of known) {
          expect([slots.has(slot), slots.keyOf(slot)]).toEqual([true, k]);
          for (let i = 0; i < width; i++) expect(slots.rows[slots.headsAt(slot) + i]).toBe(1000 + slot);
        }
      }),
    );
  });
});

// ------------------------------------------------------------------------------- a naive reference, straight from the rules

interface Found {
  readonly picked: number[];
  readonly key: string;
}

function keysOf(event: Event, shape: Shape): string[] {
  if (shape.by === undefined) return ["-"];
  const list = (Array.isArray(event.k) ? event.k : [event.k]).filter((v) => v !== null && v !== undefined) as KeyValue[];
  // Values of an array count in order, as doc values do.
  const names = [...new Set(list.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)).map((v) => encodeKey([v])))];
  return names.length > 0 ? names : shape.by === "?k" ? ["null"] : [];
}

function naive(shape: Shape, events: readonly Event[]): number[][] {
  const span = shape.maxspan ?? Infinity;
  const stages: number[] = [];
  const slots: number[] = [];
  for (const [i, item] of shape.items.entries()) {
    for (let run = 0; run < (/\d$/.test(item) ? Number(item.at(-1)) : 1); run++) {
      slots.push(item.startsWith("!") ? -1 : stages.length);
      if (!item.startsWith("!")) stages.push(i);
    }
  }
  const is = (event: Event, item: number): boolean => event.is.includes(LETTERS[item]!);
  const found: Found[] = [];
  const pending = new Map<string, number[][]>();
  for (const [n, event] of events.entries()) {
    for (let stage = stages.length - 1; stage >= 0; stage--) {
      if (!is(event, stages[stage]!)) continue;
      for (const key of keysOf(event, shape)) {
        let sequence: number[];
        if (stage === 0) sequence = [n];
        else {
          const list = pending.get(`${stage - 1} ${key}`) ?? [];
          pending.delete(`${stage - 1} ${key}`);
          const before = list.at(-1);
          if (before === undefined || event.t - events[before[0]!]!.t > span) continue;
          const killed = events.some(
            (u, m) => u.is.includes("u") && shape.until === true && keysOf(u, shape).includes(key) && before.at(-1)! <= m && m < n,
          );
          if (killed) continue;
          sequence = [...before, n];
        }
        if (stage === stages.length - 1) found.push({ picked: sequence, key });
        else pending.set(`${stage} ${key}`, [...(pending.get(`${stage} ${key}`) ?? []), sequence]);
      }
    }
  }
  const kept = found.filter(({ picked, key }) => {
    const times = picked.map((n) => events[n]!.t);
    const first = times[0]!;
    const last = times.at(-1)!;
    let leading = false;
    let trailing = false;
    let left = -Infinity;
    let right = Infinity;
    let stage = -1;
    for (const [i, item] of shape.items.entries()) {
      if (!item.startsWith("!")) {
        stage += /\d$/.test(item) ? Number(item.at(-1)) : 1;
        continue;
      }
      const hits = events.filter((e) => is(e, i) && keysOf(e, shape).includes(key)).map((e) => e.t);
      if (stage === -1) {
        leading = true;
        left = Math.max(left, ...hits.filter((t) => t < first));
      } else if (stage === stages.length - 1) {
        trailing = true;
        right = Math.min(right, ...hits.filter((t) => t > last));
      } else if (hits.some((t) => t > times[stage]! && t < times[stage + 1]!)) return false;
    }
    if (leading && trailing) return left === -Infinity || right === Infinity || right - left > span;
    if (leading) return left === -Infinity || last - left > span;
    return !trailing || right === Infinity || right - first > span;
  });
  return kept.map(({ picked }) => slots.map((stage) => (stage === -1 ? -1 : picked[stage]!)));
}

const key = fc.oneof(
  fc.constantFrom<unknown>("x", "y", 1, "1", null, undefined),
  fc.array(fc.constantFrom<unknown>("x", "y", null), { maxLength: 3 }),
);

function scenario(): fc.Arbitrary<{ shape: Shape; events: Event[] }> {
  return fc
    .record({
      kinds: fc.array(fc.constantFrom("p", "p", "p", "!", "p2", "!2", "p3"), { minLength: 1, maxLength: 5 }),
      maxspan: fc.integer({ min: 1, max: 12 }),
      spanned: fc.boolean(),
      until: fc.boolean(),
      by: fc.constantFrom<"k" | "?k" | null>("k", "?k", null),
    })
    .filter(({ kinds }) => kinds.some((kind) => kind.startsWith("p")))
    .chain(({ kinds, maxspan, spanned, until, by }) => {
      const items = kinds.map((kind, i) => `${kind.startsWith("!") ? "!" : ""}${LETTERS[i]!}${/\d/.test(kind) ? kind.at(-1)! : ""}`);
      const timed = spanned || items.some((item) => item.startsWith("!"));
      const shape: Shape = { items, until, ...(timed ? { maxspan } : {}), ...(by === null ? {} : { by }) };
      const letters = [...LETTERS.slice(0, items.length).split(""), ...(until ? ["u"] : [])];
      const event = fc.record({ step: fc.integer({ min: 0, max: 4 }), is: fc.subarray(letters).map((list) => list.join("")), k: key });
      return fc.array(event, { maxLength: 30 }).map((list) => {
        let t = 0;
        return { shape, events: list.map(({ step, is, k }) => ({ t: (t += step), is, k })) };
      });
    });
}

describe("properties", () => {
  test("the machine finds what the naive reference finds", () => {
    let matches = 0;
    fc.assert(
      fc.property(scenario(), ({ shape, events }) => {
        const expected = naive(shape, events);
        matches += expected.length;
        expect(indexes(shape, events)).toEqual(expected);
      }),
      { numRuns: 4000 },
    );
    expect(matches).toBeGreaterThan(1000);
  });

  test("saved as JSON and restored in the middle, it goes on as if nothing had happened", () => {
    fc.assert(
      fc.property(scenario(), fc.nat(30), ({ shape, events }, cut) => {
        const found: SequenceMatch<Event>[] = [];
        const emit = (match: SequenceMatch<Event>): void => void found.push(match);
        const first = new SequenceMachine<Event>(planOf(shape), emit);
        for (const event of events.slice(0, cut)) feed(first, shape, event);
        const second = new SequenceMachine<Event>(planOf(shape), emit);
        expect(second.restore(JSON.parse(JSON.stringify(first.save())) as SequenceState<Event>)).toBe(true);
        for (const event of events.slice(cut)) feed(second, shape, event);
        second.end(true);
        const whole = run(shape, events).found;
        const plain = (list: readonly SequenceMatch<Event>[]): unknown => JSON.parse(JSON.stringify(list));
        expect(plain(found.sort((a, b) => a.number - b.number))).toEqual(plain(whole));
      }),
      { numRuns: 1000 },
    );
  });

  test("a state that does not fit is refused", () => {
    const one = new SequenceMachine<Event>(planOf({ items: ["a", "b"] }), () => {});
    feed(one, { items: ["a", "b"] }, { t: 1, is: "a" });
    const saved = one.save();
    expect(new SequenceMachine<Event>(planOf({ items: ["a", "b", "c"] }), () => {}).restore(saved)).toBe(false);
    expect(new SequenceMachine<Event>(planOf({ items: ["a", "b"] }), () => {}).restore({ ...saved, events: [] })).toBe(false);
    expect(one.restore(saved)).toBe(false);
  });
});
