/** The longest component that is kept; anything longer is hardly a name. */
const MAX_BYTES = 64
const MAX_WORDS = 4096

type Entry = { readonly bytes: Buffer; readonly index: number }

/** Gives each component name a small number without creating a string for every record. Number 0 is ''. */
export class ComponentTable {
  words: string[] = ['']
  readonly #entries = new Map<number, Entry[]>()

  /** To be called between chunks: if the table was full, earlier numbers become invalid. */
  trim(): void {
    if (this.words.length < MAX_WORDS) return
    this.words = ['']
    this.#entries.clear()
  }

  indexOf(bytes: Buffer, begin: number, end: number): number {
    const stop = Math.min(end, begin + MAX_BYTES)
    if (stop <= begin) return 0
    let hash = stop - begin
    for (let i = begin; i < stop; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
    const entries = this.#entries.get(hash) ?? []
    for (const entry of entries) {
      if (entry.bytes.compare(bytes, begin, stop) === 0) return entry.index
    }
    return this.#add(hash, entries, Buffer.from(bytes.subarray(begin, stop)))
  }

  #add(hash: number, entries: Entry[], bytes: Buffer): number {
    const index = this.words.length
    if (index > 65535) return 0
    this.words.push(bytes.toString('utf8'))
    this.#entries.set(hash, [...entries, { bytes, index }])
    return index
  }
}
