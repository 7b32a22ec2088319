import { h, replace } from "../dom.ts";
import type { ExceptionCondition, ExceptionDraft, Operator, ProposedException, RuleName, TuneAnswer } from "../protocol.ts";
import type { AlertView } from "../../report/index.ts";
import { effectPart, ruleExceptionPart } from "./tuning-effect.ts";

/** An alert for which an exception is sought. */
type TunedAlert = Pick<AlertView, "id" | "rule">;

export interface TuningPanelOptions {
  readonly effect: (draft: ExceptionDraft) => Promise<TuneAnswer>;
  /** The exception that fits an alert best; null where the alert is no longer kept. */
  readonly propose: (id: string) => Promise<ProposedException | null>;
  /** The page on which the server writes exceptions; null where it does not. */
  readonly writesAt: string | null;
  /** The day, `2026-11-24`. */
  readonly today: string;
}

const OPERATORS = {
  is: "is",
  starts: "starts with",
  ends: "ends with",
  contains: "contains",
  block: "is in the block",
} as const satisfies Record<Operator, string>;

const PARTS = {
  source: { title: "Source", hint: "the machine it comes from", fields: ["source.ip", "host.name", "winlog.event_data.WorkstationName"] },
  account: {
    title: "Account",
    hint: "who does it",
    fields: ["user.name", "winlog.event_data.SubjectUserName", "winlog.event_data.TargetUserName"],
  },
  artefact: {
    title: "Artefact",
    hint: "the program, service, file or share",
    fields: [
      "process.executable",
      "process.command_line",
      "process.name",
      "process.parent.executable",
      "winlog.event_data.ServiceName",
      "winlog.event_data.RelativeTargetName",
      "winlog.event_data.ShareName",
      "file.path",
    ],
  },
} as const;
type Part = keyof typeof PARTS;

/** How long after the last key the effect is worked out. */
const WAIT_MS = 200;
const DAYS = 90;

/** Writes an exception and shows at once what it suppresses: alerts of this hunt, and proof cases of the package. */
export class TuningPanel {
  readonly element = h("div", { class: "tuning-panel" });
  readonly #options: TuningPanelOptions;
  readonly #rules = h("select", { multiple: true, size: 6, id: "tune-rules" });
  readonly #rows: Record<Part, HTMLElement>;
  readonly #title = h("input", { type: "text", value: "", placeholder: "Backup server copies its agent" });
  readonly #owner = h("input", { type: "text", value: "", placeholder: "Backup team" });
  readonly #reason = h("input", { type: "text", value: "", placeholder: "Why it is harmless" });
  readonly #expires = h("input", { type: "date" });
  readonly #effect = h("div", { class: "tune-effect", "aria-live": "polite" });
  readonly #form: HTMLElement;
  /** Why the proposal for the alert is no safe one. */
  #refusal: readonly string[] = [];
  /** What is shown is of a rule of no package, and not written here. */
  #isOfRule = false;
  #timer = 0;
  #asked = 0;
  /** Alerts that exceptions were begun for. */
  #begun = 0;
  /** An exception is looked for: its effect follows. */
  #isLooking = false;

