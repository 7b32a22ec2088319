/** The walker in WebAssembly, where there is any: a page's Content-Security-Policy may forbid it, and old processors lack the instructions. */
import { WALK_WASM } from "./generated/walk-wasm.ts";
import { PAGES } from "./layout.ts";
import type { Walker, WalkTables } from "./walk.ts";

export interface CompiledWalker {
  readonly memory: ArrayBuffer;
  /** @param tables over that memory. */
  start(tables: WalkTables): Walker;
}

let isCompiled = false;
let compiled: WebAssemblyModule | null = null;

/** A walker with a memory of its own; null where there can be none. */
export function compiledWalker(): CompiledWalker | null {
  if (!isCompiled) {
    isCompiled = true;
    try {
      compiled = new WebAssembly.Module(Uint8Array.from(atob(WALK_WASM), (c) => c.charCodeAt(0)));
    } catch {
      compiled = null;
    }
  }
  const module = compiled;
  if (module === null) return null;
  const memory = new WebAssembly.Memory({ initial: PAGES });
  return {
    memory: memory.buffer,
    start(tables) {
      const { exports } = new WebAssembly.Instance(module, {
        env: { memory },
        tables: {
          newKey: (previous, path, from, to) => tables.newKey(previous!, path!, from!, to!),
          newElement: (path) => tables.newElement(path!),
          newValue: (slot, from, to, hash, hash2) => tables.newValue(slot!, from!, to!, hash!, hash2!),
          oddNumber: (from, to) => tables.oddNumber(from!, to!),
        },
      });
      const walk = exports["walk"]!;
      const isAscii = exports["isAscii"]!;
      return { walk: (from, length) => walk(from, length) === 1, isAscii: (length) => isAscii(length) === 1 };
    },
  };
}
