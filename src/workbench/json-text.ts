/** `JSON.rawJSON` writes a number as it stands; where it is not there (older browsers) the digits are text. */
const rawJson = (JSON as unknown as { readonly rawJSON?: (text: string) => unknown }).rawJSON;

/** What `JSON.stringify` calls for each value, so that 64-bit integers stay whole. */
function wholeIntegers(_key: string, item: unknown): unknown {
  return typeof item === "bigint" ? (rawJson?.(item.toString()) ?? item.toString()) : item;
}

/** JSON of any value, with 64-bit integers whole. `text` may change each string, to cut it. */
export function jsonText(value: unknown, indent?: number, text?: (text: string) => string): string {
  if (text === undefined) return plainText(value, indent) ?? JSON.stringify(value, wholeIntegers, indent);
  return JSON.stringify(value, (key, item: unknown) => (typeof item === "string" ? text(item) : wholeIntegers(key, item)), indent);
}

/** A function that is called for each value makes writing several times slower, and few documents hold such an integer: null where one does. */
function plainText(value: unknown, indent: number | undefined): string | null {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
