/**
 * The blocks of one Zstandard frame (RFC 8878, section 3.1.1.2 on), written so that hostile data costs no more than its size allows:
 * the length of each block's output is checked before a byte is copied, and the window is moved only when its buffer is full.
 */
export class ZstdBlocks {
  readonly #window: number;
  /** The window and room for blocks to come. */
  #out = new Uint8Array(MAX_BLOCK_BYTES * 2);
  #at = 0;
  readonly #literals = new Uint8Array(MAX_BLOCK_BYTES);
  #huffman: Huffman | null = null;
  #literalLengths: Fse | null = null;
  #offsets: Fse | null = null;
  #matchLengths: Fse | null = null;
  readonly #repeats: [number, number, number] = [1, 4, 8];

  constructor(window: number) {
    this.#window = Math.max(window, 1024);
  }

  /** Output of a block that is stored (`raw`) or one byte `size` times over (`rle`). Valid until the next call. */
  raw(bytes: Uint8Array): Uint8Array {
    const start = this.#reserve();
    this.#out.set(bytes, start);
    this.#at += bytes.length;
    return this.#out.subarray(start, this.#at);
  }

  rle(byte: number, size: number): Uint8Array {
    const start = this.#reserve();
    this.#at += size;
    return this.#out.fill(byte, start, this.#at).subarray(start, this.#at);
  }

  /** Output of a compressed block, null when it is corrupt. Valid until the next call. */
  compressed(block: Uint8Array): Uint8Array | null {
    const start = this.#reserve();
    try {
      this.#block(block);
    } catch (error) {
      if (error !== CORRUPT) throw error;
      return null;
    }
    return this.#out.subarray(start, this.#at);
  }

  /** Makes room for one block; returns where it begins. */
  #reserve(): number {
    if (this.#at + MAX_BLOCK_BYTES <= this.#out.length) return this.#at;
    const most = this.#window + Math.min(this.#window, MAX_SLACK_BYTES) + MAX_BLOCK_BYTES * 2;
    if (this.#out.length < most) {
      const larger = new Uint8Array(this.#out.length >= MAX_SLACK_BYTES ? most : Math.min(most, this.#out.length * 2));
      larger.set(this.#out.subarray(0, this.#at));
      this.#out = larger;
    } else {
      this.#out.copyWithin(0, this.#at - this.#window, this.#at);
      this.#at = this.#window;
    }
    return this.#at;
  }

  #block(bytes: Uint8Array): void {
    // Bit readers read a few bytes beyond the end of the block.
    const b = new Uint8Array(bytes.length + 8);
    b.set(bytes);
    const end = bytes.length;
    if (end < 2) throw CORRUPT;
    const type = b[0]! & 3;
    const format = (b[0]! >> 2) & 3;
    let at: number;
    let literals: number;
    if (type < 2) {
      if (format === 1) [literals, at] = [(b[0]! >> 4) | (b[1]! << 4), 2];
      else if (format === 3) [literals, at] = [(b[0]! >> 4) | (b[1]! << 4) | (b[2]! << 12), 3];
      else [literals, at] = [b[0]! >> 3, 1];
      if (literals > MAX_BLOCK_BYTES || at + (type === 0 ? literals : 1) > end) throw CORRUPT;
      if (type === 0) this.#literals.set(b.subarray(at, at + literals));
      else this.#literals.fill(b[at]!, 0, literals);
      at += type === 0 ? literals : 1;
    } else {
      const bits = [10, 10, 14, 18][format]!;
      at = [3, 3, 4, 5][format]!;
      const word = b[0]! + b[1]! * 0x100 + b[2]! * 0x1_0000 + b[3]! * 0x100_0000 + b[4]! * 0x1_0000_0000;
      literals = Math.floor(word / 16) % 2 ** bits;
      const size = Math.floor(word / 16 / 2 ** bits) % 2 ** bits;
      if (literals > MAX_BLOCK_BYTES || at + size > end) throw CORRUPT;
      this.#huffmanLiterals(b, at, at + size, literals, type === 3, format !== 0);
      at += size;
    }
    this.#sequences(b, at, end, literals);
  }

  #huffmanLiterals(b: Uint8Array, from: number, end: number, count: number, treeless: boolean, four: boolean): void {
    let at = from;
    if (!treeless) {
      const { tree, next } = readHuffman(b, at, end);
      this.#huffman = tree;
      at = next;
    }
    const tree = this.#huffman;
    if (tree === null) throw CORRUPT;
    const out = this.#literals;
    if (!four) return decodeStream(tree, b, at, end, out, 0, count);
    if (at + 6 > end) throw CORRUPT;
    const part = (count + 3) >> 2;
    let start = at + 6;
    for (let i = 0; i < 4; i++) {
      const stop = i < 3 ? start + (b[at + 2 * i]! | (b[at + 2 * i + 1]! << 8)) : end;
      const to = i < 3 ? part * (i + 1) : count;
      if (stop > end || to > count) throw CORRUPT;
      decodeStream(tree, b, start, stop, out, part * i, to);
      start = stop;
    }
  }

