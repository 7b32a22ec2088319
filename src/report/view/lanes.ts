/**
 * What happened between hosts as a picture: a lane for each host, time across, an arrow for each act that goes from one to another, a dot
 * for one that stays. This says what to draw and where; `lanes-picture.ts` draws it.
 */
import { SEVERITIES, UTC, visible, type Severity, type TimeZone } from "../../workbench/index.ts";
import { clockText, count, durationText, plural } from "../format.ts";
import { WORDS } from "../words.ts";
import type { ActSummary } from "./act.ts";

export interface LaneAct extends Pick<
  ActSummary,
  "id" | "title" | "noun" | "severity" | "from" | "to" | "accounts" | "ms" | "lastMs" | "apart"
> {
  /** What stands in its dot: the number by which a list names it. */
  readonly mark: string;
}

export interface LaneOptions {
  /** Units across; one is a pixel where the picture is not scaled. */
  readonly width?: number;
  /** Hosts with a lane of their own; the others share one. */
  readonly maxHosts?: number;
  readonly zone?: TimeZone;
}

export interface LanesView {
  readonly width: number;
  readonly height: number;
  /** What the picture shows, in a sentence. */
  readonly label: string;
  /** From where to where a lane goes. */
  readonly left: number;
  readonly right: number;
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
  /** Where nothing happened for long, the time is folded. */
  readonly folds: readonly { readonly x: number; readonly text: string }[];
  readonly ticks: readonly { readonly x: number; readonly text: string; readonly anchor: "start" | "middle" | "end" }[];
  /** Where the texts of folds stand, and those of times. */
  readonly foldY: number;
  readonly footY: number;
  /** What is not drawn, a sentence each. */
  readonly notes: readonly string[];
  /** Where times lie: between two of these the time runs evenly. */
  readonly stops: readonly Stop[];
}

export interface Lane {
  readonly y: number;
  /** Safe to show; cut where it is long. */
  readonly name: string;
  readonly title: string;
  /** Of several hosts. */
  readonly isRest: boolean;
}

/** One act, or several of the same way that lie too close to be told apart. */
export interface Arrow {
  readonly ids: readonly string[];
  readonly x: number;
  readonly fromY: number;
  /** The same as `fromY` for an act on one host. */
  readonly toY: number;
  readonly severity: Severity;
  readonly isApart: boolean;
  readonly mark: string;
  readonly title: string;
  /** What and who, in a line or in two; null where there is no room for it. `y` is of the first line. */
  readonly label: { readonly x: number; readonly y: number; readonly lines: readonly string[] } | null;
}

interface Stop {
  readonly ms: number;
  readonly x: number;
}

const WIDTH = 1000;
const TOP = 26;
const RIGHT = 16;
const MAX_HOSTS = 10;
/** Acts of one way this close are one arrow; twice that where there are many. */
const CLOSE = 14;
const MANY_ARROWS = 60;
const MIN_FOLD_MS = 10 * 60_000;
/** A gap is folded when it takes this much of what is not folded yet. */
const FOLD_SHARE = 0.3;
const MAX_FOLDS = 8;
const FOLD_WIDTH = 44;
/** How wide a character of a label is. */
const CHAR = 7;
const MAX_LABEL = 26;
/** From one line of a label to the next. */
const LINE = 15;

