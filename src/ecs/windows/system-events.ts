/** The events of the System log that something is known of, by `event.code`. No pipeline of Elastic's maps them; Windows always writes them. */
import { byCode, type EventDescription, names, type RecordedEvent } from "./event.ts";

interface SystemEvent extends EventDescription {
  readonly task: string;
  readonly provider: string;
}

export const SERVICE_CONTROL_MANAGER = "Service Control Manager";

export const SYSTEM_EVENTS: ReadonlyMap<string, SystemEvent> = byCode<SystemEvent>({
  104: {
    name: "The log file was cleared",
    provider: "Microsoft-Windows-Eventlog",
    task: "Log clear",
    data: names("user_data.xml_name user_data.SubjectUserName user_data.SubjectDomainName user_data.Channel user_data.BackupPath"),
  },
  7036: { name: "The service entered a new state", provider: SERVICE_CONTROL_MANAGER, task: "None", data: names("param1 param2 Binary") },
  7040: {
    name: "The start type of the service was changed",
    provider: SERVICE_CONTROL_MANAGER,
    task: "None",
    data: names("param1 param2 param3 param4"),
  },
  7045: {
    name: "A service was installed in the system",
    provider: SERVICE_CONTROL_MANAGER,
    task: "None",
    // What Security 4697, which says the same, gets from Elastic's pipelines.
    added: { by: "service-installed", category: ["iam", "configuration"], type: ["admin", "change"], action: "service-installed" },
    data: names("ServiceName ImagePath ServiceType StartType AccountName"),
  },
});

export const SYSTEM_RECORDED: readonly RecordedEvent[] = [...SYSTEM_EVENTS].map(([code, event]) => ({
  ...event,
  code,
  tasks: [event.task],
  audit: "always written",
}));
