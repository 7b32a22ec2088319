/**
 * Bytes gathered until a line, a document or a structure is whole. Grows by doubling, so that any number of small pieces costs
 * linear time.
 */
export class Gathering {
  bytes = new Uint8Array(64);
  length = 0;

  /** Takes up to `wanted` bytes in all from `input` at `at`; returns how many it took. */
  take(input: Uint8Array, at: number, wanted: number): number {
    const count = Math.min(Math.max(0, wanted - this.length), input.length - at);
    if (count <= 0) return 0;
    if (this.length + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(input.subarray(at, at + count), this.length);
    this.length += count;
    return count;
  }

  add(input: Uint8Array): void {
    this.take(input, 0, this.length + input.length);
  }

  /** What is gathered; valid until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > 65_536) this.bytes = new Uint8Array(64);
  }

  u16(at: number): number {
    return this.bytes[at]! | (this.bytes[at + 1]! << 8);
  }

  u32(at: number): number {
    return (this.u16(at) | (this.u16(at + 2) << 16)) >>> 0;
  }

  /** A 64-bit number; beyond 2^53 it is only roughly right, and larger than any file. */
  u64(at: number): number {
    return this.u32(at) + this.u32(at + 4) * 0x1_0000_0000;
  }
}
