/** Command lines into arguments, in the two ways Elastic's pipelines do it. Both are linear in the length of the text. */

const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;

/** More arguments than this are not listed: a hostile line of two million blanks must not become two million strings. */
export const MAX_ARGUMENTS = 10_000;

/**
 * By the rules of Windows' `CommandLineToArgvW` as the C runtime before 2008 applied them: quotes are taken off, a doubled
 * quote inside quotes is one quote and ends them, backslashes count only before a quote. Used for Sysmon and PowerShell events.
 */
export function argumentsByWindows(line: string): string[] {
  const args: string[] = [];
  let at = 0;
  while (at < line.length && args.length < MAX_ARGUMENTS) {
    const first = line.charCodeAt(at);
    if (first === SPACE || first === TAB) {
      at++;
      continue;
    }
    let built = "";
    let start = at;
    let quoted = false;
    for (; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if ((code === SPACE || code === TAB) && !quoted) break;
      if (code !== QUOTE) continue;
      let slashes = 0;
      while (at - slashes > start && line.charCodeAt(at - slashes - 1) === BACKSLASH) slashes++;
      built += line.slice(start, at - slashes) + "\\".repeat(slashes >> 1);
      if ((slashes & 1) === 1) built += '"';
      else {
        if (quoted && line.charCodeAt(at + 1) === QUOTE) {
          built += '"';
          at++;
        }
        quoted = !quoted;
      }
      start = at + 1;
    }
    built += line.slice(start, at);
    args.push(built);
    at++;
  }
  return args;
}

/**
 * By white space outside quotes, quotes kept, and an empty argument between two blanks, as the Security pipeline does for
 * event 4688.
 */
export function argumentsByBlanks(line: string): string[] {
  const args: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < line.length && args.length < MAX_ARGUMENTS; at++) {
    const code = line.charCodeAt(at);
    if (code === QUOTE) quoted = !quoted;
    if (!quoted && isBlank(code)) {
      args.push(line.slice(start, at));
      start = at + 1;
    }
    if (at === line.length - 1) args.push(line.slice(start));
  }
  return args;
}

/** White space as Java's `Character.isWhitespace` has it, within what command lines hold. */
export function isBlank(code: number): boolean {
  return (code >= 9 && code <= 13) || (code >= 28 && code <= 32) || code === 0x3000 || (code >= 0x2000 && code <= 0x2006);
}
