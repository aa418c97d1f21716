import { useEffect, useRef } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import { takeKeys } from '../keyboard.ts'
import { useShared } from '../shared-state.ts'
import { isNarrow } from '../use-size.ts'
import { useVirtual } from '../use-virtual.ts'
import { LogRow } from './log-row.tsx'

const ROW_PX = 26
const NARROW_ROW_PX = 44
/** The list counts as scrolled to its end within this distance. */
const AT_END_PX = 40

export type LogListProps = {
  readonly rows: readonly EventJson[]
  readonly label: string
  /** The row selected by keyboard; -1 for none. */
  readonly selected: number
  onSelect(row: number): void
  onOpen(row: number): void
  onClose?(): void
  /** Text to highlight. */
  readonly hit?: string
  /** Stays at the end as lines arrive. */
  readonly isFollowing?: boolean
  /** Ids of rows that are evidence for the verdict. */
  readonly evidence?: ReadonlySet<string>
  /** Shows the desktop of each row, if they are from several. */
  readonly hasSessions?: boolean
}

/** A list of log records. Only visible rows are drawn, so a hundred thousand scroll as well as ten. */
export function LogList(props: LogListProps) {
  const { rows, label, selected, onSelect, onOpen, onClose, isFollowing = false } = props
  const rowPx = useShared(isNarrow) ? NARROW_ROW_PX : ROW_PX
  const view = useVirtual(rows.length, rowPx)
  const now = useRef({ rows, selected, onSelect, onOpen, onClose })
  now.current = { rows, selected, onSelect, onOpen, onClose }
  const element = useRef(view.element)
  element.current = view.element

  const move = (by: number) => {
    const { rows: all, selected: at } = now.current
    if (all.length === 0) return
    now.current.onSelect(Math.min(Math.max(at + by, 0), all.length - 1))
    element.current?.scrollIntoView({ block: 'nearest' })
  }
  useEffect(
    () =>
      takeKeys({
        move,
        open: () => now.current.selected >= 0 && now.current.onOpen(now.current.selected),
        close: () => now.current.onClose?.(),
      }),
    [],
  )
  useEffect(() => {
    if (selected >= 0) view.show(selected)
  }, [selected, view.element, rows.length === 0])
  const wasAtEnd = view.belowPx() < AT_END_PX
  useEffect(() => {
    if (isFollowing && wasAtEnd && view.element !== null) view.element.scrollTop = view.element.scrollHeight
  }, [rows.length, isFollowing])

  const onClick = ({ target }: MouseEvent) => {
    const option = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
    if (option !== null) onOpen(Number(option.dataset['row']))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -rows.length, End: rows.length }[
      event.key
    ]
    if (by === undefined) return
    event.preventDefault()
    move(by)
  }
  return (
    <div
      class="log-list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={selected >= view.first && selected < view.end ? `row-${selected}` : undefined}
      ref={view.ref}
      onScroll={view.onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="presentation" class="log-space" style={{ height: `${view.totalPx}px` }}>
        <div role="presentation" style={{ transform: `translateY(${view.topPx}px)` }}>
          {rows.slice(view.first, view.end).map((event, i) => (
            <LogRow
              key={`${event.event_id}:${event.rule_id ?? ''}`}
              event={event}
              id={`row-${view.first + i}`}
              count={rows.length}
              place={view.first + i + 1}
              isSelected={view.first + i === selected}
              isEvidence={props.evidence?.has(event.event_id) === true}
              hasSession={props.hasSessions === true}
              hit={props.hit ?? ''}
            />
          ))}
        </div>
      </div>
    </div>
  )
}
