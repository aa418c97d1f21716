import type { ComponentChildren } from 'preact'

/** A short table of sizes: the subject of each row, and its numbers on the right. */
export function SizeTable({
  label,
  heads,
  rows,
}: {
  readonly label: string
  readonly heads: readonly string[]
  /** The name of a row, its full text on hover, and its cells. */
  readonly rows: readonly {
    readonly key: string
    readonly name: ComponentChildren
    readonly cells: readonly string[]
  }[]
}) {
  return (
    <table class="plain-table size-table" aria-label={label}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, cells }) => (
          <tr key={key}>
            <th scope="row">
              <code title={key}>
                <bdi>{name}</bdi>
              </code>
            </th>
            {cells.map((cell, i) => (
              <td key={heads[i + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
