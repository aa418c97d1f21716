import { type AST, RegExpParser } from '@eslint-community/regexpp'

/** The nodes in the tree of a regular expression. */
export type RegexElement = AST.Element
export type RegexAlternative = AST.Alternative
export type RegexAssertion = AST.Assertion
export type RegexCharacter = AST.Character
export type RegexClass = AST.CharacterClass
export type RegexSet = AST.CharacterSet
export type RegexQuantifier = AST.Quantifier

/** One syntax for all supported versions of Node: the newest that the oldest of them knows. */
const SYNTAX = { ecmaVersion: 2024 } as const

/** Parses a regular expression; throws a SyntaxError that says where it is wrong. The only door to `regexpp`. */
export function parsePattern(source: string, flags: string): AST.Pattern {
  const mode = { unicode: flags.includes('u'), unicodeSets: flags.includes('v') }
  return new RegExpParser(SYNTAX).parsePattern(source, 0, source.length, mode)
}

/** The expressions of which any may match. */
export function alternativesOf(source: string): string[] {
  return parsePattern(source, '').alternatives.map(({ raw }) => raw)
}
