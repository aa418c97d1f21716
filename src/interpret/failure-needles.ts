/** Stems of the words in failure-words.ts; two-word phrases are searched by their rarer word. */
const STEMS =
  'error errors fatal panic failed failure failing fails cannot unable denied forbidden authorized permitted refused refusing ' +
  'rejected unreachable reachable timeout killed aborted aborting crashed segfault segmentation coredump unexpected ' +
  'traceback exception throttled corrupt expired exceeded insufficient unavailable malformed invalid illegal missing ' +
  'unsupported unrecognized mismatch conflict incompatible unrecoverable unauthorized incorrect incomplete unlicensed throttling throttle'

/** Words searched in one spelling only: they depend on their surroundings, or are written by programs that use only one. */
const EXACT = [
  " can't |Can't r|can’t |Can’t |can not |could not |Could not |ouldn’t |ouldn't |not allowed",
  'not able to|no route to host|No route to host|timed out|Timed out|giving up|Giving up',
  'connection reset|Connection reset|connection closed by|Connection closed by|onnection lost',
  'Broken pipe|broken pipe|ot a directory|s a directory|resource busy|tale file handle',
  'xec format error|ost is down|etwork is down|ext file busy|ad file descriptor',
  'rgument list too long|exhausted|eadlock|gave up| is hung| hung up|hung for|revoked|untrusted',
  'Untrusted|unexpected EOF|acktrace|core dumped|dumped core|out of memory|Out of memory',
  "o space left|Disk quota|olled back|command not found|does not |doesn't |doesn’t |not found",
  'Not Found|NOT FOUND|not available|not installed|not ready|not running|not valid|not a valid',
  'not detected|NOT DETECTED|not responding|not mounted|not loaded|not supported|not recognized',
  "not connected|not complete|didn't |did not |not been|o such |No valid |no valid |No match",
  'too many|Too many|too quickly|read-only file system|Read-only file system|Call Trace|Call trace',
  'stack trace|soft lockup|blocked for more than|already in use|limit reached',
  'terminated unexpectedly|terminated abnormally|terminated before | is lost| be lost| was lost|ould not happen',
  'ever happen|None of the |none of the |unknown |Unknown |exit code|Exit code|Exit status',
  'Return value|HTTP/2 4|HTTP/2 5|terminated by |exit status|exited with|returned |non-zero|status=',
  'HTTP/1.1 4|HTTP/1.1 5|HTTP Error|HTTP/1.0" 5|HTTP/1.1" 5|HTTP/2.0" 5|(Result: | set to DOWN',
  'ode down|GPU lockup|GPU hang|FullyQualifiedErrorId|CategoryInfo|kernel: BUG|Error Code|_FAILED',
  'Error: |Error (|Fault: |", line |NotFound|ECONNREFUSED|ETIMEDOUT|PERMISSION_DENIED|not success',
  'NOT success|o success|unsuccess|Unsuccess|faulted|Faulting|Failing |refuses |preventing',
  'ANOM_ABEND|nexpectedly|too early|abnormally|filesystem read-only|lockup|GPU HANG',
  'protection fault|general protection|oom-kill|HARAKIRI|unbound variable|expression expected',
  'operator expected|nterminated|unmet depend|compromised|o module named|o protocol specified',
  'space needed|fallen off|nhandled|UNEXPECTED INCONSISTENCY|ROLLBACK_|_ERROR |_ERROR\n|_DENIED',
  ':errno=| errno=| errno |[Errno | rc = -|code: 0x| 0x8007|(0x8007| 0x8024|(0x8024| 0xC000|(0xC000',
  'ExitCode|Exit Code|returncode=|is returning |npm ERR!|not writable|not unique|not called',
  'not trusted|not registered|ever registered|not initialized|NOT loaded|not allowed|not be allowed',
  'not accepted|not match|NOT match|not enough|have enough|Not enough|not in gzip|n sudoers',
  'n the sudoers|no longer |as not responded|No package|No driver|o drivers|o devices|o screens',
  'No firmware|No NVIDIA|No DHCPOFFERS|No more |o suitable|o available|No available',
  'o servers available|o credentials|No mechanism|o mechanism|o app loaded|in use by| is busy',
  'too old|Unusable|unusable|inaccessible|disagrees|version magic|Bad Gateway|ad substitution',
  'ad interpreter|bad option|bad superblock|ad request|Bad Request|Bad credentials|BAD FILE MODE',
  'wrong fs type|rong password|ertificate problem|roblem parsing|roblem loading|problem with',
  'roblem stopping|roblem starting|a problem |xception | exceptions| is full|table full|queue full',
  ' full !!!| stalled|\nstalled|(stalled|[stalled|"stalled|Stalled| stall | stalls | stuck |prematurely',
  'closed before|closed with |s died, ',
  ' died, |already dead|controller is down|is blocked|undefined!|lacks support|has no support',
  "' unknown|do not |dropping | dropped | starving|already running|already exists|File exists|already taken",
  'already mounted|here is no |here are no |must be |must have |ou must |is required|unexpected ',
  "Gave up|Oops: 0| Can't |\nCan't | crashing|: FAIL: |oom_reaper|parameter not set| is in use",
  'nother app |nother instance|nother process|aximum number|connection broken|core dump',
  'o more hosts|O MORE HOSTS|\nErr:1 |\nErr:2 |\nErr:3 |\nErr:4 |\nErr:5 |\nErr:6 |\nErr:7 ',
  '\nErr:8 |\nErr:9 |:error:|ently in use|erminated due to| dead but |Time-out| would exceed| exceeds |violates|violation',
  'topped responding|was interrupted|not correct|not in a state|not in the state| ERROR_| but got |but received | lost. | lost, |ost connection',
].flatMap((row) => row.split('|'))

/** Bytes before and after words that are too short; a word may also begin the row. */
const BEFORE = ['\n', ' ', '(', '[', '"']
const AFTER = [' ', ':', '!', ',', ')', ']', '\n']

/** The shortest needle that the prefilter finds without a search of its own. */
const MIN_NEEDLE_BYTES = 7

/**
 * What the prefilter searches for: records without one of these are not checked for failures. A needle that begins with a
 * newline stands for the record after it.
 */
export const FAILURE_NEEDLES: readonly string[] = [
  ...new Set([...STEMS.split(' ').flatMap(spellings), ...EXACT]),
]

/** Within a sentence, at its beginning, and in capitals. */
function spellings(stem: string): string[] {
  return [stem, stem.charAt(0).toUpperCase() + stem.slice(1), stem.toUpperCase()].flatMap(lengthened)
}

function lengthened(word: string): string[] {
  const after = word.length + 1 < MIN_NEEDLE_BYTES ? AFTER : ['']
  return isLong(word) ? [word] : BEFORE.flatMap((before) => after.map((end) => before + word + end))
}

function isLong(needle: string): boolean {
  return Buffer.byteLength(needle) >= MIN_NEEDLE_BYTES
}

const AT_BEGIN = FAILURE_NEEDLES.filter((needle) => needle.startsWith('\n')).map((needle) => needle.slice(1))
const AT_END = FAILURE_NEEDLES.filter((needle) => needle.endsWith('\n'))

/** Does a record begin or end with a word that the prefilter finds only if the newline is in the same chunk? */
export function bordersOnFailureNeedle(record: string): boolean {
  const text = `${record}\n`
  return AT_BEGIN.some((needle) => text.startsWith(needle)) || AT_END.some((needle) => text.endsWith(needle))
}
