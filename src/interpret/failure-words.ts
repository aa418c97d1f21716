/**
 * The words of failures, and contexts in which they do not mean a failure. A word alone proves nothing: it may be part of a
 * name (`libgpg-error`), counted as zero, asked for (`checking for error.h`), ignored, or part of the text of a script.
 */

/**
 * How sure it is that a text reports a failure. `certain`: it says so itself. `likely`: failures are described like this.
 * `possible`: worth a note, because the writer plays it down or because healthy programs use these words as well.
 */
export type Sign = 'certain' | 'likely' | 'possible'

/** No text is searched further than this, in UTF-16 units: a failure is stated early. */
const MAX_SEARCHED = 2048

const CERTAIN_WORDS = [
  'fail(?:ed|ing|ures?|s)|unsuccessful(?:ly)?|(?:not|without|no) success(?:ful(?:ly)?)?|errored|fault(?:ed|ing)',
  'error(?=\\s*[:!(\\[]|[ -]+(?:\\d|[a-z]+ing|while|when|in|on|at|code|occurred|returned|from|with|trying|message)\\b)',
  '(?:internal|fatal|unexpected|unhandled|runtime|syntax|parse|script|bus|system|unrecoverable|i/o|input/output|critical|medium|communication|connection|network|protocol|server|configuration|an?|returned) errors?',
  "cannot|can[’']t|can not|could(?: not|n[’']t)|(?:un|not )able to",
  'denied|forbidden|(?:un|not )authorized|not (?:be )?(?:permitted|allowed)|refus(?:ed|es|ing)|reject(?:ed|s)|is preventing',
  'unreachable|no route to host|timed[ -]?out|giving up|connection (?:reset|closed by|lost|to server lost)|reset by peer|closed by (?:peer|remote)|lost connection|broken pipe|not reachable',
  'abort(?:ed|ing)|fatal|panic|seg(?:fault|mentation fault)|core ?dump(?:ed)?|dumped core|killed|crash(?:ed|es|ing)?|anom_abend',
  'terminated (?:unexpectedly|abnormally|before|by|due to)|stopped responding|was interrupted|dead but (?:subsys|pid)|(?:is|was|be|are) lost|should (?:not|never) happen|unexpectedly|exited (?:too )?(?:early|abnormally)',
  'out of memory|no space left|disk quota exceeded|throttl(?:ed|ing)|corrupt(?:ed|ion)?|rolled back|unrecoverable',
  "command not found|do(?:es)?(?: not|n[’']t) (?:work|respond)|read-only file system|filesystem read-only|limit reached",
  'not a directory|is a directory|resource busy|stale file handle|exec format error|(?:host|network) is down|text file busy',
  'bad file descriptor|argument list too long|exhausted|deadlock|gave up|revoked|untrusted|unexpected EOF|backtrace',
  'no such [a-z]+|traceback|stack trace|call trace|lockup|oom_reaper|core dumping|parameter not set|blocked for more than|general protection|oom-kill(?:er)?|harakiri',
  'unbound variable|operator expected|expression expected|unterminated|unmet dependenc(?:y|ies)|may be compromised',
  'no module named|no protocol specified|more space needed|(?:has|had) fallen off|unhandled|unexpected inconsistency',
]

