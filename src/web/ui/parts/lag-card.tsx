import { bytesText } from '../../../bytes-text.ts'
import type { ServiceStatus } from '../answers.ts'
import { fileName, shortFolder } from '../short-path.ts'
import { durationText } from '../time-text.ts'
import { Card } from './card.tsx'
import { SizeTable } from './size-table.tsx'

/** Files that are not read to their ends: how many bytes are left, and for how long. Nothing if there are none. */
export function LagCard({ files }: { readonly files: ServiceStatus['files'] }) {
  const behind = files?.behind ?? []
  if (files === undefined || behind.length === 0) return null
  const others = files.lag_bytes - behind.reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    <Card title="Files that are behind" aside={<span class="dim">longest first</span>}>
      <SizeTable
        label="files that are not read to their ends"
        heads={['File', 'Not read', 'Behind for']}
        rows={behind.map(({ path, bytes, seconds }) => ({
          key: path,
          name: `${shortFolder(path, '').replace(/\/$/, '')}/${fileName(path)}`,
          cells: [bytesText(bytes), durationText(seconds)],
        }))}
      />
      {others > 0 && <p class="dim">and {bytesText(others)} of other files</p>}
    </Card>
  )
}
