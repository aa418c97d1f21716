/** One server-sent event. */
export type Sent = { readonly id: string; readonly event: string; readonly data: Record<string, unknown> }

/** Reads server-sent events as a browser does. */
export class EventReader {
  readonly #abort = new AbortController()
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly status: number
  #rest = ''

  private constructor(response: Response, abort: AbortController) {
    this.status = response.status
    this.#abort = abort
    if (response.body === null) throw new Error('no body')
    this.#chunks = (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  }

  static async open(url: string, lastId?: string): Promise<EventReader> {
    const abort = new AbortController()
    const headers = {
      accept: 'text/event-stream',
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    }
    return new EventReader(await fetch(url, { headers, signal: abort.signal }), abort)
  }

  /** The next event; comments are passed over. Undefined at the end. */
  async next(): Promise<Sent | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n')
      if (end < 0) {
        const { value, done } = await this.#chunks.next()
        if (done === true) return undefined
        this.#rest += Buffer.from(value).toString()
        continue
      }
      const fields = new Map(this.#rest.slice(0, end).split('\n').map(fieldOf))
      this.#rest = this.#rest.slice(end + 2)
      const data = fields.get('data')
      if (data === undefined) continue
      return { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) }
    }
  }

  /** The next events of a kind. */
  async take(count: number, event: string): Promise<Sent[]> {
    const taken: Sent[] = []
    while (taken.length < count) {
      const next = await this.next()
      if (next === undefined) throw new Error(`the stream ended after ${taken.length} of ${count}`)
      if (next.event === event) taken.push(next)
    }
    return taken
  }

  close(): void {
    this.#abort.abort()
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(': ')
  return [line.slice(0, colon), line.slice(colon + 2)]
}
