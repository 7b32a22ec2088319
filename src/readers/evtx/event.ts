/** A record's binary XML as an event. */
import { eventDataOf, renderingOf, windowsEventOf } from "../windows/event-element.ts";
import type { EventData, RenderingInfo, WindowsEvent, WindowsSystem, XmlElement } from "../record.ts";
import { compileData, eventData } from "./data-plan.ts";
import { fill, fillElement } from "./fill.ts";
import { type Fragment, Instance } from "./instance.ts";
import type { DataPlan, EventPlan, EventStep } from "./plan.ts";
import { compileSystem, systemOf } from "./system-plan.ts";
import type { Template } from "./template.ts";
import type { TemplateElement } from "./tree.ts";

/** Null when it holds no `<Event>` with a `<System>`. */
export function eventOf(source: Instance | Fragment): WindowsEvent | null {
  if (source instanceof Instance) {
    const plan = (source.template.event ??= compileEvent(source.template));
    if (plan !== null) return new EvtxEvent(source, plan);
  }
  const root = fill(source).find((element) => element.name === "Event");
  return root === undefined ? null : windowsEventOf(root);
}

function compileEvent(template: Template): EventPlan | null {
  const [root, second] = template.elements;
  if (root === undefined || second !== undefined || root.name !== "Event") return null;
  let system = null;
  const steps: EventStep[] = [];
  for (const child of root.children) {
    if (typeof child === "string") continue;
    if ("inner" in child) return null;
    if ("slot" in child) steps.push({ kind: "slot", slot: child.slot });
    else if (child.name === "System") {
      if (system !== null) return null;
      system = compileSystem(child);
      if (system === null) return null;
    } else {
      const plan = compileData(child);
      steps.push(plan === null ? { kind: "element", element: child } : { kind: "data", plan });
    }
  }
  return system === null ? null : { system, steps, root };
}

function dataPlan(template: Template): DataPlan | null {
  if (template.data === undefined) {
    const [root, second] = template.elements;
    template.data = root === undefined || second !== undefined ? null : compileData(root);
  }
  return template.data;
}

const NONE: readonly XmlElement[] = [];

/** An event of a template: its parts are made at once, its elements only for who wants to render it. */
class EvtxEvent implements WindowsEvent {
  readonly system: WindowsSystem;
  eventData: EventData | null = null;
  userData: XmlElement | null = null;
  rendering: RenderingInfo | null = null;
  other: readonly XmlElement[] = NONE;
  readonly #instance: Instance;
  readonly #element: TemplateElement;
  #root: XmlElement | null = null;

  constructor(instance: Instance, plan: EventPlan) {
    const { values } = instance;
    this.#instance = instance;
    this.#element = plan.root;
    this.system = systemOf(plan.system, values);
    const { steps } = plan;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      if (step.kind === "data") this.eventData = eventData(step.plan, values);
      else if (step.kind === "slot") {
        const value = values[step.slot];
        if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
        const inner = value as Instance | Fragment;
        const data = inner instanceof Instance ? dataPlan(inner.template) : null;
        if (data !== null) this.eventData = eventData(data, (inner as Instance).values);
        else for (const element of fill(inner)) this.#take(element);
      } else {
        const elements: XmlElement[] = [];
        fillElement(step.element, values, [], elements);
        for (const element of elements) this.#take(element);
      }
    }
  }

  #take(element: XmlElement): void {
    switch (element.name) {
      case "EventData":
        this.eventData = eventDataOf(element);
        break;
      case "UserData":
        this.userData = element.children.find((child) => typeof child !== "string") ?? null;
        break;
      case "RenderingInfo":
        this.rendering = renderingOf(element);
        break;
      default:
        this.other = [...this.other, element];
    }
  }

  get root(): XmlElement {
    if (this.#root === null) {
      const elements: XmlElement[] = [];
      fillElement(this.#element, this.#instance.values, [], elements);
      this.#root = elements[0]!;
    }
    return this.#root;
  }
}
