import { oneLine } from '../visible-text.ts'

/** Longer names are cut; their links and pages have them whole. */
const MOST = 300

/** A name that data gave (of a desktop, user, host or file), in its own direction, with nothing in it that would act on a reader. */
export function Name({ of }: { readonly of: string }) {
  return <bdi>{oneLine(of, MOST)}</bdi>
}
