// The few web-interoperable globals that both Node and browsers have and that the core rooms may use.
// Anything not named here (process, Buffer, document, fetch, ...) is a type error in these rooms.

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

declare const performance: { now(): number };

/** Base64 to a string of one character a byte. */
declare function atob(data: string): string;

interface WebAssemblyModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}
type WebAssemblyFunction = (...numbers: readonly number[]) => number;
declare const WebAssembly: {
  Module: new (code: Uint8Array) => WebAssemblyModule;
  Memory: new (descriptor: { initial: number }) => WebAssemblyMemory;
  Instance: new (
    module: WebAssemblyModule,
    imports: {
      readonly env: { readonly memory: WebAssemblyMemory };
      readonly tables: { readonly [name: string]: (...numbers: readonly (number | undefined)[]) => number };
    },
  ) => { readonly exports: { readonly [name: string]: WebAssemblyFunction } };
};
