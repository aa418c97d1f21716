import { z } from 'zod'
import { type AnyRule, allRules } from '../../interpret/all-rules.ts'
import { listedRule, wholeRule } from '../../interpret/rule-json.ts'
import { similarIds } from '../../interpret/similar-ids.ts'
import { SEVERITIES } from '../../model.ts'
import { severity, text } from '../../triage/parameters.ts'
import { draftRule, idFault, NO_DRAFT } from '../../triage/rules/draft-rule.ts'
import { explainLine, explanationJson } from '../../triage/rules/explain-line.ts'
import type { App } from '../app.ts'
import { pageOf } from '../page-shape.ts'
import { PROBLEM, refusal } from '../problem.ts'
import type { Service } from '../service.ts'
import { unknownChoice } from '../unknown.ts'

const LISTED = {
  id: z.string(),
  version: z.int(),
  status: z.enum(['draft', 'experimental', 'stable', 'deprecated']),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  layer: z.string(),
  phase: z.string(),
  component: z.string().describe('the folder that contains it'),
  general: z.boolean().describe('tried only on failures that no other rule matches'),
  type: z.string(),
  kind: z.enum(['signature', 'milestone', 'benign']),
}
const ListedRuleShape = z.object(LISTED).meta({ id: 'ListedRule' })

const WholeRuleShape = z
  .object({
    ...LISTED,
    explain: z.string(),
    remedy: z.array(z.string()),
    caused_by: z.array(z.string()),
    reports: z.boolean().describe('only reports that something failed; the cause is elsewhere'),
    hangs: z
      .boolean()
      .describe('a desktop that meets it waits: if it then goes silent, it is stalled, not failed'),
    cuts_off: z
      .boolean()
      .describe('while it lasts, desktops of the cluster that nobody has reached yet count as failed'),
    references: z.array(z.string()),
    provenance: z.string(),
    sources: z.array(z.string()),
    false_positives: z.string(),
    captures: z.record(z.string(), z.string()).optional().describe('types of captures; others are text'),
    per: z
      .enum(['session', 'host', 'cluster'])
      .optional()
      .describe('events are evaluated together for each of these'),
    within_s: z.number().optional(),
    looks_at: z.array(z.string()).optional().describe('rules whose events it evaluates'),
    clears_on: z.array(z.string()).optional().describe('rules whose events end it'),
    deprecated_on: z.string().optional(),
    replaced_by: z.string().optional(),
    samples: z.object({ match: z.array(z.unknown()), no_match: z.array(z.unknown()) }),
    file: z.string(),
  })
  .meta({ id: 'Rule' })

const ExplanationShape = z
  .object({
    rule_id: z.string(),
    kind: z.string(),
    severity: z.string(),
    matches: z.boolean(),
    captures: z.record(z.string(), z.string()),
    obstacles: z.array(z.string()).describe('why it does not match, if not because of the text'),
    parts: z.array(
      z.object({ kind: z.string(), wanted: z.string(), found: z.string().optional(), holds: z.boolean() }),
    ),
  })
  .meta({ id: 'Explanation' })

const LIST = z.strictObject({
  component: text.optional().describe('only those of this folder'),
  severity: severity.optional(),
  q: text.optional().describe('part of the id, the title or the explanation'),
})

/** Longer lines are also cut in the store. */
const MAX_LINE = 64 * 1024
const line = text.max(MAX_LINE, `must have at most ${MAX_LINE} characters`)

/** The rules, and which of them match a given line. */
export function addRules(app: App, service: Service): void {
  addList(app, service)
  addOne(app, service)
  addExplain(app, service)
  addDraft(app, service)
}

