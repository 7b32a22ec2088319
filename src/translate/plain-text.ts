/**
 * Texts of strangers (a title, an author, a description) without characters that some reader takes for the end of a line: what follows
 * one would be a key, a statement or a stanza of its own.
 */
import type { RuleMetadata } from "./translation.ts";

/** Control characters, the line and paragraph separators, and byte order marks: what many readers take for the end of a line, or drop. */
export const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const CONTROLS = new RegExp(`${CONTROL.source}+`, "g");
/** What Unicode, Python or YAML 1.1 take for the end of a line. */
const LINE_BREAK = /\r\n|[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/;

/** Whether a text has none of these: it may stand in a literal of a language that has no escapes for them. */
export function isPlainText(text: string): boolean {
  return !CONTROL.test(text);
}

/** A name or sentence on one line. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(CONTROLS, " ").replaceAll(/\s+/g, " ").trim();
}

/** Prose: its lines end in `\n` and in nothing else. */
export function plainLines(text: string): string {
  return text
    .toWellFormed()
    .split(LINE_BREAK)
    .map((line) => line.replaceAll("\t", "  ").replaceAll(CONTROLS, " ").trimEnd())
    .join("\n")
    .trim();
}

/** What every target is given: names and lists on one line, prose with plain line ends. */
export function plainMetadata(metadata: RuleMetadata): RuleMetadata {
  const lines = (texts: readonly string[]): string[] => texts.map(oneLine).filter((text) => text !== "");
  return {
    ...metadata,
    uuid: oneLine(metadata.uuid),
    id: oneLine(metadata.id),
    title: oneLine(metadata.title) || oneLine(metadata.id),
    description: plainLines(metadata.description),
    authors: lines(metadata.authors),
    license: oneLine(metadata.license),
    created: oneLine(metadata.created),
    modified: oneLine(metadata.modified),
    references: lines(metadata.references),
    falsePositives: lines(metadata.falsePositives),
    tags: lines(metadata.tags),
    guide: plainLines(metadata.guide),
    setup: plainLines(metadata.setup),
    exceptions: (metadata.exceptions ?? []).map((exception) => ({
      ...exception,
      title: oneLine(exception.title) || exception.id,
      owner: oneLine(exception.owner),
      reason: oneLine(exception.reason),
    })),
  };
}
