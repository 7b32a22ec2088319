/** Why a rule matched, or did not, as plain data that a face lays out. Texts hold what the log held: a face makes them safe to show. */
import {
  categoryText,
  reasons,
  seenText,
  type AlertExplanation,
  type EventDocument,
  type ExplainNode,
  type Explanation,
  type FilterExplanation,
  type StageExplanation,
} from "../../workbench/index.ts";
import { count } from "../format.ts";
import { JUNCTIONS, WORDS, type Outcome } from "../words.ts";
import { eventLine } from "./event.ts";

/** A condition of the rule, or what joins several. */
export interface ConditionView {
  readonly outcome: Outcome;
  /** The text in the query, or `all of`, `any of`, `not` where there are children. */
  readonly text: string;
  /** What the event has of the fields the condition reads: `process.name is "cmd.exe"`. Empty for what joins others. */
  readonly seen: string;
  readonly children: readonly ConditionView[];
  /** An alternative that need not hold, since another one does. */
  readonly unneeded: boolean;
}

/** An event that an explanation names. */
export interface EventMention {
  /** 0-based place among the events that were explained. */
  readonly index: number;
  readonly line: string;
}

/** A stage of a sequence; a rule of one event has a single one without number and text. */
export interface StageView {
  /** 1-based. */
  readonly number: number | null;
  readonly text: string | null;
  /** What `events` are to the stage; empty where that goes without saying. */
  readonly note: string;
  readonly events: readonly EventMention[];
  /** Further ones that are not listed. */
  readonly moreEvents: number;
  /** The stage's conditions against the event; empty where no event is looked at. */
  readonly conditions: readonly ConditionView[];
  /** What keeps the event from matching, a line each; empty where it matches. */
  readonly reasons: readonly string[];
}

export interface ExplanationView {
  readonly matches: boolean;
  readonly verdict: string;
  /** Of a sequence that did not match: what it waited for, a sentence each. */
  readonly waitedFor: readonly string[];
  readonly stages: readonly StageView[];
  /** The stage of a sequence at which it stopped; null for a match and for a rule of one event. */
  readonly stoppedAt: StageView | null;
}

type Sequence = Extract<Explanation, { readonly kind: "sequence" }>;

const MAX_MENTIONED = 10;

/** Why a query matches some events or does not. `events` are those that were explained. */
export function explanationView(explanation: Explanation, events: readonly EventDocument[]): ExplanationView {
  if (explanation.kind === "event") {
    const { event, explanation: filter } = explanation;
    return eventVerdict(filter, { note: filter.matches ? "Matched by" : "Nearest event", events: [mention(event, events)] });
  }
  const { waitedFor, stoppedAt } = explanation;
  const stages = explanation.stages.map((stage) => searchedStage(stage, events));
  return { ...progress(explanation), waitedFor, stages, stoppedAt: stoppedAt === null ? null : stages[stoppedAt]! };
}

/** Why the rule of an alert matched: each stage with the event that it matched. */
export function alertExplanationView({ explanation, events, stages }: AlertExplanation): ExplanationView {
  if (explanation.kind === "event") {
    // The alert has one event: it need not be named.
    return eventVerdict(explanation.explanation, { note: "", events: [] });
  }
  return {
    ...progress(explanation),
    waitedFor: explanation.waitedFor,
    stages: stages.map(({ number, text, event, filter }) =>
      event === null
        ? stageOf(number, text, { note: WORDS.absentEvent, events: [], filter: null })
        : stageOf(number, text, { note: "Matched by", events: [mention(event, events)], filter }),
    ),
    stoppedAt: null,
  };
}

function eventVerdict(filter: FilterExplanation, about: Pick<StageView, "note" | "events">): ExplanationView {
  const { matches } = filter;
  const stages = [stageOf(null, null, { ...about, filter })];
  return { matches, verdict: matches ? "Matches" : "Does not match", waitedFor: [], stages, stoppedAt: null };
}

function progress({ reached, needed }: Pick<Sequence, "reached" | "needed">): Pick<ExplanationView, "matches" | "verdict"> {
  const steps = `${count(reached)} of ${count(needed)} steps of the sequence`;
  return reached === needed ? { matches: true, verdict: `Matches: ${steps}` } : { matches: false, verdict: `Does not match: ${steps}` };
}

/** A stage for which all events were searched. */
function searchedStage({ number, text, missing, matching, nearest }: StageExplanation, events: readonly EventDocument[]): StageView {
  if (matching.length > 0)
    return stageOf(number, text, {
      note: missing ? "No event may match, and these do" : "Matched on its own by",
      events: matching.slice(0, MAX_MENTIONED).map((event) => mention(event, events)),
      moreEvents: Math.max(0, matching.length - MAX_MENTIONED),
      filter: null,
    });
  if (missing || nearest === null)
    return stageOf(number, text, { note: missing ? WORDS.absentEvent : "No event matches", events: [], filter: null });
  return stageOf(number, text, {
    note: "No event matches; nearest event",
    events: [mention(nearest.event, events)],
    filter: nearest.explanation,
  });
}

function stageOf(
  number: number | null,
  text: string | null,
  { note, events, moreEvents = 0, filter }: Pick<StageView, "note" | "events"> & { moreEvents?: number; filter: FilterExplanation | null },
): StageView {
  return {
    number,
    text,
    note,
    events,
    moreEvents,
    conditions: filter === null ? [] : conditionsOf(filter),
    reasons: filter === null ? [] : reasons(filter),
  };
}

function mention(index: number, events: readonly EventDocument[]): EventMention {
  return { index, line: eventLine(events[index]!) };
}

function conditionsOf({ category, condition }: FilterExplanation): ConditionView[] {
  const conditions = [conditionOf(condition, false)];
  if (category === null) return conditions;
  const { wanted, seen, holds } = category;
  return [
    {
      outcome: holds ? "true" : seen === undefined ? "missing" : "false",
      text: categoryText(wanted),
      seen: seenText([{ field: "event.category", value: seen }]),
      children: [],
      unneeded: false,
    },
    ...conditions,
  ];
}

function conditionOf(node: ExplainNode, unneeded: boolean): ConditionView {
  const decided = node.op === "or" && node.truth === "true";
  return {
    outcome: node.truth === "missing" && node.children.length > 0 ? "undecided" : node.truth,
    text: node.op === "is" ? node.text : JUNCTIONS[node.op],
    seen: seenText(node.seen),
    children: node.children.map((child) => conditionOf(child, decided && child.truth !== "true")),
    unneeded,
  };
}
