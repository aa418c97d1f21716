import type { KnownFiles } from '../collect/known-files.ts'
import type { LayoutSet } from '../collect/layout.ts'
import { loadLayouts } from '../collect/load-layouts.ts'
import type { FeedContext } from '../collect/open-feed.ts'
import { createWorkspace } from '../collect/workspace.ts'
import { type Config, ruleFolders, zoneOf } from '../config.ts'
import { createClassifier } from '../interpret/classify.ts'
import { createInterpreter, type Interpret } from '../interpret/interpret.ts'
import { loadFormats } from '../interpret/load-formats.ts'
import { loadRules, type RuleSet } from '../interpret/load-rules.ts'
import type { Rule } from '../interpret/rule.ts'
import { createMiner, type Miner } from '../interpret/template/miner.ts'
import type { Framing } from '../model.ts'
import type { Library } from '../triage/answers.ts'
import { loadPhases, type PhaseModel } from '../triage/diagnosis/phase-model.ts'
import type { Written } from '../triage/replay.ts'

/** What rules say, ready for use; needs no store. */
export type Knowledge = {
  readonly layouts: LayoutSet
  readonly rules: RuleSet
  readonly interpret: Interpret
  /** The same for lines that people ask about: no template is learnt of them. */
  readonly asking: Interpret
  /** The templates that `interpret` has seen; they stay when rules are loaded anew. */
  readonly templates: Miner
  /** The phases in the life of desktops; read when asked for. */
  readonly phases: () => readonly PhaseModel[]
  readonly context: (known: KnownFiles, signal: AbortSignal) => FeedContext
  /** How stored lines were written. */
  readonly written: Written
  /** What other rules say, in the same formats. */
  readonly interpreting: (rules: readonly Rule[]) => Interpret
  /** The same with the signatures as their files say now; throws if they have a fault. */
  readonly reloaded: () => Knowledge
}

const WORKSPACE_BYTES = 2 * 1024 * 1024

/** Loads layouts, formats and signatures; every fault in them is an error before any work starts. */
export function loadKnowledge(config: Config): Knowledge {
  const folders = ruleFolders(config)
  const layouts = loadLayouts(folders)
  const formats = loadFormats(folders)
  const framingOf = (format: string): Framing => formats.get(format)?.framing ?? PLAIN
  const limits = { maxRecordBytes: config.maxRecordBytes }
  const workspace = createWorkspace(WORKSPACE_BYTES)
  const templates = createMiner()
  const interpreting = (rules: readonly Rule[]) =>
    createInterpreter({
      formats,
      classifier: createClassifier(rules),
      templateOf: (line) => templates.learn(line).id,
    })
  const formatOf = (source: string) => layouts.formats.get(source) ?? 'generic'
  const withRules = (rules: RuleSet): Knowledge => ({
    layouts,
    rules,
    phases: phasesFor(folders, rules),
    interpret: interpreting(rules.rules),
    asking: lazily(() => createInterpreter({ formats, classifier: createClassifier(rules.rules) })),
    interpreting,
    templates,
    written: { formats, formatOf },
    context: (known, signal) => ({
      ...{ known, signal, framingOf, limits, workspace },
      zoneOf: (source) => zoneOf(config, source),
    }),
    reloaded: () => withRules(loadRules(folders, layouts.generations)),
  })
  return withRules(loadRules(folders, layouts.generations))
}

/** An interpreter that is made when it is first needed: it takes room. */
function lazily(make: () => Interpret): Interpret {
  let made: Interpret | undefined
  return (chunk) => {
    made ??= make()
    return made(chunk)
  }
}

/** What answers to questions go by; opens no file but those of rules. */
export function loadAnswerRules(config: Config): Pick<Library, 'rules' | 'phases' | 'generations'> {
  const folders = ruleFolders(config)
  const { generations } = loadLayouts(folders)
  const rules = loadRules(folders, generations)
  return { rules, generations, phases: phasesFor(folders, rules) }
}

function phasesFor(folders: readonly string[], { rules }: RuleSet): () => readonly PhaseModel[] {
  return () => loadPhases(folders, new Set(rules.map(({ id }) => id)))
}

/** The signatures alone. */
export function loadRuleSet(config: Config): RuleSet {
  return loadRules(ruleFolders(config))
}

const PLAIN: Framing = { startsRecord: () => false, strays: 'own', blocks: [] }
