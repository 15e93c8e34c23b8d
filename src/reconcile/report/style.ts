/** The page's style: dark where the reader's system is. Colours of classes tell apart for colour-blind readers, too. */
export const style = `
:root{color-scheme:light dark;--bg:#f6f6f3;--card:#fff;--ink:#1d2126;--quiet:#656b73;--rule:#e4e4df;--good:#177245;--bad:#b3261e;--warn:#96590b;--info:#2458a8;--missing-left:#d55e00;--missing-right:#e69f00;--mismatch:#0072b2;--duplicate:#cc79a7;--late:#7f8790}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1d2125;--ink:#e8eaed;--quiet:#9aa1a9;--rule:#30363c;--good:#5cc48d;--bad:#f2857c;--warn:#e5a94f;--info:#85b1f2;--missing-left:#f0803c;--missing-right:#f0b93a;--mismatch:#56a8e0;--duplicate:#dd9cc0;--late:#98a1aa}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1080px;margin:0 auto;padding:28px 20px 48px}
header{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:baseline;margin-bottom:4px}
h1{font-size:26px;line-height:1.2;margin:0;font-weight:650;letter-spacing:-.01em}
h2{font-size:16px;margin:0 0 10px;font-weight:650}
p{margin:0 0 10px}
.quiet{color:var(--quiet)}
.verdict{font-weight:650;padding:2px 12px;border-radius:99px;color:var(--card);background:var(--info)}
.agree{background:var(--good)}.differ{background:var(--bad)}.unknown{background:var(--warn)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
.tile,.card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 16px}
.tile b{display:block;font-size:24px;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}
.tile span{color:var(--quiet);font-size:13px}
.card{margin-bottom:16px;overflow-x:auto}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px;margin-bottom:16px}
.charts .card{margin:0}
svg{display:block;width:100%;height:auto}
.axis{font-size:11.5px;fill:var(--quiet)}.axis.start{text-anchor:start}.axis.middle{text-anchor:middle}.axis.end{text-anchor:end}
.bar{height:14px}.bars td{border:0;padding:4px 14px 4px 0}.bars .wide{width:100%;padding-right:0}.count{text-align:right;font-variant-numeric:tabular-nums}
.grid{stroke:var(--rule)}.bound{stroke:var(--warn);stroke-dasharray:4 4}.line{fill:none;stroke:var(--quiet);stroke-width:1.5}
.dot.held{fill:var(--good)}.dot.broken{fill:var(--bad)}.hit{fill:transparent}
.fill-missing-left{fill:var(--missing-left)}.fill-missing-right{fill:var(--missing-right)}.fill-mismatch{fill:var(--mismatch)}.fill-duplicate{fill:var(--duplicate)}.fill-late{fill:var(--late)}
.class{display:inline-block;white-space:nowrap;padding-left:16px;position:relative}
.class::before{content:"";position:absolute;left:0;top:.45em;width:10px;height:10px;border-radius:3px;background:var(--late)}
.class.missing-left::before{background:var(--missing-left)}.class.missing-right::before{background:var(--missing-right)}.class.mismatch::before{background:var(--mismatch)}.class.duplicate::before{background:var(--duplicate)}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--quiet);font-size:13px;border-bottom:1px solid var(--rule);padding:4px 14px 6px 0;white-space:nowrap}
td{border-bottom:1px solid var(--rule);padding:7px 14px 7px 0;vertical-align:top}
tr:last-child td{border-bottom:0}
table+p{margin:12px 0 0}
td.time{white-space:nowrap;font-variant-numeric:tabular-nums}
td.key{min-width:11em}td.who{min-width:9em;overflow-wrap:anywhere}
code,.key{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--quiet);margin-top:8px}
footer{color:var(--quiet);font-size:13px;margin-top:24px}
a{color:inherit}
@media (max-width:720px){thead{display:none}table:not(.bars),table:not(.bars) tbody,table:not(.bars) tr,table:not(.bars) td{display:block}table:not(.bars) tr{border-bottom:1px solid var(--rule);padding:8px 0}table:not(.bars) tr:last-child{border:0}table:not(.bars) td{border:0;padding:1px 0;white-space:normal}td[data-label]::before{content:attr(data-label) " ";color:var(--quiet);font-size:13px}}
@media print{body{background:#fff}.card,.tile{break-inside:avoid}}
`;
