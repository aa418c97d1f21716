import type { ComponentChildren } from 'preact'
import type { Tone } from '../words.ts'
import { Icon } from './icon.tsx'

/** One important number and its subject. */
export function Figure({
  title,
  value,
  tone = 'plain',
  icon,
  children,
}: {
  readonly title: string
  readonly value: ComponentChildren
  readonly tone?: Tone
  readonly icon?: string
  readonly children: ComponentChildren
}) {
  return (
    <section class={`figure tone-${tone}`} aria-label={title}>
      <h2 class="figure-title">{title}</h2>
      <p class="figure-value">
        {icon !== undefined && <Icon name={icon} size={18} />}
        {value}
      </p>
      <p class="figure-note">{children}</p>
    </section>
  )
}
