import { storiesOf } from "/work/h7/src/workbench/index.ts";
import { huntIn, labLog, smbDetection } from "/work/h7/src/report/testing/smb-hunt.ts";
const {result}=huntIn(smbDetection(),[labLog()]);
for (const s of storiesOf(result)) { console.log("##",s.title); for (const a of [...s.acts,...s.apart]) { console.log("-",a.alerts[0]!.time,a.severity,a.title,"x"+a.times,a.accounts.join(),"rules",a.rules.map(r=>r.rule.key.split("/")[1]+":"+r.alerts).join(" "),"apart:",a.apart); for(const d of a.deeds) console.log("     ",d.host,d.text,d.times); if(a.moreDeeds)console.log("      +",a.moreDeeds)} }
