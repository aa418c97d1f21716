import type { Clock } from '../clock.ts'

/** What a command may touch of the world outside; a test gives it another. */
export type Io = {
  readonly out: (text: string) => void
  /** Resolves when the reader of stdout has kept up; to be awaited by whoever writes much. */
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
