import type { Container } from "./archives/container.ts";
import { auditdFormat } from "./text/auditd.ts";
import { csvFormat } from "./text/csv.ts";
import { evtxFormat } from "./evtx/index.ts";
import type { Format } from "./format.ts";
import { gzipContainer } from "./archives/gzip.ts";
import { elasticResponseFormat, jsonArrayFormat, jsonFormat } from "./json/documents.ts";
import { jsonLinesFormat } from "./json/lines.ts";
import { syslogFormat } from "./text/syslog.ts";
import { tarContainer } from "./archives/tar.ts";
import { w3cFormat } from "./text/w3c.ts";
import { windowsXmlFormat } from "./windows/windows-xml.ts";
import { zipContainer } from "./archives/zip.ts";
import { zstdContainer } from "./archives/zstd.ts";

/** Every format a file can be in. A new one is one file and one line here. */
export const formats: readonly Format[] = [
  evtxFormat,
  windowsXmlFormat,
  jsonLinesFormat,
  elasticResponseFormat,
  jsonArrayFormat,
  jsonFormat,
  csvFormat,
  auditdFormat,
  w3cFormat,
  syslogFormat,
];

/** Everything that files can be packed in. */
export const containers: readonly Container[] = [gzipContainer, zipContainer, zstdContainer, tarContainer];

const list = (titles: readonly { readonly title: string }[]): string => titles.map(({ title }) => title).join(", ");

/** What can be read, for people: every format and what it can be packed in. */
export const INPUT_FORMATS = `${list(formats)}; plain or packed (${list(containers)})`;
