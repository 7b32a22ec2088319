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
