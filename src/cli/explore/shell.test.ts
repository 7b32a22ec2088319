import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { run } from "../run.ts";
import { capturedContext, tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";
import { completeLine } from "./shell-completion.ts";
import { historyFile, readHistory, writeHistory } from "./shell-history.ts";

const root = join(import.meta.dirname, "../../..");
const sample = join(root, "samples", "lab.ndjson");
const { path: folder, file } = workFolder();
const shell = (...lines: readonly string[]): ReturnType<typeof tocsin> =>
  tocsin(["shell", sample], [new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))]);

describe("a line each through a pipe", () => {
  test("as a process: the events are loaded once, every query is answered", () => {
    const main = join(root, "dist", "cli", "main.js");
    const input = 'process where process.name : "net*.exe" | head 1\n\n:language kql\nprocess.name: "net.exe" and user.name: adm.kira\n';
    const { stdout, stderr, status } = spawnSync(process.execPath, [main, "shell", sample], { input, encoding: "utf8", cwd: folder });
    expect(stdout).toContain("net  user SQLSVC$ /domain");
    expect(stderr.split("\n").slice(0, 3)).toEqual([
      "408 events of 1 file loaded",
      "1 match in 408 events of 1 file",
      "4 matches in 408 events of 1 file",
    ]);
    expect(status).toBe(0);
  });

  test(":fields, :values and :count say what there is", async () => {
    const { stdout } = await shell(
      ":fields sharename",
      ":values winlog.channel",
      'process where process.name : "net*.exe"',
      ":count user.name",
    );
    expect(stdout).toContain("events  field\n    68  winlog.event_data.ShareName\n");
    expect(stdout).toContain("events  winlog.channel\n   219  Security\n");
    expect(stdout).toMatch(/count +share +user\.name\n +12 +75\.0 % +j\.doe\n/);
  });

  test(":show chooses the columns, and none gives back what tells most", async () => {
    const { stdout } = await shell(":show host.name", "any where true | head 1", ":show", "any where true | head 1");
    expect(stdout).toMatch(/^host\.name\n\S+\ntime \(UTC\) /);
  });

  test(":explain says why the last query matches, or what comes nearest", async () => {
    const { stdout } = await shell('process where process.name : "net*.exe" and user.name == "nobody"', ":explain");
    expect(stdout).toContain('user.name == "nobody"');
    expect(stdout).toContain("false");
  });

  test(":save writes the last answer, as CSV or a line of JSON each", async () => {
    const [csv, ndjson] = [join(folder, "a.csv"), join(folder, "a.ndjson")];
    const { stdout } = await shell(
      ":show host.name",
      'any where event.code == "7045"',
      `:save ${csv}`,
      ":language esql",
      "from logs | stats n = count(*)",
      `:save ${ndjson}`,
    );
    expect(readFileSync(csv, "utf8")).toMatch(/^host\.name\r\nSRV01\.corp\.example\r\n/);
    expect(readFileSync(ndjson, "utf8")).toBe('{"n":408}\n');
    expect(stdout).not.toContain("{");
  });

  test("what cannot be answered is reported, the rest is answered, and the exit code tells", async () => {
    const { stdout, stderr, status } = await shell(
      "proces where",
      ":nope",
      ":constructor",
      ":count host.name",
      ":language sql",
      "any where true | head 1",
    );
    expect(stderr.match(/^error/gm)?.length).toBe(5);
    expect(stderr).toContain(":nope: no such command");
    expect(stderr).toContain("there was no query yet");
    expect(stdout).toMatch(/^time/);
    expect(status).toBe(2);
  });

  test(":quit ends it, :help lists the commands", async () => {
    const { stdout, stderr } = await shell(":help", ":quit", "any where true");
    for (const name of [":values FIELD", ":save FILE", ":language NAME"]) expect(stdout).toContain(name);
    expect(stderr).not.toContain("match");
  });

  test("logs do not come from where the queries come from", async () => {
    expect((await tocsin(["shell", "-"])).status).toBe(2);
  });
});

