/**
 * The words of failures, and the contexts in which they tell of none. A word alone proves nothing: it may be part of a
 * name (`libgpg-error`), counted as zero, asked for (`checking for error.h`), ignored, or stand in the text of a script.
 */

/** How sure it is that a text tells of a failure: `certain` says so itself, `likely` is what failures say, too. */
export type Sign = 'certain' | 'likely'

/** No text is searched further than this, in UTF-16 units: a failure says so soon. */
const MAX_SEARCHED = 2048

const CERTAIN_WORDS = [
  'fail(?:ed|ures?|s)?',
  'error(?=\\s*[:!(\\[]|[ -]+(?:\\d|[a-z]+ing|while|when|in|on|at|code|occurred|returned|from|with|trying|message)\\b)',
  '(?:internal|fatal|unexpected|unhandled|runtime|syntax|parse|script|bus|system|unrecoverable|i/o|input/output|critical|medium|communication|connection|network|protocol|server|configuration|an?|returned) errors?',
  "cannot|can[’']?t|can not|could(?: not|n[’']t)|(?:un|not )able to",
  'denied|forbidden|(?:un|not )authorized|not (?:permitted|allowed)|refus(?:ed|ing)|reject(?:ed|ing)',
  'unreachable|no route to host|timed[ -]?out|giving up|connection (?:reset|closed by|lost)|broken pipe',
  'abort(?:ed|ing)|fatal|panic|seg(?:fault|mentation fault)|core ?dump(?:ed)?|dumped core|killed|crash(?:ed|es|ing)?',
  'terminated (?:unexpectedly|abnormally|by)|(?:is|was|be|are) lost|should (?:not|never) happen|unexpectedly [a-z]+ed',
  'out of memory|no space left|disk quota exceeded|throttled|corrupt(?:ed|ion)?|rolled back|unrecoverable',
  "command not found|do(?:es)?(?: not|n[’']t) (?:exist|work|respond)|read-only file system|limit reached",
  'not a directory|is a directory|resource busy|stale file handle|exec format error|(?:host|network) is down|text file busy',
  'bad file descriptor|argument list too long|exhausted|deadlock|gave up|hung|revoked|untrusted|unexpected EOF|backtrace',
  'no such [a-z]+|traceback|stack trace|call trace|soft lockup|blocked for more than',
]

const LIKELY_WORDS = [
  'errors?|not found|missing|invalid|illegal|malformed|expired|exceed(?:ed|s|ing)?|insufficient|unavailable',
  'not (?:available|installed|ready|running|valid|detected|responding|mounted|loaded|supported|recognized|connected|complete|match(?:ing)?|a valid)',
  "did(?: not|n[’']t)|(?:was|were|is|are|has|have) not been",
  'no (?:response|reply|match(?:es|ing)?|valid|suitable|usable|available|permission|credentials|devices?|screens?|license)',
  "unsupported|unrecognized|mismatch|conflict(?:s|ing)?|time-?out|incompatible|do(?:es)?n[’']t|already in use",
  'none of the|unknown (?:option|command|user|host|group|key|error|type)|too (?:many|large|long|small|old|few|quickly)',
]

