import { bytesText } from '../../../bytes-text.ts'
import type { ServiceStatus } from '../answers.ts'
import { Card } from './card.tsx'
import { SizeTable } from './size-table.tsx'

/** The rows and size of each table of the store. */
export function StoreCard({ size }: { readonly size: ServiceStatus['store_size'] }) {
  if (size === undefined || size.tables.length === 0) return null
  const where = size.kind === 'embedded' ? 'in the data directory' : 'on the ClickHouse server'
  return (
    <Card title="Store" aside={<span class="dim">{where}</span>}>
      <SizeTable
        label="tables of the store"
        heads={['Table', 'Rows', 'On disk']}
        rows={size.tables.map(({ table, rows, bytes }) => ({
          key: table,
          name: table,
          cells: [rows.toLocaleString('en'), bytesText(bytes)],
        }))}
      />
    </Card>
  )
}
