import { textAt } from "../../detect/index.ts";
import type { EcsEvent } from "../../ecs/index.ts";

/** What wrote a record that no normaliser knows. */
export interface UnmappedKind {
  readonly provider: string;
  readonly code: string;
}

/** Records that no normaliser knows, by what wrote them. */
export interface UnmappedCount extends UnmappedKind {
  readonly count: number;
}

export function unmappedKind(event: EcsEvent): UnmappedKind {
  const provider = textAt(event, "event.provider") ?? textAt(event, "winlog.provider_name") ?? "(no provider)";
  return { provider, code: textAt(event, "event.code") ?? "" };
}

/** Hostile input could name a new provider in every record. */
const MAX_KINDS = 10_000;

/** Counts what `Normalised.unmapped` says of events. */
export class UnmappedCounts {
  readonly #counts = new Map<string, { readonly provider: string; readonly code: string; count: number }>();

  add(event: EcsEvent): void {
    this.addKind(unmappedKind(event));
  }

  addKind({ provider, code }: UnmappedKind, times = 1): void {
    const key = `${provider}\n${code}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += times;
    else if (this.#counts.size < MAX_KINDS) this.#counts.set(key, { provider, code, count: times });
    else {
      const rest = this.#counts.get("\n") ?? { provider: "(others)", code: "", count: 0 };
      rest.count += times;
      this.#counts.set("\n", rest);
    }
  }

  /** Most first. */
  list(): UnmappedCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count);
  }
}
