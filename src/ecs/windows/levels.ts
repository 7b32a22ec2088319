/** Names that Windows gives to levels, opcodes and keyword bits in general (winmeta.xml), as Winlogbeat spells them. */

const LEVELS = ["information", "critical", "error", "warning", "information", "verbose"];
const OPCODES = ["Info", "Start", "Stop", "DCStart", "DCStop", "Extension", "Reply", "Resume", "Suspend", "Send"];
const KEYWORDS: readonly (readonly [bit: bigint, name: string])[] = [
  [0x1000000000000n, "Response Time"],
  [0x2000000000000n, "WDI Context"],
  [0x4000000000000n, "WDI Diag"],
  [0x8000000000000n, "SQM"],
  [0x10000000000000n, "Audit Failure"],
  [0x20000000000000n, "Audit Success"],
  [0x40000000000000n, "Correlation Hint2"],
  [0x80000000000000n, "Classic"],
];
const FAILURE = 0x10000000000000n;
const SUCCESS = 0x20000000000000n;

export function levelName(level: number): string | undefined {
  return LEVELS[level];
}

export function opcodeName(opcode: number): string | undefined {
  return OPCODES[opcode];
}

export interface Keywords {
  readonly names: string[];
  /** What the audit bits say. */
  readonly outcome: "success" | "failure" | undefined;
}

const NO_KEYWORDS: Keywords = { names: [], outcome: undefined };
const cache = new Map<string, Keywords>();

/** From `0x8020000000000000` or the same as a signed or unsigned decimal. */
export function keywordsOf(value: string): Keywords {
  let keywords = cache.get(value);
  if (keywords === undefined) {
    keywords = readKeywords(value);
    if (cache.size < 1024) cache.set(value, keywords);
  }
  return keywords;
}

function readKeywords(value: string): Keywords {
  if (value.length > 24 || !/^(?:0x[0-9a-f]+|-?[0-9]+)$/i.test(value)) return NO_KEYWORDS;
  const bits = BigInt.asUintN(64, BigInt(value));
  const names = KEYWORDS.filter(([bit]) => (bits & bit) !== 0n).map(([, name]) => name);
  return { names, outcome: (bits & FAILURE) !== 0n ? "failure" : (bits & SUCCESS) !== 0n ? "success" : undefined };
}
