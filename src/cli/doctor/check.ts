/** The result of a check; `not_checked` is neither good nor bad. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'not_checked'

/** One thing that watching needs, as `--json` shows it. */
export type Check = {
  readonly check: string
  readonly status: CheckStatus
  /** What was found, or why it was not checked. */
  readonly detail: string
  /** What to do if it is not ok. */
  readonly remedy?: string
}

/** A check with a good result. */
export function ok(check: string, detail: string): Check {
  return { check, status: 'ok', detail }
}

/** A check with a bad result that does not stop the program from working. */
export function warn(check: string, detail: string, remedy: string): Check {
  return { check, status: 'warn', detail, remedy }
}

/** A check with a result that stops the program from working. */
export function fail(check: string, detail: string, remedy: string): Check {
  return { check, status: 'fail', detail, remedy }
}

/** A check that could not be made. */
export function notChecked(check: string, why: string): Check {
  return { check, status: 'not_checked', detail: why }
}
