import { fittingCapture } from './capture-types.ts'
import type { CaptureType } from './rule-schema.ts'
import type { Mask } from './template/mask.ts'

/** What replaces a varying value in an expression: a capture's name and type, and the expression for its form. */
type Variable = { readonly name: string; readonly type: CaptureType; readonly stands: string }

/** A value in a line. */
export type Place = { readonly from: number; readonly to: number; readonly variable: Variable }

const SHAPES: readonly (readonly [shape: RegExp, variable: Variable])[] = [
  [/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/, { name: 'uuid', type: 'uuid', stands: '[0-9a-f-]{36}' }],
  [/arn:aws[\w-]*:[^\s,;'")\]]+/, { name: 'arn', type: 'arn', stands: 'arn:[^\\s,;\'")\\]]+' }],
  [/\bi-[0-9a-f]{8,17}\b/, { name: 'instance', type: 'instance', stands: 'i-[0-9a-f]+' }],
  [/\bhttps?:\/\/[^\s'",)\]]+/, { name: 'url', type: 'text', stands: 'https?://[^\\s\'",)\\]]+' }],
  [/\bip-\d+-\d+-\d+-\d+[\w.-]*/, { name: 'host', type: 'host', stands: '[\\w.-]+' }],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/, { name: 'address', type: 'ip', stands: '[\\d.]+' }],
  [/(?<=^|[\s'"(=])\/[\w.@+/-]+[\w/]/, { name: 'path', type: 'path', stands: '/[^\\s\'",;:)]+' }],
  [/\b\d+\b/, { name: 'number', type: 'int', stands: '\\d+' }],
]
const ANY_SHAPE = new RegExp(SHAPES.map(([shape], index) => `(?<_${index}>${shape.source})`).join('|'), 'g')

/** The capture for each mask of a template, for values without a recognisable shape. */
const MASKED: Readonly<Record<Mask, readonly [name: string, type: CaptureType]>> = {
  '<*>': ['value', 'text'],
  '<arn>': ['arn', 'arn'],
  '<bool>': ['flag', 'text'],
  '<hex>': ['hex', 'text'],
  '<host>': ['host', 'host'],
  '<ip>': ['address', 'ip'],
  '<mac>': ['mac', 'text'],
  '<mail>': ['mail', 'text'],
  '<num>': ['number', 'int'],
  '<path>': ['path', 'path'],
  '<session>': ['session', 'session'],
  '<time>': ['time', 'text'],
  '<url>': ['url', 'text'],
  '<user>': ['user', 'user'],
  '<uuid>': ['uuid', 'uuid'],
}
const MASK = /<(?:\*|[a-z]{2,7})>/g

/** Finds the varying values in a line by their shapes alone. */
export function valuesByShape(line: string): Place[] {
  return [...line.matchAll(ANY_SHAPE)].flatMap((found) => {
    const variable = SHAPES.find((_, index) => found.groups?.[`_${index}`] !== undefined)?.[1]
    return variable === undefined ? [] : [{ from: found.index, to: found.index + found[0].length, variable }]
  })
}

/** Finds the values at the masks of a line's template; undefined if the line is not of this template. */
export function valuesByTemplate(line: string, template: string): Place[] | undefined {
  const masks = [...template.matchAll(MASK)].filter(([mask]) => mask in MASKED)
  const places: Place[] = []
  let at = 0
  let read = 0
  for (const [index, mask] of masks.entries()) {
    const text = template.slice(read, mask.index)
    const from = index === 0 ? 0 : line.indexOf(text, at + 1)
    if (from < 0 || !line.startsWith(text, from)) return undefined
    if (index > 0) places.push(placeOf(line, at, from, masks[index - 1]?.[0] as Mask))
    at = from + text.length
    read = mask.index + mask[0].length
  }
  const end = line.length - (template.length - read)
  if (!line.endsWith(template.slice(read)) || (masks.length > 0 && end <= at)) return undefined
  const last = masks.at(-1)
  return last === undefined ? places : [...places, placeOf(line, at, end, last[0] as Mask)]
}

function placeOf(line: string, from: number, to: number, mask: Mask): Place {
  const value = line.slice(from, to)
  const shaped = valuesByShape(value).find((place) => place.from === 0 && place.to === value.length)
  return { from, to, variable: shaped?.variable ?? variableOf(value, mask, line.charAt(to)) }
}

/** Matches up to the next character if possible, so that the expression stays fast. */
function variableOf(value: string, mask: Mask, next: string): Variable {
  const [name, type] = MASKED[mask]
  const isFitting = fittingCapture(value, type) === value
  const bound = next === '' || /\s/.test(next) || value.includes(next) ? '' : next.replace(/[\]\\^-]/, '\\$&')
  const blank = /\s/.test(value) ? '' : '\\s'
  const stands = blank + bound === '' ? '.+' : `[^${blank}${bound}]+`
  return {
    name,
    type: isFitting ? type : 'text',
    stands: mask === '<hex>' && /^\w+$/.test(value) ? '\\w+' : stands,
  }
}