  #sequences(b: Uint8Array, from: number, end: number, literals: number): void {
    let at = from;
    if (at >= end) throw CORRUPT;
    let count = b[at++]!;
    if (count === 255) {
      count = b[at]! + (b[at + 1]! << 8) + 0x7f00;
      at += 2;
    } else if (count >= 128) count = ((count - 128) << 8) + b[at++]!;
    if (count === 0) {
      if (at !== end) throw CORRUPT;
      return this.#copyLiterals(0, literals);
    }
    const modes = b[at++]!;
    if (at > end || (modes & 3) !== 0) throw CORRUPT;
    const table = (mode: number, now: Fse | null, kind: CodeKind): Fse => {
      if (mode === 0) return kind.predefined;
      if (mode === 3) {
        if (now === null) throw CORRUPT;
        return now;
      }
      if (mode === 1) {
        const symbol = b[at++]!;
        if (at > end || symbol > kind.maxSymbol) throw CORRUPT;
        return buildFse([...Array.from({ length: symbol }, () => 0), 1], 0);
      }
      const read = readFse(b, at, end, kind.maxSymbol, kind.maxLog);
      at = read.next;
      return read.table;
    };
    const ll = (this.#literalLengths = table(modes >> 6, this.#literalLengths, LITERAL_LENGTHS));
    const of = (this.#offsets = table((modes >> 4) & 3, this.#offsets, OFFSETS));
    const ml = (this.#matchLengths = table((modes >> 2) & 3, this.#matchLengths, MATCH_LENGTHS));
    const bits = new BackwardBits(b, at, end);
    let llState = bits.read(ll.log);
    let ofState = bits.read(of.log);
    let mlState = bits.read(ml.log);
    const stop = this.#at + MAX_BLOCK_BYTES;
    let literal = 0;
    for (let n = 0; n < count; n++) {
      const ofCode = of.symbols[ofState]!;
      const mlCode = ml.symbols[mlState]!;
      const llCode = ll.symbols[llState]!;
      const offsetValue = 2 ** ofCode + bits.readLong(ofCode);
      const match = ML_BASE[mlCode]! + bits.read(ML_BITS[mlCode]!);
      const length = LL_BASE[llCode]! + bits.read(LL_BITS[llCode]!);
      if (bits.position < 0) throw CORRUPT;
      const offset = this.#offset(offsetValue, length);
      if (literal + length > literals || this.#at + length + match > stop || offset > this.#at + length || offset > this.#window)
        throw CORRUPT;
      this.#copyLiterals(literal, literal + length);
      literal += length;
      const out = this.#out;
      const to = this.#at + match;
      if (offset >= match) out.copyWithin(this.#at, this.#at - offset, this.#at - offset + match);
      else for (let i = this.#at; i < to; i++) out[i] = out[i - offset]!;
      this.#at = to;
      if (n === count - 1) break;
      llState = ll.bases[llState]! + bits.read(ll.bits[llState]!);
      mlState = ml.bases[mlState]! + bits.read(ml.bits[mlState]!);
      ofState = of.bases[ofState]! + bits.read(of.bits[ofState]!);
    }
    if (bits.position !== 0 || this.#at + literals - literal > stop) throw CORRUPT;
    this.#copyLiterals(literal, literals);
  }

  #copyLiterals(from: number, to: number): void {
    const out = this.#out;
    const literals = this.#literals;
    let at = this.#at;
    if (to - from > 64) out.set(literals.subarray(from, to), at);
    else for (let i = from; i < to; i++) out[at++] = literals[i]!;
    this.#at += to - from;
  }

  /** The three last offsets have short names, which shift by one after no literals. */
  #offset(value: number, literals: number): number {
    const r = this.#repeats;
    if (value > 3) {
      r[2] = r[1];
      r[1] = r[0];
      r[0] = value - 3;
      return r[0];
    }
    const which = value - 1 + (literals === 0 ? 1 : 0);
    if (which === 0) return r[0];
    const offset = which === 3 ? r[0] - 1 : r[which as 1 | 2];
    if (offset <= 0) throw CORRUPT;
    if (which !== 1) r[2] = r[1];
    r[1] = r[0];
    r[0] = offset;
    return offset;
  }
}

export const MAX_BLOCK_BYTES = 128 * 1024;
/** Room beyond the window: a move of the window is paid for by as much output, or by this much for the largest windows. */
const MAX_SLACK_BYTES = 8 * 1024 * 1024;

/** Never leaves this file. */
const CORRUPT = new Error("corrupt Zstandard block");

/** Bits from the end of a range to its beginning; the highest set bit of the last byte marks where they start. */
class BackwardBits {
  readonly #bytes: Uint8Array;
  readonly #from: number;
  /** Bits left; negative when more were read than there are. */
  position: number;

  constructor(bytes: Uint8Array, from: number, end: number) {
    const last = end > from ? bytes[end - 1]! : 0;
    if (last === 0) throw CORRUPT;
    this.#bytes = bytes;
    this.#from = from;
    this.position = (end - from) * 8 - 1 - (Math.clz32(last) - 24);
  }

  /** Up to 24 bits. Bits before the beginning are zeros. */
  read(count: number): number {
    this.position -= count;
    const position = this.position;
    if (position < 0) {
      const there = count + position;
      return there <= 0 ? 0 : (this.#word(0) & ((1 << there) - 1)) << -position;
    }
    return (this.#word(position >> 3) >>> (position & 7)) & ((1 << count) - 1);
  }

  readLong(count: number): number {
    if (count <= 16) return this.read(count);
    const high = this.read(count - 16);
    return high * 0x1_0000 + this.read(16);
  }

  #word(byte: number): number {
    const b = this.#bytes;
    const i = this.#from + byte;
    return b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);
  }
}

/** A table of finite state entropy: by state, the symbol, and how many bits to add to which base for the next state. */
interface Fse {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

function buildFse(probabilities: readonly number[], log: number): Fse {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  for (let s = 0; s < probabilities.length; s++) {
    if (probabilities[s] === -1) {
      symbols[--high] = s;
      next[s] = 1;
    } else next[s] = probabilities[s]!;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let s = 0; s < probabilities.length; s++) {
    for (let i = 0; i < probabilities[s]!; i++) {
      symbols[at] = s;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  if (size > 1 && at !== 0) throw CORRUPT;
  for (let i = 0; i < size; i++) {
    const state = next[symbols[i]!]!++;
    bits[i] = log - (31 - Math.clz32(state));
    bases[i] = (state << bits[i]!) - size;
  }
  return { log, symbols, bits, bases };
}

function readFse(
  b: Uint8Array,
  from: number,
  end: number,
  maxSymbol: number,
  maxLog: number,
): { readonly table: Fse; readonly next: number } {
  let bit = from * 8;
  const read = (count: number): number => {
    const i = bit >> 3;
    if (i >= end) throw CORRUPT;
    const word = b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16);
    const value = (word >>> (bit & 7)) & ((1 << count) - 1);
    bit += count;
    return value;
  };
  const log = read(4) + 5;
  if (log > maxLog) throw CORRUPT;
  let remaining = 1 << log;
  const probabilities: number[] = [];
  while (remaining > 0) {
    if (probabilities.length > maxSymbol) throw CORRUPT;
    const count = 32 - Math.clz32(remaining + 1);
    let value = read(count);
    const mask = (1 << (count - 1)) - 1;
    const threshold = (1 << count) - 1 - (remaining + 1);
    if ((value & mask) < threshold) {
      bit--;
      value &= mask;
    } else if (value > mask) value -= threshold;
    const probability = value - 1;
    remaining -= Math.abs(probability);
    probabilities.push(probability);
    if (probability !== 0) continue;
    for (let repeat = 3; repeat === 3;) {
      repeat = read(2);
      for (let i = 0; i < repeat; i++) probabilities.push(0);
      if (probabilities.length > maxSymbol + 1) throw CORRUPT;
    }
  }
  const next = (bit + 7) >> 3;
  if (remaining < 0 || next > end) throw CORRUPT;
  return { table: buildFse(probabilities, log), next };
}

/** By the next `log` bits: symbol in the high byte, code length in the low one. */
interface Huffman {
  readonly log: number;
  readonly table: Uint16Array;
}

function readHuffman(b: Uint8Array, from: number, end: number): { readonly tree: Huffman; readonly next: number } {
  if (from >= end) throw CORRUPT;
  const head = b[from]!;
  let at = from + 1;
  const weights: number[] = [];
  if (head >= 128) {
    const count = head - 127;
    const stop = at + ((count + 1) >> 1);
    if (stop > end) throw CORRUPT;
    for (let i = 0; i < count; i++) weights.push(i % 2 === 0 ? b[at + (i >> 1)]! >> 4 : b[at + (i >> 1)]! & 15);
    at = stop;
  } else {
    const stop = at + head;
    if (stop > end) throw CORRUPT;
    const { table, next } = readFse(b, at, stop, 255, 6);
    const bits = new BackwardBits(b, next, stop);
    const states = [bits.read(table.log), bits.read(table.log)];
    if (bits.position < 0) throw CORRUPT;
    // Two states take turns; when the bits run out the other one has a last symbol.
    for (let turn = 0; ; turn = 1 - turn) {
      const state = states[turn]!;
      weights.push(table.symbols[state]!);
      states[turn] = table.bases[state]! + bits.read(table.bits[state]!);
      if (bits.position < 0) {
        weights.push(table.symbols[states[1 - turn]!]!);
        break;
      }
      if (weights.length > 254) throw CORRUPT;
    }
    at = stop;
  }
  let sum = 0;
  for (const weight of weights) {
    if (weight > MAX_HUFFMAN_LOG) throw CORRUPT;
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0) throw CORRUPT;
  const log = 32 - Math.clz32(sum);
  const left = (1 << log) - sum;
  // The last weight is not written: it fills the table up.
  if (log > MAX_HUFFMAN_LOG || (left & (left - 1)) !== 0) throw CORRUPT;
  weights.push(32 - Math.clz32(left));
  const table = new Uint16Array(1 << log);
  let position = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (let s = 0; s < weights.length; s++) {
      if (weights[s] !== weight) continue;
      const span = 1 << (weight - 1);
      table.fill((s << 8) | (log + 1 - weight), position, position + span);
      position += span;
    }
  }
  return { tree: { log, table }, next: at };
}

const MAX_HUFFMAN_LOG = 11;

function decodeStream(tree: Huffman, b: Uint8Array, from: number, end: number, out: Uint8Array, start: number, stop: number): void {
  const last = end > from ? b[end - 1]! : 0;
  if (last === 0) throw CORRUPT;
  let position = (end - from) * 8 - 1 - (Math.clz32(last) - 24);
  const { log, table } = tree;
  const mask = (1 << log) - 1;
  for (let i = start; i < stop; i++) {
    let index: number;
    const low = position - log;
    if (low >= 0) {
      const at = from + (low >> 3);
      index = ((b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16)) >>> (low & 7)) & mask;
    } else {
      if (position <= 0) throw CORRUPT;
      index = ((b[from]! | (b[from + 1]! << 8)) << -low) & mask;
    }
    const entry = table[index]!;
    out[i] = entry >> 8;
    position -= entry & 255;
  }
  if (position !== 0) throw CORRUPT;
}

/** One of the three codes of a sequence. */
interface CodeKind {
  readonly maxSymbol: number;
  readonly maxLog: number;
  readonly predefined: Fse;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

// RFC 8878, 3.1.1.3.2.1.1: base values and extra bits; 3.1.1.3.2.2: default distributions.
const LL_BASE = [...range(0, 15), 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];
const LL_BITS = [...range(0, 15).map(() => 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const ML_BASE = [...range(3, 34), 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539];
const ML_BITS = [...range(3, 34).map(() => 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

const LITERAL_LENGTHS: CodeKind = {
  maxSymbol: 35,
  maxLog: 9,
  predefined: buildFse([4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1], 6),
};
const MATCH_LENGTHS: CodeKind = {
  maxSymbol: 52,
  maxLog: 9,
  predefined: buildFse([1, 4, 3, 2, 2, 2, 2, 2, 2, ...range(9, 45).map(() => 1), -1, -1, -1, -1, -1, -1, -1], 6),
};
const OFFSETS: CodeKind = {
  maxSymbol: 31,
  maxLog: 8,
  predefined: buildFse([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5),
};
