const REASONS: { readonly [code: string]: readonly [reason: string, help: string] } = {
  ENOSPC: ["the disk is full", "Make room there, or name a place with room."],
  EDQUOT: ["the quota is used up", "Make room there, or name a place with room."],
  EFBIG: ["the file would be too large for its disk", "Name a place that takes files of that size."],
  EACCES: ["it may not be written to", "Name a place that may be written to."],
  EPERM: ["it may not be written to", "Name a place that may be written to."],
  EROFS: ["the disk is read-only", "Name a place that may be written to."],
  EIO: ["the disk failed", "Look at the disk; what was there before is unchanged."],
  EEXIST: ["it exists already", "Nothing that existed was changed. Name another place."],
  EISDIR: ["it is a folder", "Name a file."],
  ENOTDIR: ["a part of its path is no folder", "Name a folder that exists or can be made."],
  ENOENT: ["its folder is not there", "Name a folder that exists or can be made."],
  ENAMETOOLONG: ["the name is too long", "Name it shorter."],
};

/** Why the file system refused to write, in words with its code. */
export function writeReason(code: string): string {
  const known = REASONS[code];
  return known === undefined ? `(${code})` : `(${code}: ${known[0]})`;
}

/** What a person can do about it. */
export function writeHelp(code: string): string {
  return REASONS[code]?.[1] ?? "Name a place that exists and may be written to.";
}
