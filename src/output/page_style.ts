/** The style of a report's page: light and dark, wide and narrow, on a screen and on paper. */
import { PICTURE_STYLE, THEME } from "./svg/theme.ts";

const FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif';

export const PAGE_STYLE = `${THEME}${PICTURE_STYLE}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 ${FONT};overflow-wrap:anywhere}
main{max-width:960px;margin:0 auto;padding:40px 24px 56px}
h1{margin:0;font-size:26px;line-height:1.25;font-weight:650;letter-spacing:-.01em}
.facts{display:flex;flex-wrap:wrap;gap:2px 18px;margin:8px 0 0;padding:0;list-style:none;color:var(--muted)}
.box{overflow-x:auto;margin:28px 0 0;overflow-wrap:normal}
.box:focus-visible{outline:2px solid var(--s0);outline-offset:4px;border-radius:4px}
svg{display:block}svg.fits{max-width:100%;height:auto}
.narrow{display:none}
.note{margin:16px 0 0;color:var(--muted)}
table{border-collapse:collapse;min-width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);padding:0 0 8px}
th,td{padding:7px 14px;text-align:left;vertical-align:baseline;white-space:nowrap;border-bottom:1px solid var(--grid)}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:4px}
.t{min-width:18em;max-width:36em;overflow-wrap:anywhere;white-space:normal}.n{text-align:right}
thead th{font-weight:600;color:var(--muted);border-bottom-color:var(--axis)}tbody th{font-weight:500}
tbody tr:hover{background:var(--tint)}
footer{margin:36px 0 0;color:var(--muted);font-size:13px}
code{font:12.5px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--tint);padding:2px 6px;border-radius:4px}
@media (max-width:720px){main{padding:24px 16px 40px}h1{font-size:21px}.wide{display:none}.narrow{display:block}}
@media print{@page{margin:16mm}body{font-size:11pt}main{max-width:none;padding:0}.wide{display:block}.narrow{display:none}
.box{overflow:visible;break-inside:auto}svg{max-width:100%;height:auto;break-inside:avoid}tr{break-inside:avoid}thead{display:table-header-group}
rect,path,circle,code{print-color-adjust:exact}}
`;
