/**
 * `PlainWalker` of `src/readers/json/extract/walk.ts` with sixteen bytes at a time: the same steps in the same order, over the same memory. What
 * places mean is in `layout.ts` beside it, whose numbers come as constants.
 */

@external("tables", "newKey")
declare function newKey(previous: i32, path: i32, from: i32, to: i32): i32;
@external("tables", "newElement")
declare function newElement(path: i32): i32;
@external("tables", "newValue")
declare function newValue(slot: i32, from: i32, to: i32, hash: i32, hash2: i32): i32;
@external("tables", "oddNumber")
declare function oddNumber(from: i32, to: i32): i32;

const FEED: i32 = 0x0a;
const QUOTE: i32 = 0x22;
const COMMA: i32 = 0x2c;
const COLON: i32 = 0x3a;
const OPEN_ARRAY: i32 = 0x5b;
const BACKSLASH: i32 = 0x5c;
const CLOSE_ARRAY: i32 = 0x5d;
const OPEN_OBJECT: i32 = 0x7b;
const CLOSE_OBJECT: i32 = 0x7d;

// Bytes of a frame of the stack.
const F_PATH: i32 = 0;
const F_KEY: i32 = 4;
const F_INDEX: i32 = 8;
const F_ARRAY: i32 = 12;
const F_TARGET: i32 = 16;
const F_TARGET_INDEX: i32 = 20;
const F_SLOT: i32 = 24;
const F_FROM: i32 = 28;
const F_SUM: i32 = 32;

/** Where the walk is. */
let at: i32 = 0;
/** Sums of the hash's lanes. */
let sum: v128 = i32x4.splat(0);
/** The state of a value's hash. */
let a: v128 = i32x4.splat(0);
let b: v128 = i32x4.splat(0);
let factor: v128 = i32x4.splat(0);
let factor2: v128 = i32x4.splat(0);

export function walk(from: i32, length: i32): i32 {
  for (let i = load<i32>(RESULT + RESULT_TOUCHED * 4) - 1; i >= 0; i--) store<i32>(SLOTS + (load<i32>(TOUCHED + (i << 2)) << 3), 0);
  store<i32>(RESULT + RESULT_TOUCHED * 4, 0);
  store<i32>(RESULT + RESULT_DOTTED * 4, 0);
  store<u8>(length, FEED);
  factor = v128.load32_splat(FACTORS);
  factor2 = v128.load32_splat(FACTORS + 4);
  sum = i32x4.splat(0);
  at = from;
  const isSure = line();
  let end = at;
  const feeds = i8x16.splat(<i8>FEED);
  for (;;) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(end), feeds));
    if (mask !== 0) {
      end += ctz(mask);
      break;
    }
    end += 16;
  }
  store<i32>(RESULT + RESULT_END * 4, end);
  v128.store(RESULT + RESULT_SUM * 4, sum);
  return isSure ? 1 : 0;
}

export function isAscii(length: i32): i32 {
  v128.store(length, i32x4.splat(0));
  let all = i32x4.splat(0);
  for (let i = 0; i < length; i += 16) all = v128.or(all, v128.load(i));
  return i8x16.bitmask(all) === 0 ? 1 : 0;
}

