/** How signals end this process: what is unfinished is taken away first, and a command that waits for its end is let go. */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const cleaners = new Set<() => void>();
const waiting = new Set<() => void>();

/**
 * Has `clean` called before a signal ends the process, until the function that is returned is called.
 * Signals are handled between two turns of the event loop: work that begins and ends in one turn is not cut.
 */
export function beforeEnding(clean: () => void): () => void {
  listen();
  cleaners.add(clean);
  return () => cleaners.delete(clean);
}

/** Waits for a signal, which then does not end the process. */
export function endingAsked(): Promise<void> {
  listen();
  return new Promise((resolve) => waiting.add(resolve));
}

/** Once there, the listener stays: a signal that has arrived and is not handled yet would be lost with it. */
function listen(): void {
  for (const signal of SIGNALS) if (!process.listeners(signal).includes(onSignal)) process.on(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  if (waiting.size > 0) {
    for (const resolve of waiting) resolve();
    waiting.clear();
    return;
  }
  for (const clean of cleaners) clean();
  for (const one of SIGNALS) process.removeListener(one, onSignal);
  // Whoever started the process sees that the signal ended it.
  process.kill(process.pid, signal);
}
