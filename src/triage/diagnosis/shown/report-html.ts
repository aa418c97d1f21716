import { escaped, withCode } from '../../html-text.ts'
import type { Part } from './report-parts.ts'

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1,h2,h3{line-height:1.25}h3{margin:1.5rem 0 .25rem}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #d0d7de;padding:.75rem}
table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.25rem 1rem .25rem 0;border-bottom:1px solid #d0d7de}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre,td,th{border-color:#30363d}}`

/** The parts as a self-contained page: no script, no image, no address of another host. */
export function page(title: string, parts: readonly Part[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${STYLE}</style>
</head><body>
${parts.map(partText).join('\n')}
</body></html>
`
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `<h${part.level}>${withCode(part.text)}</h${part.level}>`
    case 'text':
      return part.strong === true
        ? `<p><strong>${withCode(part.text)}</strong></p>`
        : `<p>${withCode(part.text)}</p>`
    case 'list':
      return `<ul>\n${part.items.map((item) => `<li>${withCode(item)}</li>`).join('\n')}\n</ul>`
    case 'table':
      return `<table>\n${[rowText(part.head, 'th'), ...part.rows.map((row) => rowText(row, 'td'))].join('\n')}\n</table>`
    case 'code':
      return `<pre>${escaped(part.text)}</pre>`
  }
}

function rowText(cells: readonly string[], tag: 'td' | 'th'): string {
  return `<tr>${cells.map((cell) => `<${tag}>${withCode(cell)}</${tag}>`).join('')}</tr>`
}