function line(): bool {
  if (blanks() !== OPEN_OBJECT) return false;
  at++;
  let path: i32 = ROOT;
  let key: i32 = 0;
  let index: i32 = 0;
  let isArray = false;
  let depth: i32 = 0;
  let isFirst = true;
  for (;;) {
    let c = blanks();
    let isClosed = isFirst && c === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT);
    if (!isClosed) {
      isFirst = false;
      let target: i32 = 0;
      let targetIndex: i32 = 0;
      if (isArray) {
        target = load<i32>(PATHS + path * (PATH_WORDS * 4) + PATH_ELEMENT * 4);
        if (target === 0) {
          target = newElement(path);
          if (target === 0) return false;
        }
        targetIndex = ++index;
      } else {
        if (c !== QUOTE) return false;
        key = nextKey(path, key);
        if (key === 0) return false;
        target = load<i32>(KEYS + key * (KEY_WORDS * 4) + KEY_PATH * 4);
        if (load<i32>(PATHS + target * (PATH_WORDS * 4) + PATH_FLAGS * 4) >= SPECIAL && !opensThrough(target)) return false;
        if (blanks() !== COLON) return false;
        at++;
        c = blanks();
      }
      if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
        const frame = STACK + depth * (FRAME_WORDS * 4);
        if (++depth >= MAX_DEPTH) return false;
        store<i32>(frame + F_PATH, path);
        store<i32>(frame + F_KEY, key);
        store<i32>(frame + F_INDEX, index);
        store<i32>(frame + F_ARRAY, isArray ? 1 : 0);
        store<i32>(frame + F_TARGET, target);
        store<i32>(frame + F_TARGET_INDEX, targetIndex);
        isArray = c === OPEN_ARRAY;
        if (!open(frame, target, isArray)) return false;
        path = target;
        key = 0;
        index = 0;
        isFirst = true;
        at++;
        continue;
      }
      if (!scalar(c, target, targetIndex)) return false;
    }
    for (;;) {
      if (!isClosed) {
        c = blanks();
        if (c === COMMA) {
          at++;
          break;
        }
        if (c !== (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) return false;
      }
      isClosed = false;
      at++;
      if (depth === 0) return blanks() === FEED;
      const frame = STACK + --depth * (FRAME_WORDS * 4);
      if (!close(frame, isArray)) return false;
      path = load<i32>(frame + F_PATH);
      key = load<i32>(frame + F_KEY);
      index = load<i32>(frame + F_INDEX);
      isArray = load<i32>(frame + F_ARRAY) === 1;
    }
  }
  return false;
}

function blanks(): i32 {
  let c: i32 = load<u8>(at);
  while (c === 0x20 || c === 0x09 || c === 0x0d) c = load<u8>(++at);
  return c;
}

function nextKey(path: i32, previous: i32): i32 {
  const from = at;
  const list = previous === 0 ? PATHS + path * (PATH_WORDS * 4) + PATH_FIRST * 4 : KEYS + previous * (KEY_WORDS * 4) + KEY_NEXT * 4;
  const first = load<i32>(list);
  const head = v128.load(from);
  let before: i32 = 0;
  for (let key = first; key !== 0; ) {
    const entry = KEYS + key * (KEY_WORDS * 4);
    const text = load<i32>(entry + KEY_TEXT * 4);
    const length = load<i32>(entry + KEY_LENGTH * 4);
    const mask = ~i8x16.bitmask(i8x16.eq(head, v128.load(text))) | 0x10000;
    if (<i32>ctz(mask) >= length || (length > 16 && <i32>ctz(mask) === 16 && areEqual(from + 16, text + 16, length - 16))) {
      if (before !== 0) {
        store<i32>(KEYS + before * (KEY_WORDS * 4) + KEY_SIBLING * 4, load<i32>(entry + KEY_SIBLING * 4));
        store<i32>(entry + KEY_SIBLING * 4, first);
        store<i32>(list, key);
      }
      at = from + length;
      return key;
    }
    before = key;
    key = load<i32>(entry + KEY_SIBLING * 4);
  }
  let to = from + 1;
  for (let c: i32 = load<u8>(to); c !== QUOTE; c = load<u8>(++to)) if (c < 0x20 || c === BACKSLASH) return 0;
  at = to + 1;
  return newKey(previous, path, from, to + 1);
}

/** Bytes beyond both may be read. */
function areEqual(one: i32, other: i32, length: i32): bool {
  for (let i = 0; i < length; i += 16) {
    const mask = ~i8x16.bitmask(i8x16.eq(v128.load(one + i), v128.load(other + i))) | 0x10000;
    if (<i32>ctz(mask) < min(16, length - i)) return false;
  }
  return true;
}

function opensThrough(target: i32): bool {
  const entry = PATHS + target * (PATH_WORDS * 4);
  if ((load<i32>(entry + PATH_FLAGS * 4) & SPECIAL) !== 0) return false;
  store<i32>(RESULT + RESULT_DOTTED * 4, 1);
  const list = load<i32>(entry + PATH_THROUGH * 4);
  if (list === 0) return true;
  for (let i = load<i32>(list); i > 0; i--) if (!isObject(load<i32>(list + (i << 2)))) return false;
  return true;
}

