/** JSON text of any value, 64-bit integers kept whole. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? rawJson(item.toString()) : item), indent);
}

/** `JSON.rawJSON` (Node 22) writes a number as it stands; TypeScript does not know it yet. */
const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON;
