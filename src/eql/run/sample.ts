/** `sample`: events that share a key, one per item, in no order. */
import { compareKeys, decodeKey, KeyExtractor, type KeyPart, type KeyValue } from "../values/keys.ts";

export interface SampleMatch<E> {
  readonly keys: readonly KeyValue[];
  readonly events: readonly E[];
}

export interface SampleOptions {
  /** Samples in all; Infinity for no limit. */
  readonly size: number;
  readonly maxSamplesPerKey: number;
  readonly maxKeyCombinations: number;
  /** Different keys, and the UTF-16 units of their texts together. */
  readonly maxKeys: number;
  readonly maxKeyUnits: number;
}

/** Steps of backtracking per key. Distinct events for n items are found in n steps unless the same few events satisfy many items. */
const MAX_STEPS = 100_000;

export interface SampleResult<E> {
  readonly samples: readonly SampleMatch<E>[];
  /** Events whose array keys had more combinations than allowed. */
  readonly truncatedKeys: number;
  /** Keys whose search was given up, and times that a key found no room. */
  readonly abandonedKeys: number;
}

/**
 * As Elasticsearch's SampleIterator: for each key that every item has, the first `items * maxSamplesPerKey` events of each item, then
 * distinct events per item by backtracking, first solutions first. Keys ascend, null first.
 *
 * The events are gone through twice: most keys are not complete, and of these no events are held.
 */
export function sample<E>(
  events: readonly E[],
  tests: readonly ((event: E) => boolean)[],
  keys: readonly (readonly KeyPart<E>[])[],
  options: SampleOptions,
): SampleResult<E> {
  const perItem = tests.length * Math.max(1, options.maxSamplesPerKey);
  const extractors = keys.map((parts) => new KeyExtractor<E>(parts, options.maxKeyCombinations));
  const passed = events.map((event) => tests.flatMap((test, item) => (test(event) ? [item] : [])));
  let truncatedKeys = 0;
  let abandonedKeys = 0;
  let units = 0;
  const items = new Map<string, number>();
  events.forEach((event, at) => {
    for (const item of passed[at]!) {
      const extractor = extractors[item]!;
      const count = extractor.extract(event);
      if (extractor.truncated) truncatedKeys++;
      for (let k = 0; k < count; k++) {
        const key = extractor.keys[k]!;
        const known = items.get(key);
        if (known !== undefined) items.set(key, known | bitOf(item));
        else if (items.size >= options.maxKeys || units + key.length > options.maxKeyUnits) abandonedKeys++;
        else {
          units += key.length;
          items.set(key, bitOf(item));
        }
      }
    }
  });
  const all = tests.reduce((bits, _, item) => bits | bitOf(item), 0);
  const groups = new Map<string, E[][]>();
  for (const [key, bits] of items)
    if (bits === all)
      groups.set(
        key,
        tests.map(() => []),
      );
  items.clear();
  events.forEach((event, at) => {
    for (const item of groups.size === 0 ? [] : passed[at]!) {
      const extractor = extractors[item]!;
      const count = extractor.extract(event);
      for (let k = 0; k < count; k++) {
        const list = groups.get(extractor.keys[k]!)?.[item];
        if (list !== undefined && list.length < perItem) list.push(event);
      }
    }
  });
  const complete = [...groups]
    .filter(([, group]) => group.every((list) => list.length > 0))
    .map(([key, group]) => ({ keys: decodeKey(key), group }));
  complete.sort((a, b) => compareKeys(a.keys, b.keys));
  const samples: SampleMatch<E>[] = [];
  for (const { keys, group } of complete) {
    if (samples.length >= options.size) break;
    const most = Math.min(options.maxSamplesPerKey, options.size - samples.length);
    if (!choose(group, most, (chosen) => samples.push({ keys, events: chosen }))) abandonedKeys++;
  }
  return { samples, truncatedKeys, abandonedKeys };
}

/** Items beyond the thirtieth share the bits of others: a key may then be taken for complete that is not. */
function bitOf(item: number): number {
  return 1 << (item % 30);
}

/** Distinct events, one of each list, up to `most` times; false where it took too many steps. */
function choose<E>(lists: readonly (readonly E[])[], most: number, onChoice: (chosen: E[]) => void): boolean {
  const chosen: E[] = [];
  const at = lists.map(() => 0);
  let left = most;
  let depth = 0;
  for (let steps = 0; left > 0; steps++) {
    if (steps > MAX_STEPS) return false;
    if (depth === lists.length) {
      onChoice([...chosen]);
      left--;
      depth--;
      chosen.pop();
      continue;
    }
    const list = lists[depth]!;
    const next = at[depth]!;
    if (next >= list.length) {
      if (depth === 0) return true;
      at[depth] = 0;
      depth--;
      chosen.pop();
      continue;
    }
    at[depth] = next + 1;
    const event = list[next]!;
    if (chosen.includes(event)) continue;
    chosen.push(event);
    depth++;
  }
  return true;
}
