/** A worker thread of a hunt: takes one file after the other, scans it, and hands on what the hunt needs of it. */
import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerTask } from "./messages.ts";

const task = workerData as WorkerTask;
if (task.codeFolder !== null) enableCompileCache(task.codeFolder);
const { scanFiles } = await import("./scan-files.ts");
await scanFiles(task, parentPort!);
