import { type Fault, faultText } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'

/** A fault of a rule, or a note. */
export type ToldFault = Fault & { readonly rule_id?: string; readonly weight?: 'fault' | 'note' }

/** Prints one line for each fault, as text or as an object. */
export function tellFaults(faults: readonly ToldFault[], { json }: CommonOptions, io: Io): void {
  for (const fault of faults) {
    const { file, line, column, message, rule_id, weight = 'fault' } = fault
    if (json === true) io.out(`${JSON.stringify({ file, line, column, rule_id, weight, message })}\n`)
    else io.out(`${faultText({ ...fault, message: weight === 'note' ? noted(fault) : message })}\n`)
  }
}

/** The id of a rule, and whether this is a note. */
function noted({ message, rule_id = '' }: ToldFault): string {
  const id = `${rule_id}: `
  return message.startsWith(id) ? `${id}note: ${message.slice(id.length)}` : `note: ${message}`
}
