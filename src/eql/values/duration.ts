/** Milliseconds of each unit that a length of time may be given in: `maxspan=5m`, a rule's schedule, a window of a pipe. */
export const UNIT_MILLIS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export type DurationUnit = keyof typeof UNIT_MILLIS;

/** A length of time as it is written: a whole number and its unit. */
export interface Duration {
  readonly value: number;
  readonly unit: DurationUnit;
}

export function isDurationUnit(text: string): text is DurationUnit {
  return Object.hasOwn(UNIT_MILLIS, text);
}

/** The length in milliseconds. */
export function durationMillis({ value, unit }: Duration): number {
  return value * UNIT_MILLIS[unit];
}

/** Milliseconds of a text such as `10m`; null where it is no positive whole number directly followed by a unit, or too long to count. */
export function parseDuration(text: string): number | null {
  const [, digits, unit] = /^(\d{1,16})(\D{1,2})$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined || !isDurationUnit(unit)) return null;
  const millis = durationMillis({ value: Number(digits), unit });
  return millis > 0 && Number.isSafeInteger(millis) ? millis : null;
}

/** The shortest text for whole milliseconds: `90m`, `2h`, `1500ms`. */
export function printDuration(millis: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (millis >= UNIT_MILLIS[unit] && millis % UNIT_MILLIS[unit] === 0) return `${millis / UNIT_MILLIS[unit]}${unit}`;
  }
  return `${millis}ms`;
}
