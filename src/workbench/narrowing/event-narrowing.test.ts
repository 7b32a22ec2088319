import { describe, expect, test } from "vitest";
import type { EventDocument, Observed } from "../../detect/index.ts";
import { EventScope, NOT_NARROWED, type EventNarrowing } from "./event-narrowing.ts";

const HOUR = Date.parse("2026-03-04T09:00:00Z");
const event = (fields: object, time: unknown = "2026-03-04T09:00:00Z"): EventDocument => ({ "@timestamp": time, ...fields });
const scope = (narrowing: Partial<EventNarrowing>): EventScope => new EventScope({ ...NOT_NARROWED, ...narrowing });
const takes = (narrowing: Partial<EventNarrowing>, one: EventDocument): boolean => scope(narrowing).takesEvent(one);

describe("a narrowing of events", () => {
  test("without one everything fits, also what has no time", () => {
    expect(takes({}, event({}, null))).toBe(true);
  });

  test("a span holds its beginning and not its end; what has no time is left out and counted", () => {
    const one = scope({ since: HOUR, until: HOUR + 1 });
    const times = ["2026-03-04T10:00:00+01:00", HOUR, "2026-03-04T08:59:59.999999Z", "2026-03-04T09:00:00.001Z", "soon", undefined];
    expect(times.map((time) => one.takesEvent({ "@timestamp": time }))).toEqual([true, true, false, false, false, false]);
    expect(one.leftOut).toEqual({ events: 4, withoutTime: 2 });
  });

  test("hosts by name or first label, in any case, with wildcards", () => {
    const srv = event({ host: { name: "SRV01.corp.example" } });
    const raw = event({ winlog: { computer_name: "srv02" } });
    expect(["srv01", "SRV0?", "*.corp.example", "srv01.CORP.example"].map((host) => takes({ hosts: [host] }, srv))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["srv", "corp", "srv01.corp", "srv02"].map((host) => takes({ hosts: [host] }, srv))).toEqual([false, false, false, false]);
    expect(takes({ hosts: ["ws*", "SRV02"] }, raw)).toBe(true);
    expect(takes({ hosts: ["srv02"] }, event({}))).toBe(false);
  });

  test("users as actor or target, with or without a domain", () => {
    const logon = event({
      user: { name: "j.doe", domain: "CORP" },
      winlog: { event_data: { SubjectUserName: "SRV01$", TargetUserName: "LAB\\Admin" } },
    });
    const fits = (user: string): boolean => takes({ users: [user] }, logon);
    expect(["J.DOE", "corp\\j.doe", "*\\j.doe", "admin", "lab\\admin", "srv01$"].map(fits)).toEqual([true, true, true, true, true, true]);
    expect(["doe", "lab\\j.doe", "corp\\admin", "corp"].map(fits)).toEqual([false, false, false, false]);
  });

  test("users where vendors of the cloud write them", () => {
    expect(takes({ users: ["bob"] }, event({ userIdentity: { userName: "bob" } }))).toBe(true);
    expect(takes({ users: ["bob@*"] }, event({ actor: { alternateId: "Bob@corp.example" } }))).toBe(true);
    expect(takes({ users: ["bob"] }, event({ userIdentity: { userName: "eve" } }))).toBe(false);
  });

  test("channels; where there is none the data set", () => {
    const sysmon = event({ winlog: { channel: "Microsoft-Windows-Sysmon/Operational" } });
    expect(takes({ channels: ["*sysmon*"] }, sysmon)).toBe(true);
    expect(takes({ channels: ["sysmon"] }, sysmon)).toBe(false);
    expect(takes({ channels: ["aws.*"] }, event({ event: { dataset: "aws.cloudtrail" } }))).toBe(true);
  });

  test("an alert by the time of its last event, and by any of its events", () => {
    const observed = (fields: object): Observed => ({ event: event(fields), source: "s", place: { file: "f" } });
    const alert = {
      ms: HOUR,
      events: [observed({ host: { name: "ws01" } }), null, observed({ host: { name: "srv01" }, user: { name: "eve" } })],
    };
    const fits = (narrowing: Partial<EventNarrowing>): boolean => scope(narrowing).fitsAlert(alert);
    expect(fits({ hosts: ["ws01"], users: ["eve"], since: HOUR })).toBe(true);
    expect([fits({ since: HOUR + 1 }), fits({ until: HOUR }), fits({ hosts: ["dc"] }), fits({ hosts: ["ws01"], users: ["bob"] })]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(scope({ since: 0 }).fitsAlert({ ...alert, ms: Number.NaN })).toBe(false);
  });
});