function isObject(slot: i32): bool {
  const value = load<i32>(SLOTS + (slot << 3));
  if (value === 0) touch(slot, OBJECT, 0);
  return value === 0 || value === OBJECT;
}

function touch(slot: i32, value: i32, length: i32): void {
  store<i32>(SLOTS + (slot << 3), value);
  store<i32>(SLOTS + (slot << 3) + 4, length);
  const count = load<i32>(RESULT + RESULT_TOUCHED * 4);
  store<i32>(TOUCHED + (count << 2), slot);
  store<i32>(RESULT + RESULT_TOUCHED * 4, count + 1);
}

function open(frame: i32, target: i32, isArray: bool): bool {
  const entry = PATHS + target * (PATH_WORDS * 4);
  const slot = load<i32>(entry + PATH_SLOT * 4);
  store<i32>(frame + F_SLOT, -1);
  if (isArray) {
    if ((load<i32>(entry + PATH_FLAGS * 4) & PREFIX) !== 0) return false;
    if (slot >= 0 && load<i32>(SLOTS + (slot << 3)) !== 0) return false;
    store<i32>(frame + F_SLOT, slot);
    store<i32>(frame + F_FROM, at);
  } else if (slot >= 0 && !isObject(slot)) return false;
  if (load<i32>(frame + F_TARGET_INDEX) === 0) {
    begin(entry, 0);
    finish(isArray ? KIND_ARRAY : KIND_OBJECT, 0);
    sum = i32x4.add(sum, a);
  } else {
    v128.store(frame + F_SUM, sum);
    sum = i32x4.splat(0);
  }
  return true;
}

function close(frame: i32, isArray: bool): bool {
  const entry = PATHS + load<i32>(frame + F_TARGET) * (PATH_WORDS * 4);
  const index = load<i32>(frame + F_TARGET_INDEX);
  if (index !== 0) {
    begin(entry, index);
    take(sum);
    finish(isArray ? KIND_ARRAY : KIND_OBJECT, 0);
    sum = i32x4.add(v128.load(frame + F_SUM), a);
  }
  const slot = load<i32>(frame + F_SLOT);
  if (slot < 0) return true;
  const from = load<i32>(frame + F_FROM);
  begin(entry, 0);
  takeBytes(from, at);
  finish(KIND_TEXT, at - from);
  return fill(slot, from, at);
}

function scalar(c: i32, target: i32, index: i32): bool {
  const entry = PATHS + target * (PATH_WORDS * 4);
  if ((load<i32>(entry + PATH_FLAGS * 4) & PREFIX) !== 0) return false;
  const from = at;
  begin(entry, index);
  if (c === QUOTE) {
    if (!text()) return false;
  } else if (c === 0x2d || isDigit(c)) {
    if (!number()) return false;
  } else if (!literal()) return false;
  sum = i32x4.add(sum, a);
  const slot = load<i32>(entry + PATH_SLOT * 4);
  return slot < 0 || fill(slot, from, at);
}

function fill(slot: i32, from: i32, to: i32): bool {
  if (load<i32>(SLOTS + (slot << 3)) !== 0) return false;
  const value = to - from > MAX_INTERNED || load<i32>(RAW_SLOTS + (slot << 2)) === 1 ? 0 : known(slot, from, to, i32x4.extract_lane(a, 0), i32x4.extract_lane(a, 1));
  if (value === 0) touch(slot, -1 - from, to - from);
  else touch(slot, value, 0);
  return true;
}

function known(slot: i32, from: i32, to: i32, hash: i32, hash2: i32): i32 {
  for (let place = hash & (TABLE_SLOTS - 1); ; place = (place + 1) & (TABLE_SLOTS - 1)) {
    const value = load<i32>(TABLE + (place << 2));
    if (value === 0) break;
    const entry = VALUES + value * (VALUE_WORDS * 4);
    if (load<i32>(entry) !== hash2 || load<i32>(entry + 4) !== slot || load<i32>(entry + 12) !== to - from) continue;
    if (areEqual(from, load<i32>(entry + 8), to - from)) return value;
  }
  return newValue(slot, from, to, hash, hash2);
}

