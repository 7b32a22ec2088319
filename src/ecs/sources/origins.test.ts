import { describe, expect, test } from "vitest";
import { windowsEvents } from "./origins.ts";

const originOf = (code: string, field: string): string | undefined => {
  const origin = windowsEvents()
    .find((event) => event.code === code)!
    .origins.get(field);
  return origin === undefined ? undefined : `${origin.data} ${origin.form}${origin.key === null ? "" : ` ${origin.key}`}`;
};

describe("where Windows' events say what ECS fields hold", () => {
  test.each([
    ["1", "process.executable", "Image whole"],
    ["1", "process.name", "Image name"],
    ["1", "process.pid", "ProcessId whole"],
    ["1", "process.args", "CommandLine part"],
    ["1", "process.hash.sha256", "Hashes item SHA256"],
    ["1", "user.name", "User name"],
    ["1", "user.domain", "User head"],
    ["3", "destination.port", "DestinationPort whole"],
    ["3", "network.direction", "Initiated words"],
    ["13", "registry.data.strings", "Details registryData"],
    ["17", "file.name", "PipeName whole"],
    ["4688", "process.name", "NewProcessName name"],
    ["4688", "process.parent.executable", "ParentProcessName whole"],
    ["4624", "user.name", "TargetUserName whole"],
    ["4624", "source.ip", "IpAddress whole"],
    ["5145", "winlog.event_data.RelativeTargetName", "RelativeTargetName whole"],
    ["5140", "user.name", "SubjectUserName whole"],
    ["7045", "service.name", "ServiceName whole"],
  ])("%s: %s is %s", (code, field, expected) => {
    expect(originOf(code, field)).toBe(expected);
  });

  test("a process id in hexadecimal is no origin of a decimal one", () => {
    expect(originOf("4688", "process.pid")).toBeUndefined();
  });

  test("words stand for their codes", () => {
    const logon = windowsEvents().find((event) => event.code === "4624")!;
    expect(logon.origins.get("winlog.logon.type")?.words?.get("Network")).toBe("3");
    expect(logon.origins.get("winlog.logon.type")?.words?.get("RemoteInteractive")).toBe("10");
  });
});
