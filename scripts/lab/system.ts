import type { Account, Host, WindowsEvent } from "./event.ts";
import { RecordIds } from "./record-ids.ts";

export class SystemWriter {
  readonly #recordIds: RecordIds;

  constructor(seed: number) {
    this.#recordIds = new RecordIds((host) => 30_200 + (seed % 1000) + host.ip.length * 3);
  }

  #event(
    host: Host,
    id: number,
    keywords: string,
    ms: number,
    userId: string | null,
    message: string,
    data: readonly (readonly [string, string])[],
  ): WindowsEvent {
    return {
      stream: "system",
      host,
      id,
      version: 0,
      level: 4,
      task: 0,
      taskName: "None",
      opcode: 0,
      keywords,
      keywordNames: ["Classic"],
      outcome: null,
      ms,
      recordId: this.#recordIds.next(host),
      processId: 620,
      threadId: 5516,
      userId,
      data,
      message,
    };
  }

  serviceInstalled(host: Host, by: Account, name: string, path: string, start: string, account: string, ms: number): WindowsEvent {
    return this.#event(host, 7045, "0x8080000000000000", ms, by.sid, "A service was installed in the system.", [
      ["ServiceName", name],
      ["ImagePath", path],
      ["ServiceType", "user mode service"],
      ["StartType", start],
      ["AccountName", account],
    ]);
  }

  serviceState(host: Host, name: string, state: "running" | "stopped", ms: number): WindowsEvent {
    return this.#event(host, 7036, "0x8080000000000000", ms, null, `The ${name} service entered the ${state} state.`, [
      ["param1", name],
      ["param2", state],
    ]);
  }
}
