import type { Clock } from '../clock.ts'

/** What a command may use of the outside world; tests pass their own. */
export type Io = {
  readonly out: (text: string) => void
  /** Resolves when the reader of stdout has kept up; awaited by commands that write much. */
  readonly drained: () => Promise<void>
  readonly err: (text: string) => void
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  readonly columns: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream
  readonly clock: Clock
  /** Aborts when the program is asked to stop. */
  readonly signal: AbortSignal
}
