import { EventScan, Reading, type EventBatch, type PartEnd, type ReadCounts, type SourceReading } from "../../workbench/index.ts";
import { readFoundFile } from "../input.ts";
import type { Control } from "./control.ts";
import type { ScanTask, Scanned, UnitEnd } from "./messages.ts";

/** Scans the units that no other thread takes, until there is none. */
export class UnitScanner {
  readonly #task: ScanTask;
  readonly #control: Control;
  readonly #emit: (message: Scanned) => void;
  readonly #pause: (unit: number) => Promise<void> | undefined;
  readonly #scan: EventScan;
  #unit = 0;
  #reading: Reading | null = null;
  #end: UnitEnd | null = null;

  /** @param pause asked after every chunk that was read: the thread goes on when it resolves */
  constructor(
    task: ScanTask,
    control: Control,
    emit: (message: Scanned) => void,
    pause: (unit: number) => Promise<void> | undefined = () => undefined,
  ) {
    this.#task = task;
    this.#control = control;
    this.#emit = emit;
    this.#pause = pause;
    this.#scan = new EventScan(
      task.settings,
      () => performance.now(),
      (batch) => this.#flush(batch),
    );
  }

  /** What could not be computed of the rules themselves. */
  get faults(): EventScan["faults"] {
    return this.#scan.faults;
  }

  /** Resolves to the milliseconds that each filter took; null where they are not timed. */
  async run(): Promise<Float64Array | null> {
    for (;;) {
      this.#unit = this.#control.takeUnit();
      const unit = this.#task.units[this.#unit];
      if (unit === undefined) return this.#scan.filterMillis();
      if (!this.#control.isVoid(unit.file, this.#unit)) await this.#scanUnit(unit.file);
    }
  }

  async #scanUnit(number: number): Promise<void> {
    const { units, files, read } = this.#task;
    const unit = this.#unit;
    const { part } = units[unit]!;
    const file = files[number]!;
    const reading = new Reading({ read, maxProblems: 0 }, this.#scan);
    this.#reading = reading;
    this.#end = null;
    const endPart = (source: SourceReading): PartEnd | null => {
      const end = this.#scan.remembers(file.name) ? null : source.endPart();
      if (end === null) this.#control.endFile(number, unit);
      return end;
    };
    const end = await readFoundFile(
      reading,
      file,
      async (source, bytes) => {
        const goesOn = source.push(bytes);
        await this.#pause(unit);
        return goesOn && !this.#control.isVoid(number, unit);
      },
      part === null ? null : { part, end: endPart },
    );
    this.#end = { counts: countsOf(reading), lines: end?.lines ?? null };
    this.#scan.flush();
  }

  #flush(batch: EventBatch): void {
    this.#emit({ kind: "scanned", unit: this.#unit, batch, bytes: this.#reading!.summary.bytes, end: this.#end });
  }
}

function countsOf({ summary: { files, formats, bytes, notRead, records, staleRecords } }: Reading): ReadCounts {
  return { files, formats: { ...formats }, bytes, notRead, records, staleRecords };
}
