/** JSON for people: what fits on a line stands on one. */

const WIDTH = 110;

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
      const name = `${JSON.stringify(key)}: `;
      return `${inner}${name}${layout(item, name.length + 1, inner)}`;
    })
    .join(",\n")}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`).join(", ")} }`;
}
