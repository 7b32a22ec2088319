/** The style of a report: it stands alone, so it carries its own. The names and colours are those of the pages. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--paper:light-dark(#fafaf8,#14161a);--raised:light-dark(#ffffff,#1b1e24);--sunken:light-dark(#f2f2ee,#0f1114);
--line:light-dark(#d9d9d2,#33383f);--ink:light-dark(#1c1f23,#e4e6e8);--soft:light-dark(#55595f,#a4abb3);--link:light-dark(#1d4ed8,#93b4ff);--accent:light-dark(#9a4a00,#f0b070);
--critical:light-dark(#8a1174,#f2a0e2);--high:light-dark(#b3160c,#ff9d94);--medium:light-dark(#7a5200,#f2c14e);--low:light-dark(#0b6175,#7fd1e6);
--good:light-dark(#1a6b34,#7fd99a);--focus:light-dark(#0b57d0,#8ab4f8);--mono:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
*{box-sizing:border-box}html{font:.9375rem/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--paper);color:var(--ink)}
body{margin:0 auto;max-width:80rem;padding:1.5rem}a{color:var(--link)}:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
h1{font-size:1.625rem;line-height:1.2;margin:0 0 .25rem}h2{font-size:1.25rem;border-bottom:1px solid var(--line);padding-bottom:.25rem;margin:2.5rem 0 .5rem}
h3{font-size:1.0625rem;margin:1.5rem 0 .25rem}p{max-width:75ch;margin:.5rem 0}code,pre,.mono{font-family:var(--mono);font-size:.8125rem}
pre{background:var(--sunken);border:1px solid var(--line);border-radius:4px;padding:.5rem .75rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
nav{font-size:.8125rem;margin:.75rem 0}nav a{margin-right:1rem}.soft,.cut{color:var(--soft)}.cut{font-style:italic}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.75rem 0}.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0;padding:0;list-style:none}.tiles li{border:1px solid var(--line);background:var(--raised);border-radius:4px;padding:.5rem .75rem;min-width:8rem}
.tiles b{display:block;font-size:1.25rem;line-height:1.2;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;font-size:.8125rem;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;white-space:nowrap}td{overflow-wrap:anywhere}td.time{white-space:nowrap}td.entity{max-width:14rem;overflow-wrap:break-word}td:is(.text,.what){min-width:14rem}.number{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}.severity{display:inline-block;padding:0 .6em;border:1px solid color-mix(in srgb,currentColor 35%,transparent);border-radius:1em;background:color-mix(in srgb,currentColor 10%,var(--raised));font-size:.8125rem;font-weight:600;line-height:1.5;white-space:nowrap}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.informational{color:var(--soft)}.good{color:var(--good)}
details{border:1px solid var(--line);border-radius:4px;background:var(--raised);margin:.25rem 0}details details{background:var(--paper)}summary{cursor:pointer;padding:.35rem .6rem;overflow-wrap:anywhere}
details>.inside{padding:0 .75rem .5rem;border-top:1px solid var(--line)}.evidence{display:grid;grid-template-columns:fit-content(40%) 1fr;margin:.5rem 0;font-size:.8125rem}.evidence>*{margin:0;padding:.15rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere;unicode-bidi:isolate}.evidence dt{color:var(--soft)}.evidence dd{font-family:var(--mono)}
.notice{border-left:3px solid var(--accent);background:var(--raised);padding:.5rem .75rem;max-width:75ch}
.names{columns:20rem;list-style:none;margin:.25rem 0 .75rem;padding:0;font-size:.8125rem}.names li{overflow-wrap:anywhere}
.histogram{max-width:56rem}.histogram :is(th,td){padding-block:.1rem}caption{text-align:left;color:var(--soft);font-size:.8125rem}.histogram th[scope=row]{color:var(--ink);font-weight:400}.histogram td:last-child{width:100%;white-space:nowrap}.histogram .severity{width:6.5rem;margin-right:.5rem;text-align:center}
svg.bar-of-alerts{display:inline-block;width:calc(100% - 7rem);height:.8em;border:0;border-radius:0;background:none;vertical-align:middle}
.conditions{list-style:none;margin:.25rem 0;padding-left:1.1rem;font-size:.8125rem}.conditions li{margin:.1rem 0;overflow-wrap:anywhere}.conditions .conditions{border-left:1px solid var(--line);margin-left:.4em}
.truth{font-weight:600;white-space:nowrap}.truth.true{color:var(--good)}.truth.false{color:var(--high)}.truth:is(.missing,.undecided){color:var(--medium)}
.alert>td{border-bottom:0;padding-bottom:0}.alert-why :is(p,li,pre,code){overflow-wrap:anywhere}.label{color:var(--soft);font-size:.8125rem;margin:.5rem 0 0}
svg{width:100%;height:auto;display:block;background:var(--raised);border:1px solid var(--line);border-radius:4px}svg text{fill:var(--soft);font:.8125rem system-ui,sans-serif}
svg .lane{stroke:var(--line)}svg rect{fill:currentColor}
.lanes-box{border:1px solid var(--line);border-radius:4px;background:var(--raised);margin:.5rem 0}svg.lanes{width:auto;border:0}.lanes .host,.lanes .words{fill:var(--ink)}.lanes .words{paint-order:stroke;stroke:var(--raised);stroke-width:3}.lanes .lane.rest{stroke-dasharray:4 4}.lanes .fold{stroke:var(--line);stroke-width:2;fill:none}
.lanes .act line{stroke:currentColor;stroke-width:2}.lanes .act :is(.head,circle){fill:currentColor}.lanes .act .mark{fill:var(--raised);font-weight:600}.lanes .act.apart{color:var(--soft)}.lanes .act.apart line{stroke-dasharray:3 3}.lanes a{text-decoration:none}.lanes a:hover .words{text-decoration:underline}
.deeds{margin:.25rem 0;padding-left:1.2em}details>.steps{margin:0;padding-left:1.8rem}.steps li{margin:.15rem 0;overflow-wrap:anywhere}.act>td{border-bottom:0;padding-bottom:0}.act td.rules{min-width:8rem;max-width:18rem}.acts td p{margin:.15rem 0}
@media(max-width:40rem){.cards thead{display:none}.cards,.cards tbody,.cards tr,.cards td{display:block;min-width:0;max-width:none}.cards td{border:0;padding:0}.cards td:is(.time,.entity){display:inline-block;margin-right:.75rem}.cards .evidence-row{border-bottom:1px solid var(--line);padding:0 0 .4rem;margin-bottom:.4rem}body{padding:.75rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.5rem}}
@media print{svg.lanes{width:100%;height:auto}html{font-size:80%}body{max-width:none;padding:0}nav,.evidence-row:has(>td>details:not([open])),.alert-why:not([open]){display:none}h2{margin-top:1.5rem}h2,h3{break-after:avoid}tr,pre{break-inside:avoid}td:is(.text,.what,.entity){min-width:0;max-width:none}.scroll{overflow:visible}}
`;
