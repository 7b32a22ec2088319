/** ECS `registry` from Sysmon's `TargetObject` and `Details`. */
import type { JsonObject } from "../../../readers/index.ts";

const HIVES = new Map([
  ["HKEY_CLASSES_ROOT", "HKCR"],
  ["HKCR", "HKCR"],
  ["HKEY_CURRENT_CONFIG", "HKCC"],
  ["HKCC", "HKCC"],
  ["HKEY_CURRENT_USER", "HKCU"],
  ["HKCU", "HKCU"],
  ["HKEY_DYN_DATA", "HKDD"],
  ["HKDD", "HKDD"],
  ["HKEY_LOCAL_MACHINE", "HKLM"],
  ["HKLM", "HKLM"],
  ["HKEY_PERFORMANCE_DATA", "HKPD"],
  ["HKPD", "HKPD"],
  ["HKEY_USERS", "HKU"],
  ["HKU", "HKU"],
]);
const QWORD = /^QWORD \(0x([0-9a-f]{8})-0x([0-9a-f]{8})\)$/i;
const DWORD = /^DWORD \(0x([0-9a-f]{8})\)$/i;

/** The path is kept as it is; hive, key and value are cut from it, the value being its last part even for a key event. */
export function setRegistryPath(registry: JsonObject, path: string): void {
  registry["path"] = path;
  const first = path.indexOf("\\");
  const hive = HIVES.get(first < 0 ? path : path.slice(0, first));
  if (hive !== undefined) {
    registry["hive"] = hive;
    if (first >= 0) registry["key"] = path.slice(first + 1);
  }
  registry["value"] = path.slice(path.lastIndexOf("\\") + 1);
}

/** `registry.data` */
export function registryData(details: string): JsonObject {
  // The type names are those of Elastic's pipelines, which are not Windows' (REG_DWORD, REG_QWORD).
  if (details.length <= 40) {
    const dword = DWORD.exec(details);
    if (dword !== null) return { strings: [String(Number.parseInt(dword[1]!, 16))], type: "SZ_DWORD" };
    const qword = QWORD.exec(details);
    if (qword !== null) {
      // Elastic's pipelines shift the high half by 8 bits where 32 are meant; rules see that number, so it is ours too.
      const high = Number.parseInt(qword[1]!, 16);
      return { strings: [String(high * 256 + Number.parseInt(qword[2]!, 16))], type: "SZ_QWORD" };
    }
    if (details === "Binary Data") return { strings: [details], type: "REG_BINARY" };
  }
  return { strings: [details], type: "REG_SZ" };
}
