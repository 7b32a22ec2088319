import { expect, test } from "vitest";
import { sourceOfDocument } from "./source-of-document.ts";

test.each([
  ["logs-endpoint.events.process-default", "endpoint.process"],
  [".ds-logs-system.security-default-2024.05.01-000001", "elastic-agent.security"],
  ["logs-nginx.access-default", "nginx.access"],
  ["metrics-system.security-default", "ecs"],
  ["logs-system.security", "ecs"],
  [undefined, "ecs"],
])("by its index %s: %s", (index, source) => {
  expect(sourceOfDocument({ event: { kind: "event" } }, index)).toEqual({ source, known: false });
});

test("an alert is Kibana's, whatever its event says", () => {
  const document = { event: { dataset: "endpoint.events.process" }, kibana: { alert: {} } };
  expect(sourceOfDocument(document, undefined)).toEqual({ source: "kibana.alert", known: true });
});
