import { addressOf, type Params } from '../api.ts'
import { Icon } from './icon.tsx'

const FORMATS = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['parquet', 'Parquet'],
] as const

/** Links to the same question as a file with all rows, not only the page shown. */
export function ExportLinks({ question, params }: { readonly question: string; readonly params: Params }) {
  return (
    <span class="export-links">
      <Icon name="download" size={13} />
      {FORMATS.map(([format, title]) => (
        <a
          key={format}
          href={addressOf(`export/${question}`, { ...params, format })}
          download=""
          aria-label={`Export as ${title}`}
        >
          {title}
        </a>
      ))}
    </span>
  )
}
