import { textAt } from "../../detect/index.ts";
import type { EcsEvent } from "../../ecs/index.ts";

/** Records that no normaliser knows, by what wrote them. */
export interface UnmappedCount {
  readonly provider: string;
  readonly code: string;
  readonly count: number;
}

/** Hostile input could name a new provider in every record. */
const MAX_KINDS = 10_000;

/** Counts what `Normalised.unmapped` says of events. */
export class UnmappedCounts {
  readonly #counts = new Map<string, { readonly provider: string; readonly code: string; count: number }>();

  add(event: EcsEvent): void {
    const provider = textAt(event, "event.provider") ?? textAt(event, "winlog.provider_name") ?? "(no provider)";
    const code = textAt(event, "event.code") ?? "";
    const key = `${provider}\n${code}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count++;
    else if (this.#counts.size < MAX_KINDS) this.#counts.set(key, { provider, code, count: 1 });
    else {
      const rest = this.#counts.get("\n") ?? { provider: "(others)", code: "", count: 0 };
      rest.count++;
      this.#counts.set("\n", rest);
    }
  }

  /** Most first. */
  list(): UnmappedCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count);
  }
}
