/** A record's binary XML as an event. */
import { eventDataOf, renderingOf, windowsEventOf } from "../windows/event-element.ts";
import type { EventData, PackedData, RenderingInfo, WindowsEvent, WindowsSystem, XmlElement } from "../record.ts";
import { compileData, eventData } from "./data-plan.ts";
import { fill, fillElement } from "./fill.ts";
import { Fragment, Instance } from "./instance.ts";
import { InstanceData } from "./packed-data.ts";
import type { DataPlan, EventPlan, EventStep } from "./plan.ts";
import { compileSystem, systemOf } from "./system-plan.ts";
import type { Template } from "./template.ts";

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

interface Content {
  eventData: EventData | null;
  userData: XmlElement | null;
  rendering: RenderingInfo | null;
  other: readonly XmlElement[];
}

/** An event of a template: each part is made when it is asked for, its elements only for who wants to render it. */
class EvtxEvent implements WindowsEvent {
  readonly #instance: Instance;
  readonly #plan: EventPlan;
  #system: WindowsSystem | null = null;
  #content: Content | null = null;
  #packed: PackedData | null | undefined;
  #root: XmlElement | null = null;

  constructor(instance: Instance, plan: EventPlan) {
    this.#instance = instance;
    this.#plan = plan;
  }

  get system(): WindowsSystem {
    return (this.#system ??= systemOf(this.#plan.system, this.#instance));
  }

  get eventData(): EventData | null {
    return (this.#content ??= contentOf(this.#plan.steps, this.#instance)).eventData;
  }

  get userData(): XmlElement | null {
    return this.#beside().userData;
  }

  get rendering(): RenderingInfo | null {
    return this.#beside().rendering;
  }

  get other(): readonly XmlElement[] {
    return this.#beside().other;
  }

  /** What is beside the event data: nothing where that is packed. */
  #beside(): Omit<Content, "eventData"> {
    return this.packedData === null ? (this.#content ??= contentOf(this.#plan.steps, this.#instance)) : NOTHING;
  }

  get packedData(): PackedData | null {
    if (this.#packed === undefined) this.#packed = packedOf(this.#plan.steps, this.#instance);
    return this.#packed;
  }

  get root(): XmlElement {
    if (this.#root === null) {
      const elements: XmlElement[] = [];
      fillElement(this.#plan.root, this.#instance, [], elements);
      this.#root = elements[0]!;
    }
    return this.#root;
  }
}

const NOTHING: Omit<Content, "eventData"> = { userData: null, rendering: null, other: NONE };

function contentOf(steps: readonly EventStep[], instance: Instance): Content {
  const content: Content = { eventData: null, userData: null, rendering: null, other: NONE };
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (step.kind === "data") content.eventData = eventData(step.plan, instance);
    else if (step.kind === "slot") {
      const inner = instance.value(step.slot);
      if (!(inner instanceof Instance || inner instanceof Fragment)) continue;
      const data = inner instanceof Instance ? dataPlan(inner.template) : null;
      if (data !== null) content.eventData = eventData(data, inner as Instance);
      else for (const element of fill(inner)) take(element, content);
    } else {
      const elements: XmlElement[] = [];
      fillElement(step.element, instance, [], elements);
      for (const element of elements) take(element, content);
    }
  }
  return content;
}

const NO_DATA: PackedData = { names: [], value: () => null, span: () => false };

function packedOf(steps: readonly EventStep[], instance: Instance): PackedData | null {
  const [step] = steps;
  if (step === undefined) return NO_DATA;
  if (steps.length > 1 || step.kind === "element") return null;
  const data = step.kind === "data" ? instance : instance.value(step.slot);
  if (data === null) return NO_DATA;
  if (!(data instanceof Instance)) return null;
  const plan = step.kind === "data" ? step.plan : dataPlan(data.template);
  if (plan === null || plan.names === null || data.nested !== null) return null;
  return new InstanceData(plan.names, plan.items, data);
}

function take(element: XmlElement, content: Content): void {
  switch (element.name) {
    case "EventData":
      content.eventData = eventDataOf(element);
      break;
    case "UserData":
      content.userData = element.children.find((child) => typeof child !== "string") ?? null;
      break;
    case "RenderingInfo":
      content.rendering = renderingOf(element);
      break;
    default:
      content.other = [...content.other, element];
  }
}
