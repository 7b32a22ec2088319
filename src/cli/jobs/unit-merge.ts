import { withLinesFrom, type Hunt, type Reading } from "../../workbench/index.ts";
import type { FoundFile } from "../walk.ts";
import { Control } from "./control.ts";
import type { ScanTask, Scanned } from "./messages.ts";

interface Sent {
  readonly thread: number;
  readonly message: Scanned;
}

/** Puts what several threads scanned into a hunt, in the order of the units. */
export class UnitMerge {
  readonly #hunt: Hunt;
  readonly #reading: Reading;
  readonly #task: ScanTask;
  readonly #onBytes: (bytes: number, file: FoundFile) => void;
  readonly #onTaken: (thread: number) => void;
  /** What is there of units whose turn has not come. */
  readonly #waiting = new Map<number, Sent[]>();
  /** The unit whose turn it is, the bytes of those before it, and the lines of its file before it. */
  #turn = 0;
  #bytesBefore = 0;
  #linesBefore = 0;

  /** @param onTaken a batch of the thread is no longer held */
  constructor(
    hunt: Hunt,
    reading: Reading,
    task: ScanTask,
    onBytes: (bytes: number, file: FoundFile) => void,
    onTaken: (thread: number) => void,
  ) {
    this.#hunt = hunt;
    this.#reading = reading;
    this.#task = task;
    this.#onBytes = onBytes;
    this.#onTaken = onTaken;
  }

  /** The file of which the next unit is due; null where all are through. */
  get next(): FoundFile | null {
    const unit = this.#task.units[this.#turn];
    return unit === undefined ? null : this.#task.files[unit.file]!;
  }

  take(thread: number, message: Scanned): void {
    const sent: Sent = { thread, message };
    if (message.unit < this.#turn) this.#release(sent);
    else if (message.unit > this.#turn) {
      const waiting = this.#waiting.get(message.unit);
      if (waiting === undefined) this.#waiting.set(message.unit, [sent]);
      else waiting.push(sent);
    } else {
      this.#replay(sent);
      for (let waiting = this.#takeWaiting(); waiting.length > 0; waiting = this.#takeWaiting())
        for (const one of waiting) this.#replay(one);
    }
  }

  #takeWaiting(): readonly Sent[] {
    const waiting = this.#waiting.get(this.#turn) ?? [];
    this.#waiting.delete(this.#turn);
    return waiting;
  }

  #replay(sent: Sent): void {
    const { bytes, end, batch: scanned } = sent.message;
    const reading = this.#reading;
    const { file } = this.#task.units[this.#turn]!;
    const batch = withLinesFrom(scanned, this.#linesBefore);
    for (const problem of batch.problems) reading.problem(problem);
    this.#hunt.scanned(batch, reading.seen);
    this.#onBytes(this.#bytesBefore + bytes, this.#task.files[file]!);
    if (end !== null) {
      reading.add(end.counts);
      this.#bytesBefore += bytes;
      this.#linesBefore += end.lines ?? 0;
      this.#nextUnit(file, end.lines === null);
    }
    this.#release(sent);
  }

  /** @param isThrough the file has been read to its end: what units of it are left are void. */
  #nextUnit(file: number, isThrough: boolean): void {
    const { units } = this.#task;
    this.#turn++;
    if (isThrough) {
      for (; units[this.#turn]?.file === file; this.#turn++) for (const sent of this.#takeWaiting()) this.#release(sent);
    }
    if (units[this.#turn]?.file !== file) this.#linesBefore = 0;
  }

  #release({ thread, message }: Sent): void {
    new Control(this.#task.control, thread).taken(message.batch.weight);
    this.#onTaken(thread);
  }
}
