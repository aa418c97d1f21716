import type { BlockName } from './blocks.ts'

/**
 * What a record that was flushed before its end leaves open: either its `line` is unfinished and the next bytes continue it,
 * or its next lines may still belong to the `record` (in the middle of `block`, if one was open).
 */
export type OpenRecord = { readonly kind: 'line' | 'record'; readonly block?: BlockName }

/** Records cut from a run of bytes: texts, and spans that tile the bytes from 0 (span i ends at spanEnd[i]). */
export type Cuts = {
  count: number
  consumed: number
  begin: Int32Array
  end: Int32Array
  spanEnd: Int32Array
  flags: Uint8Array
  /** What is open at `consumed`, where the cuts end. */
  open: OpenRecord | undefined
  /** Was a record held back that no line can join any more? */
  holdsWhole: boolean
}

const LINE: OpenRecord = { kind: 'line' }
const RECORD: OpenRecord = { kind: 'record' }

/** No record yet. `capacity` is in records; the arrays grow when more are cut. */
export function emptyCuts(capacity = 4096): Cuts {
  return {
    count: 0,
    consumed: 0,
    begin: new Int32Array(capacity),
    end: new Int32Array(capacity),
    spanEnd: new Int32Array(capacity),
    flags: new Uint8Array(capacity),
    open: undefined,
    holdsWhole: false,
  }
}

/** Forgets what was cut; the arrays keep their size. */
export function clearCuts(cuts: Cuts): void {
  cuts.count = 0
  cuts.consumed = 0
  cuts.open = undefined
  cuts.holdsWhole = false
}

/** Makes room for twice as many records. */
export function growCuts(cuts: Cuts): void {
  const size = cuts.begin.length * 2
  for (const name of ['begin', 'end', 'spanEnd'] as const) {
    const larger = new Int32Array(size)
    larger.set(cuts[name])
    cuts[name] = larger
  }
  const flags = new Uint8Array(size)
  flags.set(cuts.flags)
  cuts.flags = flags
}

/** What is open; one object for all files, since of nearly every one a checkpoint holds it. */
export function openRecord(kind: OpenRecord['kind'], block: BlockName | undefined): OpenRecord {
  if (block !== undefined) return { kind, block }
  return kind === 'line' ? LINE : RECORD
}
