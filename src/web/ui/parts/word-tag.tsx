import type { Word } from '../words.ts'
import { Icon } from './icon.tsx'

/** A state as icon, word and colour together. */
export function WordTag({ word, isBare = false }: { readonly word: Word; readonly isBare?: boolean }) {
  return (
    <span class={`tag tone-${word.tone} ${isBare ? 'tag-bare' : ''}`}>
      <Icon name={word.icon} size={14} />
      {word.title}
    </span>
  )
}
