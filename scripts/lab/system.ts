import type { Account, Host, WindowsEvent } from "./event.ts";

export class SystemWriter {
  readonly #records = new Map<string, number>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
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
    const recordId = (this.#records.get(host.name) ?? 30_200 + (this.#seed % 1000) + host.ip.length * 3) + 1;
    this.#records.set(host.name, recordId);
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
      recordId,
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
