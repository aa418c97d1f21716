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
  const { rows, label, selected, onOpen, isFollowing = false } = props
  const rowPx = useShared(isNarrow) ? NARROW_ROW_PX : ROW_PX
  const view = useVirtual(rows.length, rowPx)
  const move = useListKeys(props, view.element)
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
    const by = stepOf(event.key, rows.length)
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
          <DrawnRows list={props} first={view.first} end={view.end} />
        </div>
      </div>
    </div>
  )
}

function DrawnRows({
  list: { rows, selected, evidence, hasSessions, hit },
  first,
  end,
}: {
  readonly list: LogListProps
  readonly first: number
  readonly end: number
}) {
  return rows
    .slice(first, end)
    .map((event, i) => (
      <LogRow
        key={`${event.event_id}:${event.rule_id ?? ''}`}
        event={event}
        id={`row-${first + i}`}
        count={rows.length}
        place={first + i + 1}
        isSelected={first + i === selected}
        isEvidence={evidence?.has(event.event_id) === true}
        hasSession={hasSessions === true}
        hit={hit ?? ''}
      />
    ))
}

/** Lets the keys of the page move the selection and open or leave a row; returns what moves the selection by some rows. */
function useListKeys(props: LogListProps, list: HTMLElement | null): (by: number) => void {
  const now = useRef({ props, list })
  now.current = { props, list }
  const move = (by: number) => {
    const { rows, selected, onSelect } = now.current.props
    if (rows.length === 0) return
    onSelect(Math.min(Math.max(selected + by, 0), rows.length - 1))
    now.current.list?.scrollIntoView({ block: 'nearest' })
  }
  useEffect(
    () =>
      takeKeys({
        move,
        open() {
          const { selected, onOpen } = now.current.props
          if (selected >= 0) onOpen(selected)
        },
        close: () => now.current.props.onClose?.(),
      }),
    [],
  )
  return move
}

/** By how many rows a key moves the selection of a focused list; undefined if it does not. */
function stepOf(key: string, count: number): number | undefined {
  return { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -count, End: count }[key]
}
