import type { FromWorker, PackageTexts, Progress, RequestName, Requests } from "../protocol.ts";

/** What is loaded when the bench is first needed. */
export interface BenchStart {
  readonly worker: Worker;
  readonly packages: readonly PackageTexts[];
}

/** The worker as functions that answer later. It is loaded when it is first asked something. */
export class BenchClient {
  onProgress: (progress: Progress) => void = () => {};
  /** The worker cannot be started, or has died (out of memory): nothing answers any more. */
  onBroken: (message: string) => void = () => {};
  readonly #load: () => Promise<BenchStart>;
  #start: Promise<BenchStart> | null = null;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #calls = 0;

  constructor(load: () => Promise<BenchStart>) {
    this.#load = load;
  }

  get hasStarted(): boolean {
    return this.#start !== null;
  }

  /** The packages that the worker has, once it is there. What could not be loaded is tried again. */
  async start(): Promise<readonly PackageTexts[]> {
    return (await this.#started()).packages;
  }

  #started(): Promise<BenchStart> {
    this.#start ??= this.#begin().catch((error: unknown) => {
      this.#start = null;
      throw error;
    });
    return this.#start;
  }

  async #begin(): Promise<BenchStart> {
    const start = await this.#load();
    const { worker } = start;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    worker.onerror = (event) => this.#broken(event.message || "The worker could not be started.");
    worker.onmessageerror = () => this.#broken("The worker's answer could not be read.");
    return start;
  }

  async ask<N extends RequestName>(name: N, ask: Requests[N]["ask"]): Promise<Requests[N]["answer"]> {
    const { worker } = await this.#started();
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      worker.postMessage({ call, name, ask });
    });
  }

  #receive(message: FromWorker): void {
    if ("progress" in message) return this.onProgress(message.progress);
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if ("failure" in message) waiting?.reject(new Error(message.failure));
    else waiting?.resolve(message.answer as never);
  }

  #broken(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
    this.onBroken(message);
  }
}

/**
 * Starts the worker so that the page's Content-Security-Policy holds in it too: a worker made of a `blob:` inherits the policy, one
 * loaded by its address brings its own, and a static host sends none. Where the policy forbids `blob:` the address has to do.
 */
export function startWorker(address: URL): Worker {
  try {
    const source = new Blob([`import ${JSON.stringify(address.href)};`], { type: "text/javascript" });
    const url = URL.createObjectURL(source);
    return new Worker(url, { type: "module", name: "tocsin" });
  } catch {
    return new Worker(address, { type: "module", name: "tocsin" });
  }
}
