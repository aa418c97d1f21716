import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseYaml } from '../src/yaml-file.ts'

type Tree = { readonly name: string; readonly parts?: readonly Tree[] | undefined }
const Tree: z.ZodType<Tree> = z.lazy(() =>
  z.strictObject({ name: z.string(), parts: z.array(Tree).optional() }),
)
const Schema = z.strictObject({
  trees: z
    .array(z.preprocess((value) => (typeof value === 'string' ? { name: value } : value), Tree))
    .optional(),
  either: z
    .union([z.strictObject({ kind: z.literal('a'), size: z.string().transform(Number) }), z.string()])
    .optional(),
  named: z.record(z.string(), z.strictObject({ path: z.string() })).optional(),
})

test.each([
  ['nmae: x', '1:1: unknown key nmae; known here: trees, either, named'],
  ['trees: [{ name: a, part: [] }]', '1:20: unknown key trees.0.part; known here: name, parts'],
  [
    'trees: [a, { name: b, parts: [{ name: c, parts: [{ name: d, x: 1 }] }] }]',
    '1:61: unknown key trees.1.parts.0.parts.0.x; known here: name, parts',
  ],
  ['named: { one: { path: /x, mode: 7 } }', '1:27: unknown key named.one.mode; known here: path'],
])('%s', (text, fault) => {
  const parsed = parseYaml('f.yaml', text, Schema)
  expect(
    parsed.ok ? [] : parsed.faults.map(({ line, column, message }) => `${line}:${column}: ${message}`),
  ).toEqual([fault])
})