const seen = new Map([
  ["host.name", ["ws01", "srv01"]],
  ["winlog.event_data.ShareName", [String.raw`\\*\ADMIN$`]],
]);

describe("completion", () => {
  test.each([
    ["any where winlog.event_data.Sh", "winlog.event_data.Sh", "winlog.event_data.ShareName"],
    ['any where host.name == "w', "w", "ws01"],
    ["any where host.name == ", "", '"srv01"'],
    ["proc", "proc", "process where "],
    [":va", ":va", ":values"],
    [":values ho", "ho", "host.name"],
    [":count host.name,winl", "winl", "winlog.event_data.ShareName"],
    [":language k", "k", "kql"],
  ])("%s", (line, part, hit) => {
    const [hits, of] = completeLine(line, seen);
    expect(of).toBe(part);
    expect(hits).toContain(hit);
    for (const one of hits) expect(one.toLowerCase().startsWith(part.toLowerCase())).toBe(true);
  });

  test("fields of the events come before those of ECS, and a file is not guessed", () => {
    expect(completeLine("any where h", seen)[0][0]).toBe("host.name");
    expect(completeLine(":save x", seen)[0]).toEqual([]);
  });
});

describe("history", () => {
  test("is kept for its owner alone, newest first, with a bound", () => {
    const at = historyFile({ XDG_STATE_HOME: join(folder, "state"), LOCALAPPDATA: join(folder, "state") });
    expect(at).toBe(join(folder, "state", "tocsin", "history"));
    expect(readHistory(at)).toEqual([]);
    expect(writeHistory(at, ["second", "first", "x".repeat(20_000)])).toBe(true);
    expect(readFileSync(at, "utf8")).toBe("first\nsecond\n");
    if (process.platform !== "win32") expect(statSync(at).mode & 0o777).toBe(0o600);
    writeHistory(
      at,
      Array.from({ length: 1_500 }, (_, i) => `line ${i}`),
    );
    expect(readHistory(at).length).toBe(1_000);
    expect(readHistory(at)[0]).toBe("line 0");
  });

  test("that cannot be written costs nothing", () => {
    expect(writeHistory(join(file("plain", ""), "history"), ["a"])).toBe(false);
    const at = file("locked/history", "a\n");
    chmodSync(dirname(at), 0o500);
    expect(() => writeHistory(at, ["b"])).not.toThrow();
    chmodSync(dirname(at), 0o700);
  });
});

test("at a keyboard: Tab completes from the events, lines are answered, and the history is there the next time", async () => {
  const env = { XDG_STATE_HOME: join(folder, "typed"), LOCALAPPDATA: join(folder, "typed") };
  /** Types keys one after the other, each when the screen shows what was waited for. */
  const type = async (...steps: readonly (readonly [shown: string, keys: string])[]): Promise<{ out: string; screen: string }> => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let screen = "";
    output.on("data", (bytes: Buffer) => (screen += bytes.toString()));
    const { context, printed } = capturedContext();
    const ended = run(["shell", sample], { ...context, keyboard: { input, output, env } });
    for (const [shown, keys] of steps) {
      await vi.waitFor(() => expect(screen).toContain(shown), 10_000);
      screen = "";
      input.write(keys);
    }
    input.end();
    expect(await ended).toBe(0);
    return { out: printed.out, screen };
  };
  const first = await type(
    ["eql> ", "any where winlog.event_data.ShareN"],
    ["ShareN", "\t"],
    ["ame", " != null | head 1\n"],
    ["eql> ", ":language kql\n"],
    ["kql> ", ""],
  );
  expect(first.out).toMatch(/^time \(UTC\)/);
  expect(readFileSync(historyFile(env), "utf8")).toBe("any where winlog.event_data.ShareName != null | head 1\n:language kql\n");
  const again = await type(["eql> ", "\u001b[A"], ["language", "\u001b[A"], ["ShareName", "\n"], ["eql> ", ""]);
  expect(again.out).toBe(first.out);
  expect(existsSync(historyFile(env))).toBe(true);
  writeFileSync(historyFile(env), "");
});
