import { OpsError } from '../errors.ts'

/** The number of connections for questions; each serves one at a time. */
const LANES = 3
/** Questions that may wait for one connection. More are refused, since nobody would wait that long for the answer. */
const MOST_WAITING = 32

type Lane<Connection> = { readonly connection: Connection; waiting: number }

/** A few connections, opened on first use; work goes to the least busy one. */
export class Lanes<Connection extends { close(): Promise<void> }> {
  readonly #open: () => Connection
  readonly #lanes: Lane<Connection>[] = []

  constructor(open: () => Connection) {
    this.#open = open
  }

  /** Does work with a connection; throws E_BUSY if too much is waiting for each of them. */
  async take<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const lane = this.#freest()
    if (lane.waiting >= MOST_WAITING) {
      throw new OpsError('E_BUSY', 'too many questions are asked at once', 'Ask again in a few seconds.')
    }
    lane.waiting++
    try {
      return await work(lane.connection)
    } finally {
      lane.waiting--
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.splice(0).map(({ connection }) => connection.close()))
  }

  #freest(): Lane<Connection> {
    const [first] = this.#lanes.toSorted((a, b) => a.waiting - b.waiting)
    if (first !== undefined && (first.waiting === 0 || this.#lanes.length === LANES)) return first
    const opened = { connection: this.#open(), waiting: 0 }
    this.#lanes.push(opened)
    return opened
  }
}
