/** The shape of a value: what stays when the same job runs again. What changes from run to run becomes `*`. */

/** Longer values are no names any more; the shape keeps their beginning. */
const MAX_LENGTH = 400;

/**
 * `C:\Temp\RAWS_20261124\setup.exe` -> `C:\Temp\RAWS_*\setup.exe`: GUIDs, dates, times, process numbers and random names (runs of
 * four digits or more, of eight hex digits or more that have a digit) become `*`. A host's address or name stays.
 */
export function shapeOf(value: string): string {
  const cut = value.length > MAX_LENGTH;
  const text = cut ? value.slice(0, MAX_LENGTH) : value;
  const shaped = text.replaceAll(/[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*/g, (word) =>
    isVolatile(word) ? "*" : word.replaceAll(/[0-9]{4,}/g, "*"),
  );
  return `${shaped}${cut ? "*" : ""}`.replaceAll(/\*{2,}/g, "*");
}

function isVolatile(word: string): boolean {
  if (/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(word)) return true;
  if (/^\d{4}-\d{2}-\d{2}/.test(word)) return true;
  return /^[0-9A-Fa-f]{8,}$/.test(word) && /\d/.test(word);
}
