import { z } from 'zod'
import { plainWords } from './plain-words.ts'
import type { Fault } from './yaml-file.ts'

/** Where things stand in a text. */
export type Places = {
  has(path: readonly PropertyKey[]): boolean
  /** A fault at the place of the value under `path`. */
  of(path: readonly PropertyKey[], message: string): Fault
  /** A fault at the place of a key itself, of one that stands in the map at `path`. */
  ofKey(path: readonly PropertyKey[], key: string, message: string): Fault
}

/** What a schema has against a text, in the words of who wrote the text. */
export function schemaFaults(issue: z.core.$ZodIssue, schema: z.ZodType, places: Places): Fault[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path)
    const hint = known.length > 0 ? `; known here: ${known.join(', ')}` : ''
    return issue.keys.map((key) => places.ofKey(path, key, `unknown key ${[...path, key].join('.')}${hint}`))
  }
  const what = path.length > 0 ? `${path.join('.')}: ` : ''
  return [places.of(path, what + issueText(issue, places.has(path)))]
}

function issueText(issue: z.core.$ZodIssue, isThere: boolean): string {
  if (issue.code === 'invalid_value') {
    return `${isThere ? 'must be one of' : 'is missing:'} ${issue.values.map(String).join(', ')}`
  }
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code !== 'invalid_type') return plainWords(issue)
  return isThere ? `must be of type ${issue.expected}` : `is missing (${issue.expected})`
}

/** The keys that a map at `path` may have, in the order of the schema; of all forms that the map may take. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  // A shorthand is known only by what comes out of it, a value that is converted only by what goes in.
  const keys = (['output', 'input'] as const).flatMap((io) => {
    const root = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
    let here = formsOf(root, root)
    for (const step of path)
      here = here.flatMap((form) => below(form, step)).flatMap((form) => formsOf(form, root))
    return here.flatMap(({ properties = {} }) => Object.keys(properties))
  })
  return [...new Set(keys)]
}

type Form = z.core.JSONSchema.BaseSchema

/** A schema, or what it refers to, and all that it may be instead. */
function formsOf(form: Form, root: Form): Form[] {
  const name = form.$ref?.replace('#/$defs/', '')
  const target = name === undefined ? undefined : name === '#' ? root : root.$defs?.[name]
  const others = [...(form.anyOf ?? []), ...(form.oneOf ?? []), ...(form.allOf ?? [])].filter(isForm)
  return [
    form,
    ...(target && isForm(target) ? formsOf(target, root) : []),
    ...others.flatMap((one) => formsOf(one, root)),
  ]
}

function below({ properties, items, additionalProperties }: Form, step: PropertyKey): Form[] {
  if (typeof step === 'number') return [items].flat().filter(isForm)
  return [properties?.[String(step)] ?? additionalProperties].filter(isForm)
}

function isForm(value: unknown): value is Form {
  return typeof value === 'object' && value !== null
}