function addList(app: App, { knowledge }: Service): void {
  const schema = {
    ...{ operationId: 'rules', tags: ['rules'], summary: 'All rules' },
    querystring: LIST,
    response: { 200: pageOf(ListedRuleShape), default: PROBLEM },
  }
  app.get('/api/v1/rules', { schema }, async ({ query }) => {
    const set = knowledge().rules
    const { component } = query
    const folders = [...new Set(allRules(set).map((rule) => listedRule(rule, set).component))].sort()
    if (component !== undefined && !folders.includes(component))
      throw unknownChoice('component', `${component} is no folder of rules`, component, folders)
    const items = allRules(set)
      .filter((rule) => isChosen(rule, query))
      .map((rule) => listedRule(rule, set))
      .filter((rule) => component === undefined || rule.component === component)
    return { items }
  })
}

function isChosen(rule: AnyRule, { severity: least, q }: z.infer<typeof LIST>): boolean {
  if (least !== undefined && SEVERITIES.indexOf(rule.severity) < SEVERITIES.indexOf(least)) return false
  const part = q?.toLowerCase()
  return (
    part === undefined ||
    [rule.id, rule.title, rule.explain].some((word) => word.toLowerCase().includes(part))
  )
}

function addOne(app: App, { knowledge }: Service): void {
  const schema = {
    ...{ operationId: 'rule', tags: ['rules'], summary: 'All that one rule says' },
    params: z.strictObject({ id: text }),
    querystring: z.strictObject({}),
    response: { 200: WholeRuleShape, default: PROBLEM },
  }
  app.get('/api/v1/rules/:id', { schema }, async ({ params: { id } }) => {
    const set = knowledge().rules
    const all = allRules(set)
    const rule = all.find((one) => one.id === id)
    if (rule !== undefined) return wholeRule(rule, set)
    const ids = all.map((one) => one.id)
    const near = similarIds(id, ids)
    throw refusal(
      'E_NOT_FOUND',
      `there is no rule ${id}`,
      near.length > 0 ? `Did you mean ${near.join(', ')}?` : '/api/v1/rules has all ids.',
      'id',
    )
  })
}

function addExplain(app: App, { knowledge }: Service): void {
  const schema = {
    ...{ operationId: 'explain', tags: ['rules'] },
    summary: 'Which rules match a line, why, and which almost do',
    querystring: z.strictObject({}),
    body: z.strictObject({
      line,
      source: text.default('generic').describe('the kind of log that contains it'),
      profile: text.default('host').describe('the generation that wrote it'),
    }),
    response: { 200: pageOf(ExplanationShape), default: PROBLEM },
  }
  app.post('/api/v1/rules/explain', { schema }, async ({ body }) => {
    const { rules, asking, formats } = knowledge()
    if (body.source !== 'generic' && !formats.has(body.source)) {
      const kinds = [...formats.keys()].sort().join(', ')
      throw refusal('E_BODY', `source ${body.source} is not a kind of log`, `Use one of ${kinds}.`, 'source')
    }
    const { found } = explainLine(body.line, body, { rules: rules.rules, interpret: asking, formats })
    return { items: found.map(explanationJson) }
  })
}

function addDraft(app: App, { knowledge }: Service): void {
  const schema = {
    ...{ operationId: 'draft', tags: ['rules'], summary: 'A draft of a rule from an example' },
    querystring: z.strictObject({}),
    body: z.strictObject({ line, id: text.optional().describe('the id for the new rule') }),
    response: { 200: z.object({ yaml: z.string() }), default: PROBLEM },
  }
  app.post('/api/v1/rules/draft', { schema }, async ({ body }) => {
    const { rules, asking } = knowledge()
    const taken = [...rules.rules, ...rules.correlations].map(({ id }) => id)
    const fault = body.id === undefined ? undefined : idFault(body.id, taken)
    if (fault !== undefined) throw refusal('E_BODY', fault.text, fault.hint, 'id')
    const yaml = draftRule(body.line, { id: body.id, taken }, asking)
    if (yaml === undefined) throw refusal('E_DRAFT', NO_DRAFT.text, NO_DRAFT.hint)
    return { yaml }
  })
}
