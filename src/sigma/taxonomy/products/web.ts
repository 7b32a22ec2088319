import type { FieldTable } from "../taxonomy.ts";
import type { EventShape, ProductLogSource } from "./product.ts";

/** W3C Extended Log Format's names, also as Filebeat's and Splunk's field names (`cs_uri_stem`), and ECS. */
const REQUEST: FieldTable = {
  "c-ip": ["c_ip", "client_ip", "source.ip", "source.address", "client.ip"],
  "s-ip": ["s_ip", "destination.ip", "server.ip"],
  "s-port": ["s_port", "destination.port", "server.port"],
  "s-computername": ["s_computername", "host.name"],
  "s-sitename": ["s_sitename", "iis.access.site_name"],
  "cs-method": ["cs_method", "http.request.method"],
  "cs-username": ["cs_username", "user.name"],
  "cs-host": ["cs_host", "cs(Host)", "url.domain", "destination.domain"],
  "cs-version": ["cs_version", "http.version"],
  "cs-cookie": ["cs_cookie", "cs(Cookie)", "iis.access.cookie"],
  "cs-referer": ["cs_referer", "cs(Referer)", "http.request.referrer"],
  "cs-referrer": ["cs_referrer", "cs(Referer)", "http.request.referrer"],
  "cs-bytes": ["cs_bytes", "http.request.body.bytes", "http.request.bytes", "source.bytes"],
  "sc-bytes": ["sc_bytes", "http.response.body.bytes", "http.response.bytes", "destination.bytes"],
  "sc-status": ["sc_status", "http.response.status_code"],
  "sc-win32-status": ["sc_win32_status", "iis.access.win32_status"],
  "c-win32-status": ["sc-win32-status", "iis.access.win32_status"],
  "time-taken": ["time_taken", "event.duration"],
  "cs-user-agent": ["cs_user_agent", "cs(User-Agent)", "user_agent.original"],
  "c-useragent": ["c_useragent", "cs(User-Agent)", "user_agent.original"],
  "cs-uri-stem": ["cs_uri_stem", "url.path", "url.original"],
  "cs-uri-query": ["cs_uri_query", "url.query", "url.original"],
  "cs-uri": ["cs_uri", "url.original", "url.full", "url.path"],
  "c-uri": ["c_uri", "cs-uri", "url.original", "url.full", "url.path"],
  "c-uri-stem": ["c_uri_stem", "cs-uri-stem", "url.path"],
  "c-uri-query": ["c_uri_query", "cs-uri-query", "url.query"],
  "c-uri-extension": ["c_uri_extension", "cs-uri-extension", "url.extension"],
  "r-dns": ["r_dns", "url.domain", "destination.domain"],
  src_ip: ["c-ip", "source.ip"],
  dst_ip: ["destination.ip"],
};

const W3C: readonly EventShape[] = ["cs-method", "cs_method"].map((name): EventShape => ({ has: [name] }));
const ECS_WEB: EventShape = { is: { "event.category": ["web"] } };

/** A server's lines, access and error log alike: by dataset, by file, by program. */
function server(name: string, files: readonly string[], programs: readonly string[], datasets: readonly string[]): ProductLogSource {
  return {
    names: [name, "access", "error"].map((service) => `${name}/webserver/${service}`),
    datasets,
    shapes: [{ is: { "log.file.path": files } }, { is: { "process.name": programs } }, { is: { SYSLOG_IDENTIFIER: programs } }],
    fields: REQUEST,
  };
}

export const WEB: readonly ProductLogSource[] = [
  { names: ["-/webserver/-"], shapes: [...W3C, ECS_WEB, { has: ["http.response.status_code"] }], fields: REQUEST },
  {
    names: ["-/proxy/-"],
    datasets: ["squid.log", "zscaler_zia.web", "bluecoat.director", "cisco_umbrella.log", "netskope.events", "iboss.log"],
    shapes: [{ has: ["c-uri"] }, { has: ["c_uri"] }, ...W3C, ECS_WEB, { has: ["http.request.method", "url.original"] }],
    fields: REQUEST,
  },
  server("apache", ["*/apache*/*", "*/httpd/*"], ["apache2", "httpd"], ["apache.access", "apache.error"]),
  server("nginx", ["*/nginx/*"], ["nginx"], ["nginx.access", "nginx.error", "nginx_ingress_controller.access"]),
  server("iis", ["*\\inetpub\\logs\\\\*"], ["w3wp.exe"], ["iis.access", "iis.error"]),
  server("tomcat", ["*/tomcat*/*", "*/catalina.*"], ["tomcat"], ["tomcat.log", "apache_tomcat.access", "apache_tomcat.catalina"]),
  {
    names: ["modsecurity/-/-"],
    datasets: ["modsecurity.auditlog"],
    shapes: [
      { has: ["transaction.producer.modsecurity"] },
      { is: { "log.file.path": ["*/modsec_audit*"] } },
      { is: { message: ["*ModSecurity*", "*mod_security*"] } },
    ],
    fields: REQUEST,
  },
];
