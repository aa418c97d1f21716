import { z } from 'zod'
import type { ParameterFault } from '../triage/answers.ts'
import { NOT_ASKED } from '../triage/answers.ts'
import type { Request } from './app.ts'

type Property = { readonly type?: string; readonly enum?: readonly unknown[]; readonly description?: string }

/** Says what a request may contain at the place where it is wrong. */
export function expectedHint(
  { routeOptions }: Request,
  part: 'querystring' | 'body',
  fault: ParameterFault,
): string {
  const properties = propertiesOf((routeOptions.schema as Record<string, unknown> | undefined)?.[part])
  const names = Object.keys(properties)
  if (fault.text === NOT_ASKED)
    return names.length === 0 ? 'Nothing is asked for here.' : `What is asked for: ${names.join(', ')}.`
  const name = fault.name.split('.')[0] ?? ''
  const expected = properties[name] === undefined ? '' : wordsOf(properties[name])
  return expected === '' ? 'See /api/docs.' : `${name}: ${expected}.`
}

function propertiesOf(schema: unknown): Readonly<Record<string, Property>> {
  if (!(schema instanceof z.ZodType)) return {}
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return properties as Readonly<Record<string, Property>>
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  boolean: 'true or false',
}

function wordsOf({ type = '', enum: values, description }: Property): string {
  const kind = values === undefined ? TYPES[type] : `one of ${values.join(', ')}`
  return [kind, description].filter((part) => part !== undefined).join('; ')
}
