import type { ComponentChildren } from 'preact'

/** One line of a list of facts (`dl`): what it is about, and the fact. */
export function Fact({
  title,
  class: className,
  children,
}: {
  readonly title: string
  readonly class?: string
  readonly children: ComponentChildren
}) {
  return (
    <>
      <dt>{title}</dt>
      <dd class={className}>{children}</dd>
    </>
  )
}
