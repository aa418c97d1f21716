import { systemClock } from '../clock.ts'
import type { LayoutSet } from '../collect/layout.ts'
import { loadLayouts } from '../collect/load-layouts.ts'
import { type Config, ruleFolders } from '../config.ts'
import { createClassifier } from '../interpret/classify.ts'
import { createInterpreter, type Interpret } from '../interpret/interpret.ts'
import { loadRules, type RuleSet, readRuleSet } from '../interpret/load-rules.ts'
import type { Rule } from '../interpret/rule.ts'
import { Miner } from '../interpret/template/miner.ts'
import type { AnswerKnowledge } from '../triage/answers.ts'
import { loadPhases, type PhaseModel } from '../triage/diagnosis/course/phase-model.ts'
import { type PortalReader, portalReader } from '../triage/portal/read-portal.ts'
import type { Written } from '../triage/rules/replay.ts'
import { networkAnswers } from './network-answers.ts'
import { loadReading, type ReadingKnowledge } from './reading.ts'

const HOUR_MS = 3_600_000

/** The rules, ready for use; needs no store. */
export type Knowledge = Pick<ReadingKnowledge, 'layouts' | 'context'> & {
  readonly rules: RuleSet
  readonly interpret: Interpret
  /** Interprets lines that people ask about; learns no templates from them. */
  readonly asking: Interpret
  /** The templates that `interpret` has seen; they survive a reload of the rules. */
  readonly templates: Miner
  /** The phases of a desktop's life; read on first use. */
  readonly phases: () => readonly PhaseModel[]
  /** What the portals below the root record about their desktops; read on first use. */
  readonly portal: PortalReader
  /** For this long after the first line of a source and product generation, nothing counts as new, ms. */
  readonly learnMs: number
  /** How to write stored lines again as they were in their files. */
  readonly written: Written
  /** An interpreter with other rules and the same formats. */
  readonly interpreting: (rules: readonly Rule[]) => Interpret
  /** The same knowledge with the signatures read again; throws if they have a fault. */
  readonly reloaded: () => Knowledge
}

/** Loads layouts, formats and signatures; every fault is an error before any work starts. */
export function loadKnowledge(config: Config): Knowledge {
  const folders = ruleFolders(config)
  const { layouts, formats, context } = loadReading(config)
  const portal = portalReader(config.root ?? '/', { answers: networkAnswers(config, systemClock) })
  const templates = new Miner()
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
    portal,
    phases: phasesFor(folders, rules),
    interpret: interpreting(rules.rules),
    asking: lazily(() => createInterpreter({ formats, classifier: createClassifier(rules.rules) })),
    interpreting,
    templates,
    learnMs: config.learnHours * HOUR_MS,
    written: { formats, formatOf },
    context,
    reloaded: () => withRules(loadRules(folders, layouts.generations)),
  })
  return withRules(loadRules(folders, layouts.generations))
}

/** Makes the interpreter on first use, since it needs memory. */
function lazily(make: () => Interpret): Interpret {
  let made: Interpret | undefined
  return (chunk) => {
    made ??= make()
    return made(chunk)
  }
}

/** Loads what answers are based on; opens rule files only. */
export function loadAnswerRules(config: Config): AnswerKnowledge {
  const folders = ruleFolders(config)
  const { generations } = loadLayouts(folders)
  const rules = loadRules(folders, generations)
  return {
    rules,
    generations,
    phases: phasesFor(folders, rules),
    portal: portalReader(config.root ?? '/', { answers: networkAnswers(config, systemClock) }),
    probes: new Map(),
    learnMs: config.learnHours * HOUR_MS,
  }
}

function phasesFor(folders: readonly string[], { rules }: RuleSet): () => readonly PhaseModel[] {
  return () => loadPhases(folders, new Set(rules.map(({ id }) => id)))
}

/** Loads the signatures only. */
export function loadRuleSet(config: Config): RuleSet {
  const folders = ruleFolders(config)
  return loadRules(folders, loadLayouts(folders).generations)
}

/** The signatures, or all their faults; includes notes that matter only to authors of rules. */
export function checkRuleSet(config: Config) {
  const folders = ruleFolders(config)
  const layouts = loadLayouts(folders)
  return readRuleSet(folders, layouts.generations, { kinds: kindsOf(layouts), profiles: layouts.profiles })
}

/** All sources that a rule may name. */
export function knownKinds(config: Config): ReadonlySet<string> {
  return kindsOf(loadLayouts(ruleFolders(config)))
}

/** A file that no layout knows has the source `generic`. */
function kindsOf({ formats }: LayoutSet): ReadonlySet<string> {
  return new Set([...formats.keys(), 'generic'])
}
