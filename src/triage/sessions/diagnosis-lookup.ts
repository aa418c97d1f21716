import type { Library } from '../answers.ts'
import type { DiagnosisJson } from '../diagnosis/diagnosis-json.ts'

/** The diagnoses of desktops (`owner/name`) and hosts without one, by name, the attempts of each in order. */
export type DiagnosesByName = ReadonlyMap<string, readonly DiagnosisJson[]>

/** Gives the diagnoses of some desktops and hosts, as far as they are known. */
type FindDiagnoses = (names: readonly string[], library: Library) => Promise<DiagnosesByName>

/** Where answers get their diagnoses from. */
export type DiagnosisLookup = {
  /** The diagnoses of all these desktops, as of now. */
  readonly of: FindDiagnoses
  /** The same for an answer that does not wait until all are diagnosed; or for a part of it, which has its own `pending`. */
  withoutWaiting(): PartialLookup
}

/** A lookup that leaves out desktops that are not diagnosed yet; `pending` are the names of those it has left out. */
export type PartialLookup = DiagnosisLookup & { readonly pending: ReadonlySet<string> }

/** Looks up what is known, and remembers for one answer what was not. */
export function partialLookup(findKnown: FindDiagnoses): PartialLookup {
  const pending = new Set<string>()
  return {
    pending,
    withoutWaiting: () => partialLookup(findKnown),
    of: async (names, library) => {
      const found = await findKnown(names, library)
      for (const name of names) if (!found.has(name)) pending.add(name)
      return found
    },
  }
}
