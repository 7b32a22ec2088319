/** Documents as Elastic Defend writes them: already ECS, no event.code, no command line on network events. */
import type { Account, DefendEvent, Host, Process, Session } from "./event.ts";
import { resourceOf } from "./images.ts";
import { guidOf, hexOf } from "./random.ts";
import type { Connection } from "./sysmon.ts";

const baseName = (path: string): string => path.slice(path.lastIndexOf("\\") + 1);

export class DefendWriter {
  #sequence = 41_300;

  #event(
    host: Host,
    ms: number,
    dataset: string,
    category: readonly string[],
    type: readonly string[],
    action: string,
    user: Account | null,
    more: { readonly [key: string]: unknown },
  ): DefendEvent {
    this.#sequence += 1;
    const at = new Date(ms).toISOString();
    const document = {
      "@timestamp": at,
      agent: { id: guidOf(`agent ${host.name}`), type: "endpoint", version: "8.17.0" },
      data_stream: { dataset, namespace: "default", type: "logs" },
      ecs: { version: "8.10.0" },
      event: {
        action,
        agent_id_status: "verified",
        category: [...category],
        created: at,
        dataset,
        id: `${hexOf(`event ${this.#sequence}`, 16)}+++++0${this.#sequence.toString(36)}`,
        kind: "event",
        module: "endpoint",
        outcome: "unknown",
        sequence: this.#sequence,
        type: [...type],
      },
      host: {
        architecture: "x86_64",
        hostname: host.name,
        id: host.machineId,
        ip: [host.ip, "127.0.0.1", "::1"],
        name: host.name,
        os: {
          family: "windows",
          full: host.server ? "Windows Server 2022 Standard 21H2 (10.0.20348.2849)" : "Windows 11 Enterprise 23H2 (10.0.22631.4460)",
          kernel: host.server ? "21H2 (10.0.20348.2849)" : "23H2 (10.0.22631.4460)",
          name: "Windows",
          platform: "windows",
          type: "windows",
          version: host.server ? "21H2 (10.0.20348.2849)" : "23H2 (10.0.22631.4460)",
        },
      },
      ...(user === null ? {} : { user: { domain: user.domain, id: user.sid, name: user.name } }),
      ...more,
    };
    return { stream: "defend", host, ms, document };
  }

  processStart(process: Process, parent: Process, directory: string, ms: number): DefendEvent {
    const [, , , original] = resourceOf(process.image);
    return this.#event(process.host, ms, "endpoint.events.process", ["process"], ["start"], "start", process.user, {
      message: "Endpoint process event",
      process: {
        Ext: { ancestry: [parent.entityId], token: { elevation: process.user.admin } },
        args: splitCommandLine(process.commandLine),
        args_count: splitCommandLine(process.commandLine).length,
        command_line: process.commandLine,
        entity_id: process.entityId,
        executable: process.image,
        hash: {
          md5: hexOf(`md5 ${baseName(process.image).toLowerCase()}`, 32),
          sha256: hexOf(`sha256 ${baseName(process.image).toLowerCase()}`, 64),
        },
        name: baseName(process.image),
        parent: {
          args: splitCommandLine(parent.commandLine),
          args_count: splitCommandLine(parent.commandLine).length,
          command_line: parent.commandLine,
          entity_id: parent.entityId,
          executable: parent.image,
          name: baseName(parent.image),
          pid: parent.pid,
        },
        ...(original === "-" ? {} : { pe: { original_file_name: original } }),
        pid: process.pid,
        working_directory: directory,
      },
    });
  }

  processEnd(process: Process, ms: number): DefendEvent {
    return this.#event(process.host, ms, "endpoint.events.process", ["process"], ["end"], "end", process.user, {
      message: "Endpoint process event",
      process: { entity_id: process.entityId, executable: process.image, exit_code: 0, name: baseName(process.image), pid: process.pid },
    });
  }

  connection(process: Process, c: Connection, initiated: boolean, ms: number): DefendEvent {
    return this.#event(
      process.host,
      ms,
      "endpoint.events.network",
      ["network"],
      ["start"],
      initiated ? "connection_attempted" : "connection_accepted",
      process.user,
      {
        destination: { address: c.destinationIp, ip: c.destinationIp, port: c.destinationPort },
        message: "Endpoint network event",
        network: { direction: initiated ? "egress" : "ingress", transport: "tcp", type: c.destinationIp.includes(":") ? "ipv6" : "ipv4" },
        process: { entity_id: process.entityId, executable: process.image, name: baseName(process.image), pid: process.pid },
        source: { address: c.sourceIp, ip: c.sourceIp, port: c.sourcePort },
      },
    );
  }

  /** `user` is the remote user where the kernel writes for one. */
  fileCreate(process: Process, path: string, user: Account, ms: number): DefendEvent {
    const name = baseName(path);
    return this.#event(process.host, ms, "endpoint.events.file", ["file"], ["creation"], "creation", user, {
      file: {
        Ext: { header_bytes: /\.(exe|dll|sys)$/i.test(name) ? "4d5a90000300000004000000ffff0000" : hexOf(`header ${name}`, 32) },
        directory: path.slice(0, path.lastIndexOf("\\")),
        ...(name.includes(".") ? { extension: name.slice(name.lastIndexOf(".") + 1) } : {}),
        name,
        path,
      },
      message: "Endpoint file event",
      process: { entity_id: process.entityId, executable: process.image, name: baseName(process.image), pid: process.pid },
    });
  }

  registrySet(process: Process, target: string, details: string, ms: number): DefendEvent {
    const [hive, ...rest] = target.split("\\");
    const value = rest.at(-1) ?? "";
    const dword = /^DWORD \((0x[0-9a-f]+)\)$/.exec(details);
    return this.#event(process.host, ms, "endpoint.events.registry", ["registry"], ["change"], "modification", process.user, {
      message: "Endpoint registry event",
      process: { entity_id: process.entityId, executable: process.image, name: baseName(process.image), pid: process.pid },
      registry: {
        data: dword === null ? { strings: [details], type: "REG_SZ" } : { strings: [String(Number(dword[1]))], type: "REG_DWORD" },
        hive: hive === "HKLM" ? "HKEY_LOCAL_MACHINE" : hive === "HKU" ? "HKEY_USERS" : hive,
        key: rest.slice(0, -1).join("\\"),
        path: target.replace(/^HKLM\\/, "HKEY_LOCAL_MACHINE\\").replace(/^HKU\\/, "HKEY_USERS\\"),
        value,
      },
    });
  }

  logon(session: Session, ms: number): DefendEvent {
    return this.#event(session.target, ms, "endpoint.events.security", ["authentication", "session"], ["start"], "log_on", session.user, {
      message: "Endpoint security event",
      process: {
        Ext: { authentication_id: session.id, session_info: { authentication_package: "Kerberos", logon_type: "Network" } },
        executable: "C:\\Windows\\System32\\lsass.exe",
        name: "lsass.exe",
        pid: 708,
      },
      source: { ip: session.address, port: session.port },
    });
  }
}

/** CommandLineToArgvW in brief: blanks separate, quotes group. Enough for the lab's command lines. */
function splitCommandLine(text: string): string[] {
  const args: string[] = [];
  let current: string | null = null;
  let quoted = false;
  for (const c of text) {
    if (c === '"') {
      quoted = !quoted;
      current ??= "";
    } else if (!quoted && (c === " " || c === "\t")) {
      if (current !== null) args.push(current);
      current = null;
    } else current = (current ?? "") + c;
  }
  if (current !== null) args.push(current);
  return args;
}
