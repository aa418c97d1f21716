/** How a check came out; `not_checked` is neither good nor bad: nobody knows. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'not_checked'

/** One thing that watching needs, as `--json` shows it. */
export type Check = {
  readonly check: string
  readonly status: CheckStatus
  /** What was found; why it was not checked. */
  readonly detail: string
  /** What to do where it is not ok. */
  readonly remedy?: string
}

/** A check that came out well. */
export function ok(check: string, detail: string): Check {
  return { check, status: 'ok', detail }
}

/** One that came out badly, though the program works. */
export function warn(check: string, detail: string, remedy: string): Check {
  return { check, status: 'warn', detail, remedy }
}

/** One that keeps the program from its work. */
export function fail(check: string, detail: string, remedy: string): Check {
  return { check, status: 'fail', detail, remedy }
}

/** One that could not be made. */
export function notChecked(check: string, why: string): Check {
  return { check, status: 'not_checked', detail: why }
}
