/** One item of a pipeline: a transformation, and when it applies. */
import type { SourceLocation } from "../../eql/index.ts";
import { mapItems, type DetectionItem, type Selection } from "../load/selection.ts";
import { SigmaError } from "../problem.ts";
import type { StepConditions } from "./conditions.ts";
import type { RuleState } from "./state.ts";

export type Transformation = (rule: RuleState, step: Step) => void;

export interface StepParts {
  readonly id: string | null;
  readonly type: string;
  readonly place: SourceLocation;
  readonly conditions: StepConditions;
  /** null where it is not supported. */
  readonly transformation: Transformation | null;
  /** What is not supported, in words: the transformation or one of its conditions. */
  readonly unsupported: string | null;
}

/** One that names the item of the pipeline. */
class StepError extends SigmaError {}

export class Step {
  readonly #parts: StepParts;

  constructor(parts: StepParts) {
    this.#parts = parts;
  }

  /** Throws a `SigmaError` where the rule cannot be changed as the pipeline says. */
  apply(rule: RuleState): void {
    const { id, conditions, transformation, unsupported, type } = this.#parts;
    if (!conditions.rule(rule)) return;
    if (unsupported !== null || transformation === null) {
      if (this.#touches(rule)) throw this.#error("sigma/pipeline-unsupported", `${unsupported ?? type} is not supported`, rule.span.from);
      return;
    }
    try {
      transformation(rule, this);
    } catch (error) {
      if (!(error instanceof SigmaError) || error instanceof StepError || !error.code.startsWith("sigma/pipeline-")) throw error;
      throw this.#error(error.code, error.message, error.offset, error.help);
    }
    if (id !== null) rule.applied.add(id);
  }

  /** Whether the conditions of the step allow this detection item. */
  allows(rule: RuleState, item: DetectionItem): boolean {
    return this.#parts.conditions.item(rule, item) && this.#allowsFields(rule, item);
  }

  field(rule: RuleState, name: string | null): boolean {
    return this.#parts.conditions.field(rule, name);
  }

  /** A field's new names, known from now on as given by this step. */
  named(rule: RuleState, name: string | null, names: readonly string[]): readonly string[] {
    const { id } = this.#parts;
    const before = (name === null ? undefined : rule.appliedToField.get(name)) ?? new Set<string>();
    for (const given of names) {
      if (given !== name) rule.given.add(given);
      rule.appliedToField.set(given, new Set([...before, ...(id === null ? [] : [id])]));
    }
    return names;
  }

  /** The selection with every item marked as changed by this step. */
  marked(selection: Selection): Selection {
    const { id } = this.#parts;
    if (id === null) return selection;
    return mapItems(selection, (item) => ({ ...item, applied: new Set([...(item.applied ?? []), id]) }))!;
  }

  #allowsFields(rule: RuleState, item: DetectionItem): boolean {
    const { field } = this.#parts.conditions;
    if (field(rule, item.field, item)) return true;
    return item.modifiers.includes("fieldref") && item.values.some(({ value }) => typeof value === "string" && field(rule, value, item));
  }

  /** Whether any detection item is one that the step would change; a rule as a whole where it has no conditions on items. */
  #touches(rule: RuleState): boolean {
    let touched = false;
    rule.changeItems((item) => {
      touched ||= this.allows(rule, item);
      return item;
    });
    return touched;
  }

  #error(code: string, message: string, offset: number, help: string | null = null): SigmaError {
    const { file, line } = this.#parts.place;
    return new StepError(code, `${message} (${file}, line ${line}); the rule is not run`, offset, help);
  }
}
