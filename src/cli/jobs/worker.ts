import type { MessagePort } from "node:worker_threads";
import type { ScanSettings } from "../../workbench/index.ts";
import { unpack } from "../cache/packed.ts";
import { Control } from "./control.ts";
import type { WorkerMessage, WorkerTask } from "./messages.ts";
import { UnitScanner } from "./unit-scanner.ts";

/** What a worker thread does. */
export async function scanUnits(task: WorkerTask, port: MessagePort): Promise<void> {
  const control = new Control(task.control, task.worker);
  const send = (message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const settings = { ...task.settings, filters: unpack(new Uint8Array(task.filters)) as ScanSettings["filters"] };
  const scanner = new UnitScanner({ ...task, settings }, control, (message) => {
    const { batch } = message;
    control.emitted(batch.weight);
    send(
      message,
      [batch.kindOf, batch.millis, batch.nanos, batch.identities].map(({ buffer }) => buffer as ArrayBuffer),
    );
    // A reader cannot be held back between two records but by stopping the thread.
    control.wait(task.maxAhead);
  });
  send({ kind: "ended", filterMillis: await scanner.run() });
}
