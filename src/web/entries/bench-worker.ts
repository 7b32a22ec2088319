import { Bench } from "../worker/bench.ts";
import { BlobSpill } from "../worker/blob-spill.ts";
import type { FromWorker, RequestName, ToWorker } from "../protocol.ts";

/** What a dedicated worker's global object offers of what is needed here; the page's types do not know it. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = self as unknown as WorkerScope;
// A worker's postMessage has no target origin: it reaches the page that made it and nothing else.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const send = (message: FromWorker): void => scope.postMessage(message);
/** Of workers alone, and unknown to the page's types. */
declare class FileReaderSync {
  readAsText(blob: Blob): string;
}
const spill = new BlobSpill((blob) => new FileReaderSync().readAsText(blob));
const bench = new Bench((progress) => send({ progress }), spill);

scope.onmessage = ({ data }) => {
  void answer(data);
};

async function answer({ call, name, ask }: ToWorker): Promise<void> {
  try {
    // The table of requests pairs each name with its question.
    const handle = bench[name].bind(bench) as (ask: unknown) => ReturnType<Bench[RequestName]>;
    send({ call, answer: await handle(ask) });
  } catch (error) {
    send({ call, failure: error instanceof Error ? error.message : String(error) });
  }
}