const LIKELY_WORDS = [
  'errors?|not found|missing|invalid|illegal|malformed|expired|exceed(?:ed|s|ing)?|insufficient|unavailable|incorrect|incomplete',
  'not (?:available|correct|in (?:a|the) state|installed|ready|running|valid|detected|responding|responded|mounted|loaded|supported|recogni[sz]ed|connected|complete|match(?:ing)?|a valid|writable|readable|unique|trusted|initiali[sz]ed|called|registered|accepted|licensed|respond|have enough|enough|in gzip|in (?:the )?sudoers)',
  "did(?: not|n[’']t)|(?:was|were|is|are|has|have) not been|ha(?:s|ve) not responded|never registered|no longer (?:valid|available|exists?)",
  'no (?:response|reply|match(?:es|ing)?|valid|suitable|usable|available|permission|credentials|devices?|screens?|license|firmware image|package|more mirrors|more hosts|servers available|DHCPOFFERS|mechanism|NVIDIA|app loaded|driver|drivers)',
  "unsupported|unrecogni[sz]ed|mismatch|conflict(?:s|ing)?|time-?out|incompatible|do(?:es)?n[’']t|do(?:es)? not exist|already in use|in use by|is busy",
  'none of the|but (?:got|received)|too (?:many|large|long|small|old|few|quickly|soon)|unlicensed|unusable|inaccessible|disagrees|version magic',
  'unknown(?= (?:option|command|user|host|group|key|error|type|chipset|module|instance|session|filesystem|domain|realm|service|queue|node|job|directive|parameter|argument|variable|database)|$)',
  'bad (?:gateway|substitution|interpreter|option|superblock|request|credentials|file mode|address)|wrong (?:fs type|password|credentials|version)',
  '(?:SSL certificate|\\d|a|an? [a-z]+) problem|problem (?:parsing|loading|with|starting|stopping|confirming|\\d+)|raised an exception|exceptions?',
  '(?:is|table|queue|disk|cache) full|currently in use|violat(?:es|ed|ion)|full !!!|stalls?|stalled|stuck|degraded mode|prematurely|closed before|closed with \\d+ bytes',
  '(?:has|had|have) died|controller is down|is blocked|was unexpected|undefined(?= reference|!|$)|connection broken|is in use|another (?:app|process|instance|program)|maximum [a-z ]{0,40}reached|lacks support|has no support',
]

/** Healthy programs use these, too; worth a note if nothing else is known about the text. */
const POSSIBLE_WORDS = [
  'do(?:es)? not|(?:is|are|message) dropp(?:ed|ing)|starving|dropping|already (?:running|exists?|taken|mounted|joined)|there (?:is|are|was|were) no',
  'must (?:be|have|specify)|you must|is required|(?:authentication|confidentiality) required|unexpected|overflow|overrun|overload(?:ed)?|already dead',
]

