/** Bytes of texts and their Base64, for the modifiers that look for encoded text. */

export function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** UTF-16, little or big endian, without a byte order mark. */
export function utf16(text: string, bigEndian: boolean): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (bigEndian) bytes.push(unit >> 8, unit & 255);
    else bytes.push(unit & 255, unit >> 8);
  }
  return bytes;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function base64(bytes: readonly number[]): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    out += ALPHABET[a >> 2]! + ALPHABET[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    out += b === undefined ? "=" : ALPHABET[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
    out += c === undefined ? "=" : ALPHABET[c & 63]!;
  }
  return out;
}

/**
 * What the Base64 of any text around these bytes must contain, for each of the three ways the bytes can lie in groups of three: the
 * characters that depend on a neighbour are cut off.
 */
export function base64Offsets(bytes: readonly number[]): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = base64([...Array.from({ length: shift }, () => 32), ...bytes]);
    const cutStart = [0, 2, 3][shift]!;
    const cutEnd = [0, 3, 2][(bytes.length + shift) % 3]!;
    return encoded.slice(cutStart, encoded.length - cutEnd);
  });
}
