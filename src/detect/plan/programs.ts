import { widened, type Program } from "./program.ts";

/** Events of a log source after which its anchors are chosen again, by what was seen. */
const RETUNE_AT = [256, 8_192];
/** Places in the programs of all log sources together: 16 MB. */
const MAX_PLACES = 4_000_000;
/** However large they are. */
const LEAST = 8;
/** Filters of a log source that make its program a large one, and how many of these are made at once. */
const LARGE = 256;
const MAX_LARGE = 8;

export interface ProgramMaker {
  /** The filters that a log source does not rule out, made ready. @param guards of each guard whether it holds; null: nothing is known. */
  open(guards: Uint8Array | null): readonly number[];
  make(open: readonly number[], guards: Uint8Array | null): Program;
}

/** The program of each log source, made when the log source comes. Bounded: when there are too many it starts anew. */
export class Programs {
  readonly #maker: ProgramMaker;
  #generation = 0;
  /** Of each log source its program, and the events seen before it had one. */
  #programs: (Program | null)[] = [];
  #sightings: number[] = [];
  #count = 0;
  #large = 0;
  /** For log sources without a program of their own. */
  #general: Program | null = null;

  constructor(maker: ProgramMaker) {
    this.#maker = maker;
  }

  /**
   * The program for an event, which is counted.
   * @param source number of the log source, -1: it has none. @param guards of each guard whether it holds.
   * @param generation another one than before: numbers of before mean nothing any more.
   */
  of(source: number, guards: Uint8Array, generation: number): Program {
    if (source < 0) return this.#generalProgram();
    if (this.#generation !== generation) {
      this.#generation = generation;
      this.#forget();
    }
    const program = this.#programs[source] ?? null;
    if (program === null) return this.#newProgram(source, guards);
    program.events++;
    if (program.events !== RETUNE_AT[0] && program.events !== RETUNE_AT[1]) return program;
    const tuned = this.#maker.make(this.#maker.open(guards), guards);
    tuned.events = program.events;
    this.#programs[source] = tuned;
    return tuned;
  }

  /** There are more predicates now. */
  widen(predicates: number): void {
    this.#programs = this.#programs.map((program) => (program === null ? null : widened(program, predicates)));
    if (this.#general !== null) this.#general = widened(this.#general, predicates);
  }

  #generalProgram(): Program {
    return (this.#general ??= this.#maker.make(this.#maker.open(null), null));
  }

  #forget(): void {
    this.#programs = [];
    this.#sightings = [];
    this.#count = 0;
    this.#large = 0;
  }

  #newProgram(source: number, guards: Uint8Array): Program {
    while (this.#sightings.length <= source) {
      this.#programs.push(null);
      this.#sightings.push(0);
    }
    const open = this.#maker.open(guards);
    const isLarge = open.length >= LARGE;
    // A large one is worth making for a log source that comes again; the first few are made at once.
    const wait = !isLarge || this.#large < MAX_LARGE ? 0 : 2 + open.length / 100;
    if (this.#sightings[source]!++ < wait) return this.#generalProgram();
    const program = this.#maker.make(open, guards);
    if (this.#count >= LEAST && (this.#count + 1) * program.places.length > MAX_PLACES) {
      this.#forget();
      return this.#newProgram(source, guards);
    }
    this.#count++;
    if (isLarge) this.#large++;
    return (this.#programs[source] = program);
  }
}