  constructor(options: TuningPanelOptions) {
    this.#options = options;
    const until = new Date(Date.parse(`${options.today}T00:00:00Z`) + DAYS * 86_400_000);
    this.#expires.value = until.toISOString().slice(0, 10);
    this.#rows = {
      source: this.#part("source"),
      account: this.#part("account"),
      artefact: this.#part("artefact"),
    };
    const change = (): void => this.#changed();
    for (const input of [this.#title, this.#owner, this.#reason, this.#expires]) input.addEventListener("input", change);
    this.#rules.addEventListener("change", change);
    this.#form = h(
      "form",
      { class: "tune-form", onsubmit: (event: Event) => event.preventDefault() },
      h("div", { class: "field" }, h("label", { for: "tune-rules" }, "Rules"), this.#rules),
      h("div", { class: "parts" }, this.#rows.source, this.#rows.account, this.#rows.artefact),
      h(
        "div",
        { class: "texts" },
        h("label", {}, "Title ", this.#title),
        h("label", {}, "Owner ", this.#owner),
        h("label", {}, "Reason ", this.#reason),
        h("label", {}, "Expires ", this.#expires),
      ),
    );
    replace(
      this.element,
      h(
        "p",
        { class: "soft" },
        "Every exclusion must name a source, an account and an artefact. Begin with an alert (open it, Add an exception for this), or write one here: which alerts of this hunt and which proof cases it affects stands below at once.",
      ),
      this.#form,
      this.#effect,
    );
  }

  setRules(rules: readonly RuleName[]): void {
    replace(
      this.#rules,
      rules.map(({ key, name }) => h("option", { value: key }, `${key.slice(key.lastIndexOf("/") + 1)} ${name}`)),
    );
  }

  /** Begins with the narrowest exception that an alert allows. */
  async begin(row: TunedAlert): Promise<void> {
    const begun = ++this.#begun;
    this.#isLooking = true;
    // What is being worked out belongs to what stood there before.
    this.#asked++;
    clearTimeout(this.#timer);
    this.#refusal = [];
    this.#isOfRule = false;
    // At once: what somebody writes while the exception is looked for stays.
    this.#title.value = "";
    replace(this.#effect, h("p", { class: "soft" }, "Looking for the narrowest exception …"));
    try {
      const proposed = await this.#options.propose(row.id);
      if (begun !== this.#begun) return;
      this.#isLooking = false;
      this.#begin(row, proposed);
    } catch (error) {
      if (begun !== this.#begun) return;
      this.#isLooking = false;
      replace(this.#effect, h("p", { class: "notice" }, String(error)));
    }
  }

  #begin(row: TunedAlert, proposed: ProposedException | null): void {
    this.#isOfRule = proposed?.kind === "rule";
    this.#form.hidden = this.#isOfRule;
    if (proposed?.kind === "rule") {
      replace(this.#effect, ruleExceptionPart(row, proposed));
      return;
    }
    for (const option of this.#rules.options) option.selected = option.value === row.rule;
    for (const part of ["source", "account", "artefact"] as const) {
      const list = this.#rows[part].querySelector(".condition-list")!;
      const conditions = proposed?.kind === "package" ? proposed.parts[part] : [];
      const lines = conditions.length > 0 ? conditions : [{ field: PARTS[part].fields[0], value: "" }];
      replace(
        list,
        lines.map(({ field, value }) => this.#condition(part, field, value)),
      );
    }
    if (proposed === null) this.#refusal = ["This alert is no longer kept: another hunt has begun."];
    else this.#refusal = proposed.kind === "none" ? [proposed.why] : proposed.problems;
    this.#changed();
    this.#rules.selectedOptions[0]?.scrollIntoView({ block: "nearest" });
    if (this.#title.value === "") this.#title.focus();
  }

  /** Another hunt has run: the same exception, other alerts. */
  refresh(): void {
    if (!this.#isOfRule) this.#changed();
  }

  #part(part: Part): HTMLElement {
    const list = h("div", { class: "condition-list" }, this.#condition(part, PARTS[part].fields[0], ""));
    const add = h("button", { type: "button", class: "quiet" }, "and …");
    add.setAttribute("aria-label", `and … another condition of the ${part}`);
    add.addEventListener("click", () => {
      const condition = this.#condition(part, PARTS[part].fields[1], "");
      list.append(condition);
      condition.querySelector("input")?.focus();
    });
    return h(
      "fieldset",
      { "data-part": part },
      h("legend", {}, PARTS[part].title, " ", h("span", { class: "soft" }, PARTS[part].hint)),
      list,
      add,
    );
  }

  #condition(part: Part, field: string, value: string): HTMLElement {
    const listId = `tune-fields-${part}`;
    const fields =
      document.getElementById(listId) === null
        ? h(
            "datalist",
            { id: listId },
            PARTS[part].fields.map((name) => h("option", { value: name })),
          )
        : null;
    const fieldInput = h("input", {
      type: "text",
      class: "mono",
      list: listId,
      value: field,
      "aria-label": `${PARTS[part].title}: field`,
      spellcheck: "false",
    });
    const operator = h(
      "select",
      { "aria-label": `${PARTS[part].title}: operator` },
      Object.entries(OPERATORS).map(([name, title]) => h("option", { value: name }, title)),
    );
    const valueInput = h("input", { type: "text", class: "mono", "aria-label": `${PARTS[part].title}: value`, spellcheck: "false" });
    valueInput.value = value;
    const remove = h("button", { type: "button", class: "quiet", "aria-label": `× remove this condition of the ${part}` }, "×");
    const line = h("div", { class: "condition" }, fieldInput, operator, valueInput, remove, fields);
    remove.addEventListener("click", () => {
      // The list of fields belongs to the first line and the last line stays: both are emptied instead.
      if (line.parentElement?.children.length === 1 || fields !== null) valueInput.value = "";
      else line.remove();
      this.#changed();
    });
    for (const input of [fieldInput, valueInput]) input.addEventListener("input", () => this.#changed());
    operator.addEventListener("change", () => this.#changed());
    return line;
  }

  #draft(): ExceptionDraft {
    const conditions = (part: Part): ExceptionCondition[] =>
      [...this.#rows[part].querySelectorAll(".condition")].map((line) => {
        const [field, value] = line.querySelectorAll("input");
        return { field: field!.value.trim(), operator: line.querySelector("select")!.value as Operator, value: value!.value };
      });
    return {
      rules: [...this.#rules.selectedOptions].map((option) => option.value),
      source: conditions("source"),
      account: conditions("account"),
      artefact: conditions("artefact"),
      title: this.#title.value.trim(),
      owner: this.#owner.value.trim(),
      reason: this.#reason.value.trim(),
      expires: this.#expires.value,
    };
  }

  #changed(): void {
    clearTimeout(this.#timer);
    if (this.#isLooking) return;
    this.#timer = window.setTimeout(() => void this.#work(), WAIT_MS);
  }

  async #work(): Promise<void> {
    const asked = ++this.#asked;
    const draft = this.#draft();
    const isEmpty = [...draft.source, ...draft.account, ...draft.artefact].every((c) => c.value === "");
    if (isEmpty || draft.rules.length === 0) {
      replace(this.#effect, h("p", { class: "soft" }, draft.rules.length === 0 ? "Choose the rules it is for." : "Write a value."));
      return;
    }
    try {
      const answer = await this.#options.effect(draft);
      if (asked === this.#asked) this.#show(answer);
    } catch (error) {
      if (asked === this.#asked) replace(this.#effect, h("p", { class: "notice" }, String(error)));
    }
  }

  #show(answer: TuneAnswer): void {
    const { writesAt } = this.#options;
    const key = this.#rules.selectedOptions[0]?.value ?? "";
    const target = { detection: key.slice(0, key.lastIndexOf("/")), writesAt };
    replace(this.#effect, effectPart(answer, this.#refusal, target));
  }
}