/** Exceptions by their class names, codes other than zero, states of units and stacks. */
const CERTAIN_SHAPES = [
  /\b(?:[A-Z]\w*)?(?:Error|Exception|Failure|Fault)\b(?=\s*[:([]|$)/,
  /\b[A-Z]+_(?:FAILED|DENIED)\b|\b(?:FullyQualifiedErrorId|CategoryInfo)\b|\*\*\* \[[^\]]{0,200}\] Error \d/,
  /\b(?:exit|return|status)(?:ed|s|ing)?(?: (?:with|abnormally|an?|non-?zero|exit|return|error|code|status|value|signal)){0,5}\s?[=:]?\s?[([]?-?(?!0\b)\d{1,10}\b(?![.:/]\d)/i,
  /\bnon-?zero\b|\bstatus=\d+\/(?!SUCCESS)[A-Z]|\b(?:result|status|state)"?\s?[=:]\s?["']?(?:fail|error|timeout)/i,
  /\bexited with signal\b|\(Result: (?!success)|\bset to DOWN\b|\b[Nn]ode down\b|\bGPU (?:lockup|hang)\b|\bHTTP\/[\d.]+" 5\d\d\b/,
  /\bHTTP(?:\/[\d.]+)? (?:(?:code|status|error|response) ){0,2}[45]\d\d\b|\bE(?:ACCES|PERM|CONNREFUSED|TIMEDOUT|NOSPC|HOSTUNREACH)\b/,
  /\b(?:BUG|Oops): |^[EW]: |^ ! |\b[A-Z]\w+(?:Exceeded|Denied|NotFound|NotAuthorized|Failed|Expired)\b|^\s*File "[^"]+", line \d+, in /,
]

/** Taken out before a text is looked at: words that are counted as none, set as options, or named as a subject. */
const HARMLESS = new RegExp(
  [
    '(?<![\\w.:])(?:0|no|zero|without|any|not an?|free of) (?:\\w+ ){0,2}?(?:errors?|failures?|failed|faults?|conflicts?|timeouts?|crash(?:es)?)\\b(?! (?:found|match))',
    '\\b[a-z_]{3,20}(?: [a-z]{3,12})?"?\\s?[:=]\\s?(?:0+(?![\\w.]| (?:errors?|fail\\w*|timeouts?)\\b(?!\\s?[:=]))|none\\b|no(?=\\s*(?:[,;)]|$))|false\\b|null\\b|\\[\\]|""|\'\'|\\{\\}|remount|continue)',
    '\\b(?:error|failure|crash|panic|exception|timeout)[ -](?:handl|report|log|correct|detect|recover|inject|toleran|counter|page|threshold|level)\\w*',
    '\\b(?:if|on|upon|in case of|case of|whether|unless|until|when) (?:an? |the |it |this )?(?:\\w+ )?(?:error|fail|timeout|time out|panic|crash|cannot|denied|not )\\w*',
    '\\btime-?outs?\\b["\']?(?: (?:is|of|value|set|to|after))*\\s?[:=]?\\s?\\(?\\d+|\\bno longer\\b|\\bfail(?:over|back| ?safe| fast)\\b|\\b(?:exit(?:ed|s|ing)?(?: with)?(?: code| status)?|error(?: code| count)?) 0\\b|\\bNO_ERROR\\b',
  ].join('|'),
  'gi',
)

/** Whole texts that tell of no failure, whatever their words. */
const NOISE = [
  /\b(?:ignor(?:ed|ing|e)|harmless|non-?fatal|not fatal|optional|skipp(?:ed|ing)|not critical|success(?:ful(?:ly)?)?|succeeded|recovered|not (?:a problem|an error|yet|available yet|ready yet)|as expected|deprecated|assertion '[^']{1,200}' failed)\b|, (?:creating|adding|using|trying|falling back)\b|^configure: WARNING/i,
  /^\+{1,9} |^\s*(?:#|\/\/|-{1,2}\w|usage:)|^checking\b|^\s*(?:if|then|elif|else|fi|for|while|do|done|case|esac|echo|printf|local|export|trap|set)\b.*[;$"'({[]|\|\| ?(?:echo|exit|return|true)\b/i,
  /^\s*(?:\S*\/)?(?:gcc|g\+\+|cc|c\+\+|clang|libtool|ar|ld|ln|install|CC|CXX|LD|inflating:|extracting:|creating:|patching file) /,
  /(?:^|[\s(])[\w.-]+-(?:WARNING|CRITICAL|Message)\b|\((?:WW|II|--|==|\*\*|\+\+|NI|!!|\?\?)\)|^Window manager warning:|\blib\w+ warning:/,
]

/** What failed is tried again: the last time, not this one, is the failure. */
const TRIED_AGAIN =
  /\b(?:re-?try(?:ing)?|retries|retried|tr(?:y|ying) again|backing off|attempt \d|will be tried)\b/i

const CERTAIN = words(CERTAIN_WORDS)
const LIKELY = words(LIKELY_WORDS)

/** Says whether a message, without its head and its secrets, tells of a failure. */
export function failureSign(message: string): Sign | undefined {
  const text = message.length > MAX_SEARCHED ? message.slice(0, MAX_SEARCHED) : message
  if (NOISE.some((noise) => noise.test(text))) return undefined
  const told = text.replace(HARMLESS, ' ')
  if (CERTAIN.test(told) || CERTAIN_SHAPES.some((shape) => shape.test(told))) {
    return TRIED_AGAIN.test(told) ? 'likely' : 'certain'
  }
  return LIKELY.test(told) ? 'likely' : undefined
}

/** Words that are not parts of names, paths, addresses or options. */
function words(alternatives: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w./@$\\\\-])(?:${alternatives.join('|')})(?![\\w/@\\\\-]|\\.\\w)`, 'i')
}
