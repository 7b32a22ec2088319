import { expect, test } from "vitest";
import { sampleLog } from "../../scripts/evtx-writer.ts";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file } = workFolder();
const log = sampleLog();
file("log.evtx", log);
const image = new Uint8Array(50_000 + log.length).fill(0xa5);
image.set(log, 50_000);
file("disk.img", image);

async function linesOf(...args: string[]): Promise<{ status: number; lines: string[]; stderr: string }> {
  const { status, stdout, stderr } = await tocsin(args);
  return { status, lines: stdout.split("\n").filter((line) => line !== ""), stderr };
}

test("convert --carve reads the logs inside a disk image as it reads the logs themselves", async () => {
  const whole = await linesOf("convert", "--to", "xml", "log.evtx");
  const carved = await linesOf("convert", "--to", "xml", "--carve", "disk.img");
  expect(whole.lines.length).toBeGreaterThan(4);
  expect(carved.lines).toEqual(whole.lines);
  expect(carved.stderr).toContain("evtx/carved");
  expect(await linesOf("convert", "--to", "xml", "disk.img")).toMatchObject({ status: 4, lines: [] });
});

test.each(["hunt", "inspect", "convert"])("%s --help describes it", async (command) => {
  expect((await linesOf(command, "--help")).lines.join(" ")).toContain("--carve");
});
