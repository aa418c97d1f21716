/** The suffix that rotation gives a name, and `.gz`; `.backup` is given by logrotate to a file in its way. */
const ROTATION =
  /(?:(?:\.\d{4}-\d\d-\d\d(?:[_-]\d\d(?:-\d\d){0,2})?|\.\d{8}_\d{6}|-\d{8}(?:-?\d{2,10})?)?(?:\.\d{1,10})?|-\d{10}\.backup|\.old)(?:\.gz)?$/

/** The path without a rotation suffix: the same for all rotations of a file. */
export function unrotated(path: string): string {
  return path.slice(0, ROTATION.exec(path)?.index ?? path.length)
}
