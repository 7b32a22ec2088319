/**
 * JSON whose lines are ours: characters that some reader takes for a line break (U+0085, U+2028, U+2029) are written as escapes, as
 * others that cannot be seen.
 */

/** On one line, or by levels. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const WIDTH = 110;

/** JSON for people: what fits on a line is on one. */
export function jsonOf(value: unknown): string {
  return layout(value, 0);
}

function layout(value: unknown, used: number, indent = ""): string {
  const line = oneLine(value);
  if (line.length + used + indent.length <= WIDTH || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${layout(item, 1, inner)}`).join(",\n")}\n${indent}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{\n${entries
    .map(([key, item]) => {
      const name = `${jsonText(key)}: `;
      return `${inner}${name}${layout(item, name.length + 1, inner)}`;
    })
    .join(",\n")}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return jsonText(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${jsonText(key)}: ${oneLine(item)}`).join(", ")} }`;
}
