import type { FieldTable } from "../taxonomy.ts";
import type { EventShape, ProductLogSource } from "./product.ts";

/** The connection that every log of Zeek names. */
const CONNECTION: FieldTable = {
  "id.orig_h": ["source.ip", "source.address"],
  "id.orig_p": ["source.port"],
  "id.resp_h": ["destination.ip", "destination.address"],
  "id.resp_p": ["destination.port"],
  src_ip: ["id.orig_h", "source.ip"],
  dst_ip: ["id.resp_h", "destination.ip"],
  src_port: ["id.orig_p", "source.port"],
  dst_port: ["id.resp_p", "destination.port"],
  uid: ["zeek.session_id"],
  proto: ["network.transport"],
};

/**
 * A log of Zeek: JSON says its name in `_path`, where the writer adds one; otherwise its fields do. Elastic's `zeek` integration keeps
 * the fields under `zeek.<log>`.
 */
function log(name: string, own: readonly string[], fields: FieldTable, dataset = name): ProductLogSource {
  const shapes: EventShape[] = [{ is: { _path: [name] } }, { is: { "@path": [name] } }];
  if (own.length > 0) shapes.push({ has: ["uid", "ts", ...own] });
  return {
    names: [`zeek/-/${name}`],
    datasets: [`zeek.${dataset}`],
    shapes,
    fields: { ...CONNECTION, ...fields },
    places: [{ prefix: `zeek.${dataset}.` }],
  };
}

const HTTP: FieldTable = {
  method: ["http.request.method"],
  host: ["url.domain"],
  uri: ["url.original", "url.path"],
  user_agent: ["user_agent.original"],
  referrer: ["http.request.referrer"],
  status_code: ["http.response.status_code"],
  "c-uri": ["uri", "url.original", "url.path"],
  "c-useragent": ["user_agent", "user_agent.original"],
  "cs-method": ["method", "http.request.method"],
  "cs-host": ["host", "url.domain"],
  "sc-status": ["status_code", "http.response.status_code"],
  resp_mime_types: ["zeek.http.resp_mime_types"],
};

export const ZEEK: readonly ProductLogSource[] = [
  log("conn", ["conn_state"], { service: ["network.protocol"], conn_state: ["zeek.connection.state"] }, "connection"),
  log("dns", ["query", "rejected"], {
    query: ["dns.question.name"],
    qtype_name: ["dns.question.type"],
    rcode_name: ["dns.response_code"],
    answers: ["dns.answers.data", "dns.resolved_ip"],
  }),
  log("http", ["trans_depth"], HTTP),
  log("smb_files", ["action", "path"], { name: ["file.name"], action: ["event.action"] }),
  log("smb_mapping", ["share_type"], { path: ["file.path"] }),
  log("dce_rpc", ["endpoint", "operation"], { operation: ["event.action"] }),
  log("kerberos", ["request_type", "service"], { client: ["user.name", "client.address"] }),
  log("rdp", ["cookie", "result"], {}),
  // A certificate is of no connection: it has neither uid nor addresses.
  {
    ...log("x509", [], {
      "certificate.serial": ["file.x509.serial_number"],
      "certificate.issuer": ["file.x509.issuer.distinguished_name"],
      "certificate.subject": ["file.x509.subject.distinguished_name"],
    }),
    shapes: [{ is: { _path: ["x509"] } }, { is: { "@path": ["x509"] } }, { has: ["ts", "certificate.serial"] }],
  },
  log("ssl", ["cipher"], {
    server_name: ["destination.domain", "tls.client.server_name"],
    ja3: ["tls.client.ja3"],
    ja3s: ["tls.server.ja3s"],
  }),
  log("ssh", ["auth_attempts"], {}),
  log("ntlm", ["hostname", "domainname"], { username: ["user.name"] }),
  log("files", ["fuid", "mime_type"], {
    filename: ["file.name"],
    md5: ["file.hash.md5"],
    sha1: ["file.hash.sha1"],
    sha256: ["file.hash.sha256"],
  }),
  log("notice", ["note", "msg"], { note: ["rule.name"], msg: ["rule.description"] }),
  log("weird", ["name", "notice"], {}),
  log("smtp", ["helo"], { mailfrom: ["email.from.address"], rcptto: ["email.to.address"], subject: ["email.subject"] }),
  log("ftp", ["command", "reply_code"], { command: ["event.action"], user: ["user.name"] }),
];
