/** Which of Sigma's categories stand for a category and type of ECS, and how they differ. */

/** The log sources for one kind of events. */
export interface CategorySources {
  readonly sources: readonly string[];
  /** How Sigma's log source differs from the category and type of ECS. */
  readonly losses: readonly { readonly effect: "wider" | "narrower"; readonly reason: string }[];
}

const narrower = (reason: string): CategorySources["losses"][number] => ({ effect: "narrower", reason });
const wider = (reason: string): CategorySources["losses"][number] => ({ effect: "wider", reason });

/** `event.category`, `event.type` (`*`: any or none): the categories of Sigma. */
export const BY_CATEGORY: Readonly<Record<string, Readonly<Record<string, CategorySources>>>> = {
  process: {
    start: {
      sources: ["process_creation"],
      losses: [narrower("Starts of PowerShell's engine are process starts in ECS; Sigma's process_creation leaves them out")],
    },
    end: {
      sources: ["process_termination"],
      losses: [narrower("Ends of PowerShell's engine are process ends in ECS; Sigma's process_termination leaves them out")],
    },
    "*": {
      sources: ["process_creation", "process_termination"],
      losses: [
        narrower(
          "Process events of ECS that neither start nor end one (loaded images, threads, accesses) have log sources of their own in Sigma",
        ),
      ],
    },
  },
  network: {
    start: {
      sources: ["network_connection"],
      losses: [narrower("Sigma's network_connection leaves out connections of the Windows firewall (Security 5156)")],
    },
    connection: {
      sources: ["network_connection"],
      losses: [
        narrower("Sigma's network_connection leaves out DNS queries and connections of the Windows firewall (Security 5156, 5157)"),
        wider("Sensors that do not give connections the type `connection` (Elastic Defend) are of Sigma's network_connection as well"),
      ],
    },
    "*": {
      sources: ["network_connection", "dns_query"],
      losses: [narrower("Other network events of ECS (shares, firewall) have log sources of their own in Sigma")],
    },
  },
  file: {
    creation: {
      sources: ["file_event"],
      losses: [narrower("Created pipes and detected executables are file creations in ECS; Sigma has log sources of their own for them")],
    },
    change: {
      sources: ["file_change"],
      losses: [narrower("Sigma's file_change is Sysmon 2 and file changes of endpoint sensors, renames left out")],
    },
    deletion: {
      sources: ["file_delete"],
      losses: [narrower("Blocked shreddings are file deletions in ECS; Sigma has a log source of its own for them")],
    },
    access: {
      sources: ["file_access"],
      losses: [narrower("Connected pipes and streams are file accesses in ECS; Sigma has log sources of their own for them")],
    },
    "*": {
      sources: ["file_event", "file_change", "file_delete", "file_rename", "file_access"],
      losses: [narrower("Pipes, streams and blocked files have log sources of their own in Sigma")],
    },
  },
  registry: {
    change: {
      sources: ["registry_event"],
      losses: [
        wider("Sigma's registry_event also includes keys that endpoint sensors report as created or deleted"),
        narrower("Audited registry events other than 4657 are left out"),
      ],
    },
    creation: { sources: ["registry_add"], losses: [wider("Sigma's registry_add also includes keys that Sysmon reports as created")] },
    deletion: { sources: ["registry_delete"], losses: [wider("Sigma's registry_delete also includes what Sysmon reports as deleted")] },
    "*": {
      sources: ["registry_event"],
      losses: [narrower("Sigma's registry_event leaves out queries and audited events other than 4657")],
    },
  },
  library: {
    start: { sources: ["image_load"], losses: [wider("Sigma's image_load also includes Sysmon 7, which ECS counts as a process change")] },
    "*": { sources: ["image_load"], losses: [wider("Sigma's image_load also includes Sysmon 7, which ECS counts as a process change")] },
  },
  driver: {
    start: { sources: ["driver_load"], losses: [] },
    "*": { sources: ["driver_load"], losses: [narrower("Driver events that are no loads are left out")] },
  },
};
