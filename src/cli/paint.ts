import type { Io } from './io.ts'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

const CODES: Record<Style, string> = { bold: '1', dim: '2', red: '31', yellow: '33', green: '32', cyan: '36' }

/** Colours text, only on a terminal and unless NO_COLOR is set (no-color.org). */
export function paint(io: Io, style: Style, text: string): string {
  if (!io.outIsTerminal || io.env['NO_COLOR']) return text
  return `\u001b[${CODES[style]}m${text}\u001b[0m`
}

/** The style of a severity; unknown ones look like the lowest. */
export function severityStyle(severity: string): Style {
  if (severity === 'critical' || severity === 'error') return 'red'
  return severity === 'warning' ? 'yellow' : 'dim'
}
