/**
 * The order in which Java's `HashMap` lists text keys. Elastic's pipelines walk such maps when they list flags and hashes, so the
 * order of those arrays in an indexed document is this one; to be equal we need it. `lastFirst`: the map was filled from the last
 * key to the first.
 */
export function inHashMapOrder(keys: readonly string[], lastFirst = false): string[] {
  let capacity = 16;
  while (keys.length > capacity * 0.75) capacity *= 2;
  const buckets: string[][] = Array.from({ length: capacity }, () => []);
  for (const key of keys) {
    const hash = javaHash(key);
    buckets[(hash ^ (hash >>> 16)) & (capacity - 1)]!.push(key);
  }
  if (lastFirst) for (const bucket of buckets) bucket.reverse();
  return buckets.flat();
}

function javaHash(key: string): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return hash;
}
