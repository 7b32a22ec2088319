/** A worker thread of a hunt: scans one unit after the other, and hands on what the hunt needs of it. */
import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerTask } from "./messages.ts";

const task = workerData as WorkerTask;
if (task.codeFolder !== null) enableCompileCache(task.codeFolder);
const { scanUnits } = await import("./worker.ts");
await scanUnits(task, parentPort!);
