import type { ComponentChildren } from 'preact'

/** A part of a page with a heading and, on its right, actions or links. */
export function Card({
  title,
  aside,
  class: className = '',
  children,
}: {
  readonly title: ComponentChildren
  readonly aside?: ComponentChildren
  readonly class?: string
  readonly children: ComponentChildren
}) {
  return (
    <section class={`card ${className}`}>
      <header class="card-head">
        <h2>{title}</h2>
        {aside !== undefined && <div class="card-aside">{aside}</div>}
      </header>
      {children}
    </section>
  )
}
