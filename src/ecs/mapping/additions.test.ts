import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../readers/index.ts";
import { createNormaliser } from "../normalise.ts";
import { isObject } from "../object.ts";

function map(channel: string, code: string, data: { readonly [name: string]: string }, strictElastic: boolean): JsonObject {
  return createNormaliser({ strictElastic }).normalise({
    kind: "document",
    place: { file: "lab.json" },
    document: { winlog: { channel, event_id: code, event_data: { ...data } } },
  }).event;
}

function at(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const part of path.split(".")) value = isObject(value) ? value[part] : undefined;
  return value;
}

describe("scheduled-task-action", () => {
  const task = (actions: string): string =>
    `<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Principals/>${actions}</Task>`;
  const exec = (command: string, parameters = ""): string => `<Exec><Command>${command}</Command>${parameters}</Exec>`;
  const created = (content: string, strict = false): JsonObject =>
    map("Security", "4698", { TaskName: "\\Updater", TaskContent: content }, strict);

  test("the program of the task, and its text stays", () => {
    const content = task(
      `<Actions>${exec("C:\\Windows\\System32\\cmd.exe", '<Arguments>/c "echo a &gt; b" &amp; c</Arguments><WorkingDirectory>C:\\Temp</WorkingDirectory>')}${exec("second.exe")}</Actions>`,
    );
    const event = created(content);
    expect(event["process"]).toMatchObject({
      executable: "C:\\Windows\\System32\\cmd.exe",
      name: "cmd.exe",
      command_line: 'C:\\Windows\\System32\\cmd.exe /c "echo a > b" & c',
      args: ["C:\\Windows\\System32\\cmd.exe", "/c", "echo a > b", "&", "c"],
      args_count: 5,
      working_directory: "C:\\Temp",
    });
    expect(at(event, "winlog.event_data.TaskContent")).toBe(content);
    expect(at(created(content, true), "process")).toBeUndefined();
  });

  test("an updated task, by its new text; quotes around the program", () => {
    const data = { TaskName: "\\T", TaskContentNew: task(`<Actions>${exec('"C:\\Program Files\\a.exe"')}</Actions>`) };
    const process = map("Security", "4702", data, false)["process"];
    expect(process).toMatchObject({
      executable: "C:\\Program Files\\a.exe",
      command_line: '"C:\\Program Files\\a.exe"',
      args: ["C:\\Program Files\\a.exe"],
    });
  });

  test.each(['"a.exe', 'a.exe"', '"'])("a program with one quote is left as it is: %s", (command) => {
    expect(created(task(`<Actions>${exec(command)}</Actions>`))["process"]).toMatchObject({ executable: command, command_line: command });
  });

  test.each([
    ["no program", task("<Actions><ComHandler><ClassId>{0}</ClassId></ComHandler></Actions>")],
    ["a program outside the actions", task(exec("a.exe"))],
    ["a text cut short", task(`<Actions>${exec("a.exe")}</Actions>`).slice(0, -9)],
    ["an element of another name", `<Job><Actions>${exec("a.exe")}</Actions></Job>`],
    ["entities", `<!DOCTYPE Task [<!ENTITY a "b">]>${task(`<Actions>${exec("&a;")}</Actions>`)}`],
    ["nested without end", `<Exec>${"<a>".repeat(10_000)}`],
    ["no text", ""],
  ])("%s: nothing is added", (_what, content) => {
    expect(created(content)["process"]).toBeUndefined();
  });
});

describe("powershell-data-kept", () => {
  const MODULE = "Microsoft-Windows-PowerShell/Operational";
  const data4103 = { ContextInfo: "        Host Name = ConsoleHost\n        Command Name = a", Payload: 'CommandInvocation(a): "a"' };

  test("4103 keeps its two texts", () => {
    const event = map(MODULE, "4103", data4103, false);
    expect(at(event, "winlog.event_data.ContextInfo")).toBe(data4103.ContextInfo);
    expect(at(event, "winlog.event_data.Payload")).toBe(data4103.Payload);
    const strict = map(MODULE, "4103", data4103, true);
    expect(at(strict, "winlog.event_data.ContextInfo")).toBeUndefined();
    expect(at(strict, "winlog.event_data.Payload")).toBeUndefined();
    expect(at(strict, "process.title")).toBe("ConsoleHost");
  });

  test.each(["400", "403", "600", "800"])("%s keeps its unnamed texts", (code) => {
    const texts = { param1: "a", param2: "\tHostName=ConsoleHost", param3: "\tHostName=ConsoleHost" };
    const event = map("Windows PowerShell", code, texts, false);
    for (const [name, value] of Object.entries(texts)) expect(at(event, `winlog.event_data.${name}`)).toBe(value);
    expect(at(map("Windows PowerShell", code, texts, true), "winlog.event_data.param3")).toBeUndefined();
  });

  test("a script block is not held twice", () => {
    const event = map(MODULE, "4104", { ScriptBlockText: "iex", ScriptBlockId: "b" }, false);
    expect(at(event, "powershell.file.script_block_text")).toBe("iex");
    expect(at(event, "winlog.event_data")).toBeUndefined();
  });
});

describe("host-identity", () => {
  const host = (given: JsonObject, strictElastic: boolean): Json | undefined =>
    createNormaliser({ strictElastic }).normalise({
      kind: "document",
      place: { file: "lab.json" },
      document: { host: given, winlog: { channel: "Application", event_id: "1", computer_name: "SRV01" } },
    }).event["host"];

  test("what the shipper set none of is set", () => {
    expect(host({}, false)).toEqual({ name: "SRV01", id: "SRV01", os: { type: "windows", family: "windows" } });
    expect(host({}, true)).toEqual({});
  });

  test("what it set stays", () => {
    const given = { name: "srv01", id: "7f", os: { type: "linux", family: "debian" } };
    expect(host(given, false)).toEqual(given);
  });
});
