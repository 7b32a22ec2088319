/**
 * What of a JSON document decides what it is, for those who do not have it whole. A document that is ECS already stays as it is: then its
 * source, and whether it is mapped, follow from these fields alone.
 */

/** By dotted names, in whatever spelling the document has them. Of objects it counts only that they are there. */
export const KIND_FIELDS: readonly string[] = [
  "@timestamp",
  "winlog",
  "winlog.event_id",
  "winlog.channel",
  "winlog.event_data.UtcTime",
  "event",
  "event.code",
  "event.kind",
  "event.category",
  "event.type",
  "event.module",
  "event.dataset",
  "event.provider",
  "winlog.provider_name",
  "data_stream",
  "data_stream.dataset",
  "ecs",
  "kibana",
  "signal",
  "log.syslog",
];

/** A document with one of these keys is perhaps a flat record, one of Winlogbeat 6, or a row of Splunk's. */
export const OTHER_FORM_KEYS: readonly string[] = ["result", "event_id", "EventID", "EventCode", "EventId"];
