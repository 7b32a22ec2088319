import type { Head } from "./format.ts";

/** Content that is recognised and not read: what it is, and what to do about it. */
export interface Refused {
  readonly id: string;
  readonly title: string;
  readonly help?: string;
  sniff(head: Head): boolean;
}

/** Bytes in hex at an offset. `..` is any byte. */
function magic(hex: string, offset = 0): (head: Head) => boolean {
  const bytes = hex.split(" ").map((pair) => (pair === ".." ? -1 : Number.parseInt(pair, 16)));
  return (head) => bytes.every((byte, i) => (byte < 0 && offset + i < head.bytes.length) || head.bytes[offset + i] === byte);
}

const text = (pattern: RegExp) => (head: Head) => pattern.test(head.text);

const UNPACK = "Unpack it and give the unpacked files";
/** The help of what holds no events whatever one does. */
export const NOT_A_LOG = "Leave it out; it is not a log";

export const refusedFormats: readonly Refused[] = [
  { id: "7z", title: "7-Zip archive", sniff: magic("37 7a bc af 27 1c"), help: UNPACK },
  { id: "rar", title: "RAR archive", sniff: magic("52 61 72 21 1a 07"), help: UNPACK },
  { id: "xz", title: "xz compressed data", sniff: magic("fd 37 7a 58 5a 00"), help: "Decompress it with xz -d" },
  { id: "bzip2", title: "bzip2 compressed data", sniff: text(/^BZh[1-9]1AY&SY/), help: "Decompress it with bzip2 -d" },
  { id: "lz4", title: "LZ4 compressed data", sniff: magic("04 22 4d 18"), help: "Decompress it with lz4 -d" },
  { id: "cab", title: "Windows cabinet", sniff: magic("4d 53 43 46 00 00 00 00"), help: UNPACK },
  {
    id: "ole",
    title: "OLE compound file (Office document, MSI, or encrypted Office document)",
    sniff: magic("d0 cf 11 e0 a1 b1 1a e1"),
    help: NOT_A_LOG,
  },
  { id: "pgp", title: "PGP encrypted data", sniff: text(/^-----BEGIN PGP MESSAGE-----/), help: "Decrypt it first" },
  {
    id: "evt",
    title: "Windows event log of the old kind (EVT)",
    sniff: magic("30 00 00 00 4c 66 4c 65"),
    help: "Convert it on Windows: wevtutil export-log OLD.evt NEW.evtx /lf:true",
  },
  { id: "pcap", title: "packet capture (pcap)", sniff: (head) => PCAP.some((is) => is(head)), help: NOT_A_LOG },
  { id: "pcapng", title: "packet capture (pcapng)", sniff: magic("0a 0d 0d 0a .. .. .. .. .. .. .. .."), help: NOT_A_LOG },
  { id: "pe", title: "Windows program (PE)", sniff: isProgram, help: NOT_A_LOG },
  { id: "elf", title: "Linux program (ELF)", sniff: magic("7f 45 4c 46"), help: NOT_A_LOG },
  { id: "png", title: "PNG image", sniff: magic("89 50 4e 47 0d 0a 1a 0a"), help: NOT_A_LOG },
  { id: "jpeg", title: "JPEG image", sniff: magic("ff d8 ff"), help: NOT_A_LOG },
  { id: "gif", title: "GIF image", sniff: text(/^GIF8[79]a/), help: NOT_A_LOG },
  { id: "pdf", title: "PDF document", sniff: text(/^%PDF-/), help: NOT_A_LOG },
  { id: "sqlite", title: "SQLite database", sniff: magic("53 51 4c 69 74 65 20 66 6f 72 6d 61 74 20 33 00"), help: NOT_A_LOG },
  { id: "registry-hive", title: "Windows registry hive", sniff: magic("72 65 67 66"), help: NOT_A_LOG },
  { id: "ese", title: "ESE database", sniff: magic("ef cd ab 89", 4), help: NOT_A_LOG },
  { id: "shortcut", title: "Windows shortcut", sniff: magic("4c 00 00 00 01 14 02 00"), help: NOT_A_LOG },
  { id: "prefetch", title: "Windows prefetch file", sniff: magic("4d 41 4d 04"), help: NOT_A_LOG },
  { id: "parquet", title: "Parquet table", sniff: text(/^PAR1/), help: "Convert it to NDJSON" },
  { id: "avro", title: "Avro file", sniff: magic("4f 62 6a 01"), help: "Convert it to NDJSON" },
  { id: "journal", title: "systemd journal", sniff: text(/^LPKSHHRH/), help: "Export it with journalctl --file FILE -o json" },
  { id: "apple-double", title: "macOS file attributes (AppleDouble)", sniff: magic("00 05 16 07"), help: NOT_A_LOG },
  {
    id: "git-lfs-pointer",
    title: "Git LFS pointer, not the file itself",
    sniff: text(/^version https:\/\/git-lfs\.github\.com\/spec\//),
    help: "Fetch the content with git lfs pull",
  },
  {
    id: "html",
    title: "HTML page",
    sniff: text(/^<(?:!doctype\s+html|html)\b/i),
    help: "Probably an error or sign-in page saved instead of a log",
  },
  {
    id: "event-viewer-csv",
    title: "CSV or text saved by Event Viewer, which holds no event data",
    sniff: text(/^"?(?:Level|Keywords)"?[,\t]"?Date and Time"?[,\t]"?Source"?[,\t]"?Event ID"?/),
    help: "Save the log as EVTX or XML instead",
  },
];

const PCAP = ["a1 b2 c3 d4", "d4 c3 b2 a1", "a1 b2 3c 4d", "4d 3c b2 a1"].map((hex) => magic(hex));

/** `MZ`, and where it says so `PE`. */
function isProgram({ bytes }: Head): boolean {
  if (bytes[0] !== 0x4d || bytes[1] !== 0x5a || bytes.length < 64) return false;
  const at = bytes[0x3c]! | (bytes[0x3d]! << 8);
  return at + 1 >= bytes.length || (bytes[at] === 0x50 && bytes[at + 1] === 0x45);
}

/** What people lay beside logs: its name says so, and it is text. */
export function isDocument(file: string, { text: start }: Head): boolean {
  const name = file.replace(/^.*[\\/!]/, "");
  return (
    !start.includes("\0") &&
    /^(?:readme|licen[cs]e|notice|copying|changelog|authors)(?:\.\w{1,8})?$|\.(?:md|markdown|rst|adoc)$/i.test(name)
  );
}