/** Null where no act has a time and a host. */
export function lanesView(
  acts: readonly LaneAct[],
  { width = WIDTH, maxHosts = MAX_HOSTS, zone = UTC }: LaneOptions = {},
): LanesView | null {
  const timed = acts.filter(({ ms, from, to }) => !Number.isNaN(ms) && (from !== "" || to !== "")).sort((a, b) => a.ms - b.ms);
  if (timed.length === 0) return null;
  const left = width < 600 ? 92 : 150;
  const right = width - RIGHT;
  const hosts = hostsOf(timed);
  const own = new Set(ranked(timed, hosts).slice(0, hosts.length === maxHosts + 1 ? hosts.length : maxHosts));
  const rest = hosts.length - own.size;
  const step = own.size <= 6 ? 46 : 34;
  const lanes: Lane[] = hosts
    .filter((host) => own.has(host))
    .map((host, i) => ({ y: TOP + i * step, name: nameText(host, left), title: visible(host.slice(0, 200)), isRest: false }));
  const laneOf = new Map(hosts.filter((host) => own.has(host)).map((host, i) => [host, lanes[i]!.y]));
  const restY = TOP + lanes.length * step;
  if (rest > 0) lanes.push({ y: restY, name: `and ${count(rest)} more`, title: `and ${count(rest)} more hosts`, isRest: true });
  const { stops, folds } = scaleOf(timed, left + 18, right - 18);
  const lastY = lanes.at(-1)!.y;
  const foldY = lastY + 27;
  const footY = foldY + (folds.length > 0 ? 17 : 4);
  const drawn = (close: number): Arrow[] =>
    arrowsOf(
      timed,
      (host) => laneOf.get(host) ?? restY,
      (ms) => xAt(stops, ms),
      close,
    );
  const apart = drawn(CLOSE);
  const arrows = withLabels(apart.length > MANY_ARROWS ? drawn(2 * CLOSE) : apart, { left, right, bottom: lastY + 12 });
  const [first, last] = [timed[0]!, timed.at(-1)!];
  const without = acts.length - timed.length;
  return {
    width,
    height: footY + 10,
    label: `${plural(timed.length, "act")} on ${plural(hosts.length, "host")}, ${clockText(first.ms, zone)} to ${clockText(last.ms, zone)} ${zone.name}`,
    left,
    right,
    lanes,
    arrows,
    folds: folds.map(({ x, ms }) => ({ x, text: `${durationText(ms / 1000)} idle` })),
    ticks: ticksOf(stops, zone, width),
    foldY,
    footY,
    notes: [
      ...(rest > 0 ? [`${count(rest)} of ${plural(hosts.length, "host")} share a lane.`] : []),
      ...(without > 0 ? [`Not drawn: ${plural(without, "act")} without a time or a host.`] : []),
    ],
    stops,
  };
}

/** The time at a place of the picture, in milliseconds since 1970. */
export function msAt({ stops }: Pick<LanesView, "stops">, x: number): number {
  return between(stops, x, "x", "ms");
}

function xAt(stops: readonly Stop[], ms: number): number {
  return between(stops, ms, "ms", "x");
}

function between(stops: readonly Stop[], value: number, of: "x" | "ms", to: "x" | "ms"): number {
  const [first, last] = [stops[0]!, stops.at(-1)!];
  if (value <= first[of]) return first[to];
  if (value >= last[of]) return last[to];
  let [low, high] = [0, stops.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (stops[middle]![of] <= value) low = middle;
    else high = middle;
  }
  const [a, b] = [stops[low]!, stops[high]!];
  return a[to] + ((value - a[of]) / (b[of] - a[of] || 1)) * (b[to] - a[to]);
}

/** In the order in which they come into it; those that nothing but ordinary work may concern come last. */
function hostsOf(acts: readonly LaneAct[]): string[] {
  const ordered = [...acts.filter(({ apart }) => apart === null), ...acts.filter(({ apart }) => apart !== null)];
  return [...new Set(ordered.flatMap(({ from, to }) => [from, to].filter((host) => host !== "")))];
}

/** Those with the gravest acts first, then those with the most. */
function ranked(acts: readonly LaneAct[], hosts: readonly string[]): string[] {
  const score = new Map<string, number>();
  for (const { from, to, severity, apart } of acts) {
    const weight = (apart === null ? 1_000_000 : 0) * (SEVERITIES.indexOf(severity) + 1);
    for (const host of [from, to]) {
      if (host === "") continue;
      const known = score.get(host) ?? 0;
      const worst = Math.max(Math.floor(known / 1_000_000) * 1_000_000, weight);
      score.set(host, worst + Math.min(999_999, (known % 1_000_000) + (to === "" ? 1 : 3)));
    }
  }
  return [...hosts].sort((a, b) => score.get(b)! - score.get(a)!);
}

