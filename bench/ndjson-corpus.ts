/**
 * Synthetic events in the shape of Winlogbeat's Sysmon 1, about 1.9 kB each, reproducible.
 * @param images programs that run, in turn: every eighth event of the default ones is something that rules look for.
 */
export function* ndjsonChunks(totalBytes: number, chunkBytes = 64 * 1024, images: readonly string[] = IMAGES): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  let made = 0;
  for (let n = 0; made < totalBytes; n++) {
    text += eventLine(n, images);
    if (text.length < chunkBytes) continue;
    const bytes = encoder.encode(text);
    text = "";
    made += bytes.length;
    yield bytes;
  }
}

const IMAGES = ["net.exe", "cmd.exe", "powershell.exe", "svchost.exe", "PsExec.exe", "conhost.exe", "wmiprvse.exe", "chrome.exe"];

/** Programs that no rule looks for by name. */
export const QUIET_IMAGES = ["svchost.exe", "conhost.exe", "chrome.exe", "wmiprvse.exe", "notepad.exe"];

export function eventLine(n: number, images: readonly string[] = IMAGES): string {
  const image = images[n % images.length]!;
  const host = `WS${String(n % 40).padStart(2, "0")}`;
  const pid = 1000 + ((n * 7919) % 50000);
  const guid = `{F4649A5F-${(n % 65536).toString(16).padStart(4, "0")}-5F98-0000-${(n * 31).toString(16).padStart(12, "0").toUpperCase()}}`;
  const path = `C:\\Windows\\System32\\${image}`;
  const commandLine = `"${path}" /c start /b session-${n} \\\\SRV${n % 9}\\share$ --token ${(n * 2654435761) % 4294967296}`;
  const time = new Date(1_767_323_045_000 + n * 37).toISOString();
  return `${JSON.stringify({
    "@timestamp": time,
    "@metadata": { beat: "winlogbeat", type: "_doc", version: "9.0.0" },
    event: {
      kind: "event",
      category: ["process"],
      type: ["start"],
      code: "1",
      provider: "Microsoft-Windows-Sysmon",
      module: "sysmon",
      action: "Process Create (rule: ProcessCreate)",
      created: time,
    },
    host: { name: host, hostname: host, os: { family: "windows", type: "windows", platform: "windows" } },
    agent: { name: host, type: "winlogbeat", version: "9.0.0", id: "6a9fa79c-9e2d-4c1c-9d39-0ab2f0a5e5a4" },
    process: {
      entity_id: guid,
      pid,
      name: image,
      executable: path,
      command_line: commandLine,
      args: commandLine.split(" "),
      working_directory: "C:\\Windows\\system32\\",
      hash: { md5: "8a2122e8162dbef04694b9c3e0b6cdee", sha256: "b99d61d874728edc0918ca0eb10eab93d381e7367e377406e65963366c874450" },
      parent: {
        entity_id: guid,
        pid: pid - 4,
        name: "explorer.exe",
        executable: "C:\\Windows\\explorer.exe",
        command_line: "C:\\Windows\\Explorer.EXE",
      },
      pe: {
        company: "Microsoft Corporation",
        description: "Net Command",
        file_version: "10.0.17763.1",
        original_file_name: image,
        product: "Windows",
        imphash: "57f0c47ae2a1a2c06c8b987372ab0b07",
      },
    },
    user: { id: "S-1-5-18", name: `user${n % 100}`, domain: "LAB" },
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: `${host}.lab.example`,
      event_id: "1",
      provider_name: "Microsoft-Windows-Sysmon",
      provider_guid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
      record_id: n,
      process: { pid: 2340, thread: { id: 3612 } },
      user: { identifier: "S-1-5-18", name: "SYSTEM", domain: "NT AUTHORITY", type: "User" },
      event_data: { LogonGuid: guid, LogonId: "0x3e7", TerminalSessionId: "0", IntegrityLevel: "System", RuleName: "-" },
      version: 5,
    },
    ecs: { version: "8.11.0" },
  })}\n`;
}
