import type { MessagePort } from "node:worker_threads";
import { EventScan, Reading, type EventBatch, type ReadCounts, type ScanSettings } from "../../workbench/index.ts";
import { unpack } from "../cache/packed.ts";
import { readFoundFile } from "../input.ts";
import type { WorkerMessage, WorkerTask } from "./messages.ts";

/** Scans the files that no other worker takes, until there is none. */
export async function scanFiles(
  { settings, filters, read, files, control, worker, maxAhead }: WorkerTask,
  port: MessagePort,
): Promise<void> {
  let file = 0;
  let reading: Reading;
  const send = (message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const emit = (batch: EventBatch, counts: ReadCounts | null = null): void => {
    const columns = [batch.kindOf, batch.millis, batch.nanos, batch.identities].map(({ buffer }) => buffer as ArrayBuffer);
    send({ kind: "scanned", file, batch, bytes: reading.summary.bytes, counts }, columns);
    // A reader cannot be held back between two records but by stopping the thread.
    const ahead = worker + 1;
    let weight = Atomics.add(control, ahead, batch.weight) + batch.weight;
    for (; weight > maxAhead; weight = Atomics.load(control, ahead)) Atomics.wait(control, ahead, weight);
  };
  let last = false;
  const scan = new EventScan(
    { ...settings, filters: unpack(new Uint8Array(filters)) as ScanSettings["filters"] },
    () => performance.now(),
    (batch) => emit(batch, last ? countsOf(reading) : null),
  );
  send({ kind: "ready", faults: scan.faults });
  for (file = Atomics.add(control, 0, 1); file < files.length; file = Atomics.add(control, 0, 1)) {
    last = false;
    reading = new Reading({ read, maxProblems: 0 }, scan);
    await readFoundFile(reading, files[file]!, (source, bytes) => source.push(bytes));
    last = true;
    scan.flush();
  }
  send({ kind: "ended", filterMillis: scan.filterMillis() });
}

function countsOf({ summary: { files, formats, bytes, notRead, records, staleRecords } }: Reading): ReadCounts {
  return { files, formats: { ...formats }, bytes, notRead, records, staleRecords };
}