/** Where times lie. Each distinct time gets a little room of its own, the rest goes by length, and what is long and empty is folded. */
function scaleOf(acts: readonly LaneAct[], from: number, to: number): { stops: Stop[]; folds: { x: number; ms: number }[] } {
  const times = [...new Set(acts.map(({ ms }) => ms))];
  if (times.length === 1)
    return {
      stops: [
        { ms: times[0]! - 1, x: from },
        { ms: times[0]!, x: (from + to) / 2 },
        { ms: times[0]! + 1, x: to },
      ],
      folds: [],
    };
  const gaps = times.slice(1).map((ms, i) => ms - times[i]!);
  const folded = new Set<number>();
  const order = gaps.map((_, i) => i).sort((a, b) => gaps[b]! - gaps[a]!);
  let open = gaps.reduce((sum, gap) => sum + gap, 0);
  for (const i of order.slice(0, MAX_FOLDS)) {
    if (gaps[i]! < MIN_FOLD_MS || gaps[i]! < FOLD_SHARE * open) break;
    folded.add(i);
    open -= gaps[i]!;
  }
  const fold = Math.min(FOLD_WIDTH, (to - from) / (2 * folded.size + 1));
  const room = to - from - folded.size * fold;
  const free = gaps.length - folded.size;
  const least = free === 0 ? 0 : Math.min(22, (0.6 * room) / free);
  const each = open > 0 ? (room - least * free) / open : 0;
  const stops: Stop[] = [{ ms: times[0]!, x: from }];
  const folds: { x: number; ms: number }[] = [];
  let x = from;
  gaps.forEach((gap, i) => {
    const wide = folded.has(i) ? fold : least + gap * each;
    if (folded.has(i)) folds.push({ x: round(x + wide / 2), ms: gap });
    x += wide;
    stops.push({ ms: times[i + 1]!, x: round(x) });
  });
  // With nothing but folds the room is left over: it goes to both sides alike.
  const spare = free === 0 ? (to - x) / 2 : 0;
  return {
    stops: stops.map((stop) => ({ ...stop, x: round(stop.x + spare) })),
    folds: folds.map((one) => ({ ...one, x: round(one.x + spare) })),
  };
}

function arrowsOf(acts: readonly LaneAct[], laneOf: (host: string) => number, xOf: (ms: number) => number, close: number): Arrow[] {
  const latest = new Map<string, { arrow: Arrow; acts: LaneAct[] }>();
  const all: { arrow: Arrow; acts: LaneAct[] }[] = [];
  for (const act of acts) {
    const [from, to] = act.from === "" ? [act.to, ""] : [act.from, act.to];
    const fromY = laneOf(from);
    const toY = to === "" ? fromY : laneOf(to);
    const x = round(xOf(act.ms));
    const key = `${fromY} ${toY} ${to === ""}`;
    const before = latest.get(key);
    if (before !== undefined && x - before.arrow.x < close) {
      before.acts.push(act);
      continue;
    }
    const fresh = {
      arrow: { ids: [], x, fromY, toY, severity: act.severity, isApart: true, mark: act.mark, title: act.title, label: null },
      acts: [act],
    };
    latest.set(key, fresh);
    all.push(fresh);
  }
  return all.map(({ arrow, acts: own }) => {
    const gravest = own.reduce((best, act) => (rankOf(act) > rankOf(best) ? act : best));
    const title = visible(gravest.title.slice(0, 300));
    return {
      ...arrow,
      ids: own.map(({ id }) => id),
      severity: gravest.severity,
      isApart: gravest.apart !== null,
      mark: own.length === 1 ? gravest.mark : `${gravest.mark}+`,
      title: own.length === 1 ? title : `${title}, and ${plural(own.length - 1, "more act")}`,
      label: { x: 0, y: 0, lines: labelLines(gravest, own.length) },
    };
  });
}

function rankOf({ severity, apart }: LaneAct): number {
  return SEVERITIES.indexOf(severity) + (apart === null ? 10 : 0);
}

function labelLines({ noun, accounts }: LaneAct, n: number): string[] {
  const shorten = (text: string): string => visible(text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text);
  const lines = [shorten(noun), ...(accounts[0] === undefined ? [] : [shorten(accounts[0])])];
  return n > 1 ? [...lines.slice(0, -1), `${lines.at(-1)!} +${count(n - 1)}`] : lines;
}

