/**
 * The same text for parts of a condition that mean the same, wherever in the query they stand: where they come from (`span`,
 * `nameSpan`, ...) is left out.
 */
export function identityOf(part: unknown): string {
  return JSON.stringify(part, (name, value: unknown) => {
    if (/span$/i.test(name)) return undefined;
    // JSON has neither of these numbers; as an object none is taken for a text.
    const unwritable = typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value));
    return unwritable ? { number: String(value) } : value;
  });
}
