/** Kinds of logs that hold nothing of their own: all their lines stand in another file of the same folder, in the same order. */
export const EXTRACTS: ReadonlySet<string> = new Set(['bootstrap-level'])