/** Labels where they cover neither each other nor an arrow's line or dot; the gravest acts choose first. */
function withLabels(
  arrows: readonly Arrow[],
  { left, right, bottom }: { readonly left: number; readonly right: number; readonly bottom: number },
): Arrow[] {
  const taken: Box[] = [];
  for (const { x, fromY, toY } of arrows) taken.push({ x1: x - 9, x2: x + 9, y1: Math.min(fromY, toY) - 9, y2: Math.max(fromY, toY) + 9 });
  const labels = new Map<Arrow, Arrow["label"]>();
  const order = [...arrows].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  const boxOf = ({ x, y }: { x: number; y: number }, wide: number, lines: number): Box => ({
    x1: x - 3,
    x2: x + wide + 3,
    y1: y - 11,
    y2: y + 4 + (lines - 1) * LINE,
  });
  const isFree = (box: Box): boolean =>
    box.x1 >= left &&
    box.x2 <= right + 12 &&
    box.y1 >= 0 &&
    box.y2 <= bottom &&
    taken.every((other) => box.x2 < other.x1 || box.x1 > other.x2 || box.y2 < other.y1 || box.y1 > other.y2);
  for (const arrow of order) {
    const found = [[arrow.label!.lines.join(" · ")], arrow.label!.lines].flatMap((lines) => {
      const wide = Math.max(...lines.map(({ length }) => length)) * CHAR;
      const place = placesOf(arrow, wide, (lines.length - 1) * LINE).find((at) => isFree(boxOf(at, wide, lines.length)));
      return place === undefined ? [] : [{ place, wide, lines }];
    })[0];
    if (found === undefined) continue;
    taken.push(boxOf(found.place, found.wide, found.lines.length));
    labels.set(arrow, { x: round(found.place.x), y: round(found.place.y), lines: found.lines });
  }
  return arrows.map((arrow) => ({ ...arrow, label: labels.get(arrow) ?? null }));
}

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

/** Where a label of an arrow may stand, the best places first. @param extra how much higher it is than one line. */
function placesOf({ x, fromY, toY }: Arrow, wide: number, extra: number): { readonly x: number; readonly y: number }[] {
  if (fromY === toY)
    return [fromY - 13 - extra, fromY + 22].flatMap((y) => [
      { x: x - wide / 2, y },
      { x: x - 9, y },
      { x: x - wide + 9, y },
    ]);
  const down = toY > fromY;
  const ys = [(fromY + toY - extra) / 2 + 4, down ? fromY + 19 : fromY - 11 - extra, down ? toY - 11 - extra : toY + 19];
  return ys.flatMap((y) => [
    { x: x + 13, y },
    { x: x - wide - 13, y },
  ]);
}

/** The name of a host, cut to what fits beside its lane. */
function nameText(host: string, room: number): string {
  const most = Math.floor((room - 16) / 7.2);
  return host === "" ? WORDS.noHost : visible(host.length > most ? `${host.slice(0, most - 1)}…` : host);
}

/** The first and the last time, and those beside what is folded, where they do not run into each other. */
function ticksOf(stops: readonly Stop[], zone: TimeZone, width: number): LanesView["ticks"] {
  const day = (ms: number): string => clockText(ms, zone).slice(0, 10);
  const [first, last] = [stops[0]!, stops.at(-1)!];
  const many = day(first.ms) !== day(last.ms);
  const ticks: { x: number; text: string; anchor: "start" | "middle" | "end" }[] = [];
  let [taken, shownDay] = [-Infinity, ""];
  const most = width < 600 ? 4 : 10;
  const every = Math.max(1, Math.ceil((stops.length - 1) / most));
  stops.forEach((stop, i) => {
    if (i !== stops.length - 1 && i % every !== 0) return;
    const clock = clockText(stop.ms, zone).slice(11, 19);
    const date = day(stop.ms);
    const text = date === shownDay || (!many && shownDay !== "") ? clock : `${date} ${clock}`;
    const wide = text.length * CHAR;
    const anchor = stop === first ? "start" : stop === last ? "end" : "middle";
    const begins = anchor === "start" ? stop.x : anchor === "end" ? stop.x - wide : stop.x - wide / 2;
    if (begins < taken + 10) return;
    ticks.push({ x: stop.x, text, anchor });
    taken = begins + wide;
    shownDay = date;
  });
  return ticks;
}

/** A tenth of a unit is finer than what is drawn. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
