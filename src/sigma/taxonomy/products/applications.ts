import type { EventShape, ProductLogSource } from "./product.ts";

/**
 * Logs of applications are lines that rules search for words. The dataset says whose lines they are, by the language or framework
 * that an APM agent names, or by the service.
 */
function application(product: string, languages: readonly string[] = []): ProductLogSource {
  const shapes: EventShape[] = [product, `${product}.*`].map((name) => ({ is: { "event.dataset": [name] } }));
  shapes.push({ is: { "data_stream.dataset": [`${product}*`] } }, { is: { "service.type": [product] } });
  shapes.push({ is: { "service.framework.name": [product] } }, { is: { "service.runtime.name": [product] } });
  if (languages.length > 0) shapes.push({ is: { "service.language.name": languages } }, { is: { "agent.name": languages } });
  return { names: [`${product}/application/-`], shapes, fields: {} };
}

export const APPLICATIONS: readonly ProductLogSource[] = [
  application("django"),
  application("python", ["python"]),
  application("ruby_on_rails", ["ruby"]),
  application("spring"),
  application("jvm", ["java"]),
  application("nodejs", ["nodejs", "javascript"]),
  application("velocity"),
  application("sql"),
  {
    // Statements that a server logs, or that a sniffer saw.
    names: ["-/database/-"],
    datasets: [
      "mysql.slowlog",
      "mysql.error",
      "postgresql.log",
      "mssql.audit",
      "microsoft_sqlserver.audit",
      "oracle.database_audit",
      "mongodb.log",
    ],
    shapes: [{ is: { "event.category": ["database"] } }],
    fields: {},
  },
  {
    names: ["opencanary/application/-"],
    datasets: ["opencanary.events"],
    shapes: [{ has: ["logtype", "node_id"] }, { has: ["opencanary.node.id"] }],
    fields: {
      // The integration names the number.
      logtype: [
        "event.code",
        {
          kind: "words",
          field: "event.provider",
          words: {
            "2000": ["LOG_FTP_LOGIN_ATTEMPT"],
            "3000": ["LOG_HTTP_GET"],
            "3001": ["LOG_HTTP_POST_LOGIN_ATTEMPT"],
            "4000": ["LOG_SSH_NEW_CONNECTION"],
            "4001": ["LOG_SSH_REMOTE_VERSION_SENT"],
            "4002": ["LOG_SSH_LOGIN_ATTEMPT"],
            "5000": ["LOG_SMB_FILE_OPEN"],
            "5001": ["LOG_PORT_SYN"],
            "5002": ["LOG_PORT_NMAPOS"],
            "5003": ["LOG_PORT_NMAPNULL"],
            "5004": ["LOG_PORT_NMAPXMAS"],
            "5005": ["LOG_PORT_NMAPFIN"],
            "6001": ["LOG_TELNET_LOGIN_ATTEMPT"],
            "7001": ["LOG_HTTPPROXY_LOGIN_ATTEMPT"],
            "8001": ["LOG_MYSQL_LOGIN_ATTEMPT"],
            "9001": ["LOG_MSSQL_LOGIN_SQLAUTH"],
            "9002": ["LOG_MSSQL_LOGIN_WINAUTH"],
            "10001": ["LOG_TFTP"],
            "11001": ["LOG_NTP_MONLIST"],
            "12001": ["LOG_VNC"],
            "13001": ["LOG_SNMP_CMD"],
            "14001": ["LOG_RDP"],
            "15001": ["LOG_SIP_REQUEST"],
            "16001": ["LOG_GIT_CLONE_REQUEST"],
            "17001": ["LOG_REDIS_COMMAND"],
            "18001": ["LOG_TCP_BANNER_CONNECTION_MADE"],
          },
        },
      ],
      src_host: ["source.ip", "source.address"],
      dst_host: ["destination.ip", "destination.address"],
      dst_port: ["destination.port"],
    },
  },
  {
    // RPC Firewall writes a Windows event log of its own.
    names: ["rpc_firewall/application/-"],
    shapes: [{ is: { "winlog.channel": ["RPCFW"] } }, { is: { EventLog: ["RPCFW"] } }],
    fields: { EventLog: ["winlog.channel"], EventID: ["event.code"] },
    places: [{ prefix: "winlog.event_data." }],
  },
];