/** Exceptions by class name, codes other than zero, states of units and stacks. */
const CERTAIN_SHAPES = [
  /\b(?:[A-Z]\w*)?(?:Error|Exception|Failure|Fault)\b(?=\s*[:([]|(?<!,[^,\n]{1,60})$)/,
  /\b[A-Z]+_(?:FAILED|DENIED|ERROR)\b|\bROLLBACK_\w+|\b(?:FullyQualifiedErrorId|CategoryInfo)\b|\*\*\* \[[^\]]{0,200}\] Error \d/,
  // The first two are too short to be searched for, so they must have something before them.
  /[a-z\d:=([)\]"'] (?:fail|hung)(?![\w/@\\-]|\.\w)|\[fail\]|\(fail\)/i,
  /\b(?:exit(?:ed|s|ing)?|return(?:ed|s|ing)?|status)[ =:([-]{1,3}[1-9]\d{0,9}\b(?![.:/]\d)/i,
  /\b(?:(?:exit|return)(?:(?:ed|s|ing)? (?:with|abnormally|an?|non-?zero|exit|error|signal|value)|(?:ed|s)?[_ -]?(?:code|status))|status[_ -]?code)\b(?: (?:an?|non-?zero|exit|return|error|code|status|value|signal)){0,4}\s?[=:]?\s?[([]?-?(?!0\b)\d{1,10}\b(?![.:/]\d)/i,
  /\berrno(?: ?[=:] ?| )-?[1-9]\d*\b|\brc = -\d|\b(?:exit|error|return) code: 0x(?!0+\b)[\da-f]+\b|[( ]0x(?:80[0-9a-f]{2}|C00[0-9A-F])(?=[\da-fA-F]{4}\)?(?:[\s,.:]|$))|\bExitCode\b[^\n]{0,40} is [1-9]/,
  /\bnon-?zero\b|\bstatus=\d+\/(?!SUCCESS)[A-Z]|[\w"' :=][="':]fail(?![\w/@\\-]|\.\w)/i,
  /\bexited with signal\b|\(Result: (?!success)|\bset to DOWN\b|\b[Nn]ode down\b|\bGPU (?:lockup|hang|HANG)\b|\d" 5\d\d [\d-]/,
  /\bHTTP(?:\/\d(?:\.\d)?)? (?:(?:(?:status|error|response) )?(?:code|status|error|response) )?[45]\d\d\b|\bE(?:ACCES|PERM|CONNREFUSED|TIMEDOUT|NOSPC|HOSTUNREACH)\b/,
  /\d\dZ [EF]! |[a-z] ERR! |[:\]] BUG: |(?<=[ \n]|^)Oops: |\b[A-Z]\w+(?:Exceeded|Denied|NotFound|NotAuthorized|Failed|Expired|Rejected)\b|\bERROR_(?:NO|BAD|INVALID|ACCESS|FILE|PATH|NOT|ALREADY|INSTALL|LOGON|SHARING)_[A-Z_]+\b|^\s*File "[^"]+", line \d+, in /,
]

/** What makes words certain that alone are only likely. */
const STATE = /\b(?:result|status|state)[ ="':]{1,4}(?:fail|error|timeout)/i

/** Too short to be searched for, so it must have a word before it. */
const DIED = /[a-z\d)\]"'] died(?![\w/@\\-]|\.\w)/i

/** What programs begin with that tell of a failure, and of a warning. */
const CERTAIN_BEGIN = /^(?:E: |[EF]! |Err:\d{1,5} | ! |BUG: |(?:fail|Fail|FAIL)(?=[\s:!,]|$))/
const LIKELY_BEGIN = /^W: /

/** Removed before a text is searched: words that are counted as zero, set as options, or named as a subject. */
const HARMLESS = new RegExp(
  [
    '(?<![\\w.:])(?:0|no|zero|without|any|not an?|free of) (?:\\w+ ){0,2}?(?:errors?|failures?|failed|faults?|conflicts?|timeouts?|crash(?:es)?)\\b(?! (?:found|match))',
    '\\b[a-z_]{3,20}(?: so far| [a-z]{3,12})?"?(?:\\s?| {2,40})[:=]\\s?(?:0+(?![\\w.]| (?:errors?|fail\\w*|timeouts?)\\b(?!\\s?[:=]))|none\\b(?! of)|no(?=\\s*(?:[,;)]|$))|false\\b|null\\b|\\[\\]|""|\'\'|\\{\\}|remount|continue)',
    '(?<![\\w.:]|\\w )(?:0|no|zero) timed[ -]out [a-z]+s\\b|\\bno (?:errors?|conflicts?|problems?|issues?) (?:(?:was|were) )?(?:found|detected)\\b|\\bno (?:\\w+ ){0,2}?(?:killed|crashed|denied|rejected|dropped|lost)\\b|(?<=^|[,;(] ?)(?:0|zero) (?:killed|crashed|denied|rejected|dropped|lost)(?= ?(?:[,;.)]|$))',
    '\\b(?:dis|en)abling (?:\\w+ ){0,2}error messages?\\b|\\bnot too \\w+|\\bbuild area\\.{3} ?\\(bad exit status: \\d+\\)',
    '\\b(?:error|err)(?:,| =|=|:)? ?(?:%!\\w\\()?<nil>|\\bif [^\\n.;]{1,80}\\bwill be \\w+|\\bprevious (?:error|failure)s?\\b[^\\n]{0,160}\\b(?:is|was|are|were|has been|have been) (?:now )?(?:resolved|recovered|gone)\\b',
    '\\b(?:error|failure|crash|panic|exception|timeout)[ -](?:handl|report|log|record serial|correct|detect|recover|inject|toleran|counter|page|threshold|level)\\w*',
    '\\berror code:? 0x0+\\b|\\b(?:error )?backtraces? (?:is |are )?(?:disabled|off)\\b',
    '\\b(?:will|would|may|might|can) (?:\\w+ ){0,2}(?:exit|fail|abort|stop|die)\\b[^\\n.;]{0,40} (?:if|unless|when)\\b[^\\n.;]{0,80}',
    '\\b(?:if|on|upon|in case of|case of|whether|unless|until|when) (?:an? |the |it |this )?(?:\\w+ )?(?:error|fail|timeout|time out|panic|crash|cannot|denied|not )\\w*',
    "\\btime-?outs? (?:set|preferred|valid|period|interval|seconds|watcher|timer|handler|callback)\\b|\\btime-?outs?\\b[\"']?(?: (?:is|of|value|set|to))*\\s?[:=]?\\s?\\(?\\d+|\\bthrottling rate\\b|\\blockup detector\\b|\\blast failed login\\b|\\bno longer\\b(?! (?:valid|available|exists?))|\\bfail(?:over|back| ?safe| fast)\\b|\\b(?:exit(?:ed|s|ing)?(?: with)?(?: code| status)?|error(?: code| count)?) 0\\b|\\bstatus(?: ?code)?[\"']?(?:\\s?[=:]\\s?| )[\"']?[23]0\\d\\b(?!\\/[A-Z])|\\bNO_ERROR\\b|n[’']t support (?:Secure Boot|UEFI|EFI)\\b",
  ].join('|'),
  'gi',
)

/** Whole texts that report no failure, whatever their words. */
const NOISE = [
  /\b(?:assertion '[^']{1,200}' failed|deprecated)\b|, (?:creating|adding|using|trying|starting|falling back|replacing|assuming|defaulting|installing|downloading|building|enabling|configuring)\b|^(?:TASK|PLAY|RUNNING HANDLER) \[|^configure: WARNING|^\*\* (?:Message|INFO|DEBUG):|["\s]?(?:level|type|severity)"?\s?[=:]\s?"?(?:info|debug|trace|verbose)\b/i,
  /^(?:[\w.-]{1,40}\[\d{1,7}\]: )?\+{1,9} |^\s*(?:#|\/\/|-{1,2}(?!bash|sh|su|ksh|zsh|csh)\w|usage:)|^checking [^\n]*\.\.\. ?|^\s*(?:if|then|elif|else|fi|for|while|do|done|case|esac|echo|printf|local|export|trap|set)\b(?!-).*[;$"'({[]|\|\| ?(?:echo|exit|return|true)\b|^\s*(?:catch|try) *\{|^\s*(?:write-(?:host|output|error|warning|verbose)|throw) +["'$(-]/i,
  // What a compiler adds to a warning or error above.
  /:\d{1,6}:\d{1,4}: note: /,
  // What apt and dpkg do with a package, whatever its name.
  /^(?:Unpacking|Setting up|Preparing to unpack|Selecting previously unselected package|Processing triggers for|Get:\d{1,5}) [^\n:]{1,200}(?::[^\n: ]{1,40}){0,3}[^\n:]{0,200}(?:\.\.\.|[)\].])$/,
  /^\[ {1,2}OK {1,2}\] |^\s*warnings\.warn\(|\(expected (?:when|while|until|during|on this|at (?:boot|start|first))\b/,
  // A line of the trace below an error of SOCA.
  /^>> File: [^\n]{1,300}, Line: \d+, Function: /,
  // A heading for what follows.
  /^ {4,}(?!.* (?:NOT|FAILED) )[A-Z]\w*(?: [A-Z]\w*){0,4}$/,
  /^\s*(?:\S*\/)?(?:gcc|g\+\+|cc|c\+\+|clang|libtool|ar|ld|ln|install|CC|CXX|LD|inflating:|extracting:|creating:|patching file) /,
  /(?:^|[\s(])[\w.-]+-(?:WARNING|CRITICAL|Message)\b(?!.*(?:Permission denied|No space left|will not work|, exiting))|\((?:WW|II|--|==|\*\*|\+\+|NI|!!|\?\?)\)|^Window manager warning:|\blib\w+ warning:|\.qml:\d+/,
]

/** The writer does not mind: worth a note at most. */
const PLAYED_DOWN =
  /\b(?:ignor(?:ed|ing|e)|harmless|non-?fatal|not fatal|optional|skipp(?:ed|ing)|not critical|(?<!(?:not|n[’']t|without|no|never) (?:[a-z]+ ){0,3})success(?:ful(?:ly)?)?|succeeded|recovered|not (?:a problem|an error|yet|available yet|ready yet)|as expected|is (?:expected|normal|by design)(?= (?:for|on|when|while|if|in|at|and|here)\b|[.,;)]|$)|software rendering|will be (?:used|disabled)|using (?:the )?defaults?|defaulting to|assuming|(?:proceed|continu)ing anyway|[,;] (?:continuing|proceeding|carrying on)(?= ?[.…]*$| (?:without|with the))|fall(?:ing|s)? back (?:to|on))\b|\b(?:level|type|severity)"?\s?[=:]\s?"?warn/i

/** What failed is tried again: the failure is the last try, not this one. */
const TRIED_AGAIN =
  /\b(?:re-?try(?:ing)?|retries|retried|(?:try|trying|attempting)(?: it)? again|backing off|attempt \d|will be tried)\b(?! (?:left: 0|count exceeded|exhausted|exceeded))/i
const LAST_TRY = /\b(?:giving up|gave up|given up|no more|last|final|exceeded|(\d+)(?:\/| of )\1)\b/i

/** What the writer itself calls only a warning, what was only asked, and what ends along with everything else. */
const NOT_SERIOUS = [
  /^[^\n]{0,80}?(?:(?:^|[\s[<(|-])(?:WARN(?:ING)?|NOTICE|INFO|(?:DEBUG|TRACE)\d?|VERBOSE|debug\d)\b(?! (?:while|in|at))|(?:^|[\s[<(|-])(?:[Ww]arn(?:ing)?|[Nn]otice|[Ii]nfo)(?:[\])>]|: )|\b[A-Z]\w+Warning: |(?:^|Z )[WID]! )/,
  /^(?:\S*\/)?(?:[ef]?grep|ls|stat|find|which|rm|rmdir|killall|pkill|pgrep|pidof|umount|modinfo|rmmod|readlink|diff): [^\n]*(?:No such file or directory|not found|no process found|not currently loaded|not mounted)|^(?:mkdir|ln|mknod): [^\n]*: File exists/,
  /\b(?:is shutting down|ShuttingDown)\b/,
  // The kernel's record of what another program has to tell itself.
  /\baudit: type=\d|\bmsg=audit\(/,
]

const CERTAIN = words(CERTAIN_WORDS)
const LIKELY = words(LIKELY_WORDS)
const POSSIBLE = words(POSSIBLE_WORDS)
const CERTAIN_SIGNS = [CERTAIN_BEGIN, CERTAIN, STATE, ...CERTAIN_SHAPES]

/** Does a message, without its head and its secrets, report a failure? */
export function failureSign(message: string): Sign | undefined {
  const text = message.length > MAX_SEARCHED ? message.slice(0, MAX_SEARCHED) : message
  if (NOISE.some((noise) => noise.test(text))) return undefined
  const rest = text.replace(HARMLESS, ' ')
  const sign = spoken(text, rest)
  if (sign === undefined) return undefined
  if (NOT_SERIOUS.some((tone) => tone.test(text))) return 'possible'
  const isTriedAgain = TRIED_AGAIN.test(rest) && !LAST_TRY.test(rest)
  return isTriedAgain && sign === 'certain' ? 'likely' : sign
}

/** What the words say, however serious the writer is; `rest` is the text without harmless parts. */
function spoken(text: string, rest: string): Sign | undefined {
  const isPlayedDown = PLAYED_DOWN.test(text)
  if (CERTAIN_SIGNS.some((sign) => sign.test(rest))) {
    return isPlayedDown ? 'possible' : 'certain'
  }
  if (isPlayedDown) return undefined
  if (LIKELY_BEGIN.test(rest) || LIKELY.test(rest)) return 'likely'
  return POSSIBLE.test(rest) || DIED.test(rest) ? 'possible' : undefined
}

/** Words that are not parts of names, paths, addresses or options. */
function words(alternatives: readonly string[]): RegExp {
  return new RegExp(asWord(alternatives.join('|')), 'i')
}

/** An expression for alternatives that are whole words. */
export function asWord(alternative: string): string {
  return `(?<![\\w./@$\\\\-])(?:${alternative})(?![\\w/@\\\\-]|\\.\\w)`
}

/** The first two bytes of the texts that CERTAIN_BEGIN and LIKELY_BEGIN match. */
export const FAILURE_BEGINS: readonly string[] = ['E:', 'E!', 'F!', 'Er', ' !', 'BU', 'fa', 'Fa', 'FA', 'W:']

/** Alternatives of whole words, in any case, and expressions: every failure contains one of these or begins as one. */
export const FAILURE_WORDS: readonly string[] = [...CERTAIN_WORDS, ...LIKELY_WORDS, ...POSSIBLE_WORDS]
export const FAILURE_SHAPES: readonly RegExp[] = [...CERTAIN_SHAPES, DIED]
