import type { InterpretedChunk, RowVerdict, SourceFile } from '../../src/model.ts'

export const someFile: SourceFile = {
  identity: { cluster: 'soca-x', owner: 'ann', session: 's1', sessionUuid: '', host: 'ip-10-0-0-1' },
  profile: 'soca-2',
  source: 'compute-node',
  format: 'plain',
  fileId: '0123456789abcdef',
  generation: 0,
  path: '/apps/x.log',
  zone: 'UTC',
}

export type SomeRow = {
  readonly message: string
  readonly ts?: number
  readonly level?: number
  readonly component?: string
  readonly replaced?: string
}

/** An interpreted chunk of the given rows, one after the other from `offset` on. */
export function someChunk(
  rows: readonly SomeRow[],
  options: {
    readonly file?: SourceFile
    readonly offset?: number
    readonly verdicts?: readonly RowVerdict[]
  } = {},
): InterpretedChunk {
  const file = options.file ?? someFile
  const texts = rows.map((row) => Buffer.from(row.message))
  const bytes = Buffer.concat(texts.flatMap((text) => [text, Buffer.from('\n')]))
  const begin = new Int32Array(rows.length)
  const end = new Int32Array(rows.length)
  const offset = new Float64Array(rows.length)
  const length = new Float64Array(rows.length)
  let at = 0
  texts.forEach((text, i) => {
    begin[i] = at
    end[i] = at + text.length
    offset[i] = (options.offset ?? 0) + at
    length[i] = text.length + 1
    at += text.length + 1
  })
  const components = ['', ...new Set(rows.map((row) => row.component ?? '').filter((word) => word !== ''))]
  const replaced = new Map<number, string>()
  rows.forEach((row, i) => {
    if (row.replaced !== undefined) replaced.set(i, row.replaced)
  })
  return {
    records: {
      file,
      bytes,
      used: bytes.length,
      count: rows.length,
      begin,
      end,
      offset,
      length,
      flags: new Uint8Array(rows.length),
      before: '',
      mtimeMs: 0,
      memory: { ts: 0, tsQuality: 0, windows: {} },
    },
    ts: Float64Array.from(rows, (row) => row.ts ?? 1_700_000_000_000_000),
    tsQuality: new Uint8Array(rows.length).fill(1),
    level: Uint8Array.from(rows, (row) => row.level ?? 0),
    component: Uint16Array.from(rows, (row) => components.indexOf(row.component ?? '')),
    components,
    textBegin: begin,
    textEnd: end,
    replaced,
    verdicts: options.verdicts ?? [],
    losses: [],
  }
}
