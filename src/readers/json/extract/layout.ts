/**
 * Where things lie in the memory that a walker (`walk.ts`, or the same in WebAssembly) shares with the tables around it. Everything is
 * 32-bit words but texts; places are in bytes. `npm run walker` when something changes here.
 */

/** Lines are walked here. Bytes beyond them may be read, 64 at most, and do not matter. */
export const INPUT = 0;
export const INPUT_BYTES = 256 * 1024;

/** What a walk leaves: where its line ends (the line feed, or the end of the input), the sums of the hash's lanes, how many slots have a value. */
export const RESULT = INPUT + INPUT_BYTES + 64;
export const RESULT_END = 0;
export const RESULT_SUM = 1;
export const RESULT_TOUCHED = 5;
/** 1 where a field, or an object on the way to one, is under a key with dots. */
export const RESULT_DOTTED = 6;

/** The slots that have a value, in the order in which they came. */
export const TOUCHED = RESULT + 64;
export const MAX_SLOTS = 4_096;

/** Of each slot two words: the value's number, `OBJECT`, or `-1 - place` of a text in the input, whose length is the second word; 0: nothing. */
export const SLOTS = TOUCHED + MAX_SLOTS * 4;
export const OBJECT = 1;
/** Of each slot 1 where its values are not looked up: they do not come again. */
export const RAW_SLOTS = SLOTS + MAX_SLOTS * 8;

/** Containers that are open. */
export const STACK = RAW_SLOTS + MAX_SLOTS * 4;
export const FRAME_WORDS = 16;
export const MAX_DEPTH = 40;

/** The digits of a number as JavaScript writes it, where the text has others. */
export const SCRATCH = STACK + MAX_DEPTH * FRAME_WORDS * 4;

/** Paths: seeds of the hash, the first key that an object here may begin with, slot (-1: none), flags, path of an array's elements, `THROUGH`. */
export const PATHS = SCRATCH + 1024;
export const PATH_WORDS = 16;
export const MAX_PATHS = 16_384;
export const PATH_FIRST = 8;
export const PATH_SLOT = 9;
export const PATH_FLAGS = 10;
export const PATH_ELEMENT = 11;
export const PATH_THROUGH = 12;
/** A wanted field lies below: what is no object here hides it. */
export const PREFIX = 1;
/** A document with this key is of a form that other code knows. */
export const SPECIAL = 2;
/** The key has dots, and a wanted field lies here or below, or an object that is asked for was passed. */
export const DOTTED = 4;
/** The path of the document itself. */
export const ROOT = 1;

/**
 * Keys as they follow one another in objects: the text with its quotes, the path of the value, the key that followed it last, another key
 * that followed what this one follows.
 */
export const KEYS = PATHS + MAX_PATHS * PATH_WORDS * 4;
export const KEY_WORDS = 8;
export const MAX_KEYS = 65_536;
export const KEY_TEXT = 0;
export const KEY_LENGTH = 1;
export const KEY_PATH = 2;
export const KEY_NEXT = 3;
export const KEY_SIBLING = 4;

/** Texts of keys, and lists of slots that are objects where a key has dots: their number, then they. */
export const TEXTS = KEYS + MAX_KEYS * KEY_WORDS * 4;
export const TEXTS_BYTES = 512 * 1024;

/** Values by a hash: their numbers, 0: free. */
export const TABLE = TEXTS + TEXTS_BYTES;
export const TABLE_SLOTS = 1 << 16;
/** Of each value a hash, its slot, where its text lies and its length. */
export const VALUES = TABLE + TABLE_SLOTS * 4;
export const VALUE_WORDS = 4;
export const MAX_VALUES = 1 << 15;
export const VALUE_TEXTS = VALUES + MAX_VALUES * VALUE_WORDS * 4;
export const VALUE_TEXTS_BYTES = 3 * 1024 * 1024;
/** A longer value is not looked up. */
export const MAX_INTERNED = 400;

/** The secrets' factors, and sixteen bytes of ones before sixteen of zeros: for a walker that has them nowhere else. */
export const FACTORS = VALUE_TEXTS + VALUE_TEXTS_BYTES + 64;
export const ONES = FACTORS + 16;

/** How much it is together, in pages of WebAssembly's memories. */
export const PAGES = Math.ceil((ONES + 64) / 65_536);
