import type { Part } from './report-parts.ts'

/** The parts as Markdown. Texts from logs are set as code, so that nothing in them can be taken for markup. */
export function markdown(parts: readonly Part[]): string {
  return `${parts.map(partText).join('\n\n')}\n`
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `${'#'.repeat(part.level)} ${inline(part.text)}`
    case 'text':
      return part.strong === true ? `**${inline(part.text)}**` : inline(part.text)
    case 'list':
      return part.items.map((item) => `- ${inline(item)}`).join('\n')
    case 'table':
      return [part.head, part.head.map(() => '---'), ...part.rows.map((row) => row.map(cell))]
        .map((row) => `| ${row.join(' | ')} |`)
        .join('\n')
    case 'code':
      return fenced(part.text)
  }
}

/** Escapes the characters that Markdown would act on, except inside code. */
function inline(text: string): string {
  return text
    .replaceAll('\n', ' ')
    .split(/(`[^`]+`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll(/[\\`*_[\]<>#|~&]/g, String.raw`\$&`)))
    .join('')
}

/** A bar ends a cell even inside code. */
function cell(text: string): string {
  return inline(text.replaceAll('`', "'"))
}

/** A code block whose fence is longer than any run of backticks in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
