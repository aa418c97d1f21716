/** Exit codes of every command; stable, tests and scripts rely on them. */
export const Exit = { done: 0, findings: 1, usage: 2, runtime: 3 } as const

type Options = { readonly exit?: number; readonly cause?: unknown; readonly field?: string }

/** An expected failure, told to the operator in one line: what happened, where, and what to do next. */
export class OpsError extends Error {
  readonly code: string
  readonly hint: string
  readonly exit: number
  /** The name of the wrong parameter or key, if the error is about one. */
  readonly field: string | undefined

  constructor(code: string, message: string, hint: string, options: Options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OpsError'
    this.code = code
    this.hint = hint
    this.exit = options.exit ?? Exit.runtime
    this.field = options.field
  }
}

/** Wrong input before work starts (exit code 2). */
export function usageError(code: string, message: string, hint: string): OpsError {
  return new OpsError(code, message, hint, { exit: Exit.usage })
}

/** The system's short code of an error (`ENOENT`), or '' where it has none. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/**
 * One line about any thrown thing, without a stack; never empty. A connection that fails for each address of a name has no
 * message of its own, only those of its tries, or a code.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return firstLine(String(error))
  const line = firstLine(error.message)
  if (line !== '') return line
  const [first] = error instanceof AggregateError ? error.errors : []
  return first === undefined ? errorCode(error) || error.name : errorText(first)
}

/** A message may begin with an empty line. */
function firstLine(text: string): string {
  return text.trimStart().split('\n')[0]?.trimEnd() ?? ''
}
