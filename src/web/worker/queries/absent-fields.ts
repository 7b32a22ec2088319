import { doubtedField, valueAt, type Diagnostic, type EventDocument } from "../../../workbench/index.ts";
import { diagnosticText } from "./result.ts";

/** Fields that a query names and no event has: it answers, and nobody would know why it finds nothing. */
export class AbsentFields {
  readonly #absent: Set<string>;

  constructor(fields: Iterable<string>) {
    this.#absent = new Set(fields);
  }

  event(event: EventDocument): void {
    for (const field of this.#absent) if (valueAt(event, field) !== undefined) this.#absent.delete(field);
  }

  /** Sentences: the fields that no event has, and what else the checker doubts. What it says of a field that is there is left out. */
  doubts(diagnostics: readonly Diagnostic[]): string[] {
    const ofFields = new Map(diagnostics.flatMap((d) => (doubtedField(d) === null ? [] : [[doubtedField(d), d] as const])));
    const absent = [...this.#absent].map((field) => {
      const doubt = ofFields.get(field);
      return doubt === undefined ? `No event has the field \`${field}\`.` : diagnosticText(doubt);
    });
    return [...absent, ...diagnostics.filter((d) => d.severity !== "error" && doubtedField(d) === null).map(diagnosticText)];
  }
}
