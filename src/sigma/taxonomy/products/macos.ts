import type { EventShape, ProductLogSource } from "./product.ts";
import { UNIX_FILE, UNIX_NETWORK, UNIX_PROCESS } from "./linux.ts";

/** Elastic Defend and other sensors that write ECS; `darwin` is what Beats call the platform. */
function endpoint(category: string, ...types: readonly string[]): readonly EventShape[] {
  const event = { "event.category": [category], "event.type": types };
  return [{ is: { "host.os.type": ["macos"], ...event } }, { is: { "host.os.platform": ["darwin"], ...event } }];
}

export const MACOS: readonly ProductLogSource[] = [
  { names: ["macos/process_creation/-", "-/process_creation/-"], shapes: endpoint("process", "start"), fields: UNIX_PROCESS },
  { names: ["macos/process_termination/-"], shapes: endpoint("process", "end"), fields: UNIX_PROCESS },
  { names: ["macos/file_event/-", "-/file_event/-"], shapes: endpoint("file", "creation"), fields: UNIX_FILE },
  { names: ["macos/file_change/-"], shapes: endpoint("file", "change"), fields: UNIX_FILE },
  { names: ["macos/file_delete/-"], shapes: endpoint("file", "deletion"), fields: UNIX_FILE },
  {
    names: ["macos/network_connection/-", "-/network_connection/-"],
    shapes: endpoint("network", "start", "connection"),
    fields: UNIX_NETWORK,
  },
  {
    names: ["macos/-/-"],
    shapes: [{ is: { "host.os.type": ["macos"] } }, { is: { "host.os.platform": ["darwin"] } }],
    fields: { ...UNIX_NETWORK, TargetFilename: ["file.path"] },
  },
];