function text(): bool {
  const from = at + 1;
  let i = from;
  const quotes = i8x16.splat(<i8>QUOTE);
  const backslashes = i8x16.splat(<i8>BACKSLASH);
  const blank = i8x16.splat(0x20);
  for (;;) {
    const block = v128.load(i);
    const special = v128.or(v128.or(i8x16.eq(block, quotes), i8x16.eq(block, backslashes)), i8x16.lt_u(block, blank));
    const mask = i8x16.bitmask(special);
    if (mask === 0) {
      i += 16;
      continue;
    }
    i += ctz(mask);
    const c: i32 = load<u8>(i);
    if (c === QUOTE) break;
    if (c !== BACKSLASH || !isPlainEscape(load<u8>(i + 1))) return false;
    i += 2;
  }
  takeBytes(from, i);
  finish(KIND_STRING, i - from);
  at = i + 1;
  return true;
}

function number(): bool {
  const from = at;
  let i = from;
  if (load<u8>(i) === 0x2d) i++;
  const digits = i;
  while (isDigit(load<u8>(i))) i++;
  const count = i - digits;
  if (count === 0 || (count > 1 && load<u8>(digits) === 0x30)) return false;
  let isOdd = count > 15 || (digits > from && load<u8>(digits) === 0x30);
  if (load<u8>(i) === 0x2e) {
    isOdd = true;
    if (!isDigit(load<u8>(++i))) return false;
    while (isDigit(load<u8>(i))) i++;
  }
  if ((load<u8>(i) | 0x20) === 0x65) {
    isOdd = true;
    i++;
    if (load<u8>(i) === 0x2b || load<u8>(i) === 0x2d) i++;
    if (!isDigit(load<u8>(i))) return false;
    while (isDigit(load<u8>(i))) i++;
  }
  at = i;
  if (!isOdd) {
    takeBytes(from, i);
    finish(KIND_NUMBER, i - from);
    return true;
  }
  const length = oddNumber(from, i);
  if (length === 0) return false;
  takeBytes(SCRATCH, SCRATCH + length);
  finish(KIND_NUMBER, length);
  return true;
}

function literal(): bool {
  const from = at;
  const word = load<i32>(from);
  let length = 0;
  if (word === 0x65757274 || word === 0x6c6c756e) length = 4;
  else if (word === 0x736c6166 && load<u8>(from + 4) === 0x65) length = 5;
  if (length === 0) return false;
  at = from + length;
  takeBytes(from, at);
  finish(KIND_LITERAL, length);
  return true;
}

@inline
function isDigit(c: i32): bool {
  return c >= 0x30 && c <= 0x39;
}

@inline
function isPlainEscape(c: i32): bool {
  return c === QUOTE || c === BACKSLASH || c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74;
}

// `LaneHash` of `content-hash.ts`.

@inline
function begin(entry: i32, index: i32): void {
  const step = i32x4.splat(index * STEP);
  a = i32x4.add(v128.load(entry), step);
  b = i32x4.add(v128.load(entry + 16), step);
}

@inline
function take(block: v128): void {
  const x = i32x4.mul(v128.xor(a, block), factor);
  a = v128.xor(x, i32x4.shr_u(x, 15));
  const y = i32x4.mul(v128.xor(b, block), factor2);
  b = v128.xor(y, i32x4.shr_u(y, 13));
}

@inline
function takeBytes(from: i32, to: i32): void {
  let i = from;
  for (; i + 16 <= to; i += 16) take(v128.load(i));
  // The mask is a window into 16 bytes of ones before 16 of zeros.
  if (i < to) take(v128.and(v128.load(i), v128.load(ONES + 16 - (to - i))));
}

@inline
function finish(kind: i32, length: i32): void {
  let x = v128.xor(a, i32x4.splat((length << 3) | kind));
  let y = b;
  for (let round = 0; round < 3; round++) {
    x = i32x4.mul(v128.xor(x, v128.shuffle<i32>(y, y, 1, 2, 3, 0)), factor);
    x = v128.xor(x, i32x4.shr_u(x, 15));
    y = i32x4.mul(i32x4.add(y, v128.shuffle<i32>(x, x, 2, 3, 0, 1)), factor2);
    y = v128.xor(y, i32x4.shr_u(y, 13));
  }
  a = x;
  b = y;
}
