/**
 * CPU seconds of this process, all its threads (collecting garbage and compiling count), so that other work on the machine counts
 * less than on the clock on the wall.
 */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1]!;
}

/** Of each round, then the median: what slows one of them in a round slows the other too. */
export function ratioOf(a: readonly number[], b: readonly number[]): number {
  return median(a.map((seconds, round) => seconds / b[round]!));
}
