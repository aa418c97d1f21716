import { useEffect, useState } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import type { Items } from '../answers.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { EventPanel } from '../parts/event-panel.tsx'
import { LiveTail } from '../parts/live-tail.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { RangePicker } from '../parts/range-picker.tsx'
import { SearchFilters } from '../parts/search-filters.tsx'
import { SearchResults } from '../parts/search-results.tsx'
import { WrongAddress } from '../parts/wrong-address.tsx'
import { changeQuery, usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'

/** All lines of all machines: stored ones, or new ones as they are written. */
export function SearchPage() {
  const { query } = usePlace()
  const isLive = query['live'] === '1'
  const { chosen, isUnknown, show } = useAskedLine(query['event'])
  const close = () => changeQuery({ event: undefined }, { replace: true })
  return (
    <>
      <PageHead title="Search" lead="Every line that is kept, of every machine.">
        {!isLive && <RangePicker />}
        <StoredOrLive isLive={isLive} />
        <CopyButton text={location.href} title="Copy a link to this view" />
      </PageHead>
      <SearchFilters isLive={isLive} />
      {isUnknown && (
        <WrongAddress
          text="The line of this address is not known; it may be too old to be kept"
          remedy="Go on without it"
          change={{ event: undefined }}
        />
      )}
      {isLive ? (
        <LiveTail query={query} onOpen={show} onClose={close} />
      ) : (
        <SearchResults query={query} onOpen={show} onClose={close} />
      )}
      {chosen !== undefined && (
        <EventPanel event={chosen} hit={query['text'] ?? ''} onOpen={show} onClose={close} />
      )}
    </>
  )
}

/** The line whose id is in the address: as the list showed it, otherwise asked for; `show` puts a line there. */
function useAskedLine(asked: string | undefined) {
  const [open, setOpen] = useState<EventJson>()
  useEffect(() => {
    if (asked === undefined) setOpen(undefined)
  }, [asked])
  const isOpen = asked === open?.event_id
  const linked = useAnswer<Items<EventJson>>(
    asked === undefined || isOpen ? undefined : 'lines',
    { event_id: asked, before: 0, after: 0 },
    { everyMs: 0 },
  )
  const found = isOpen ? open : linked.data?.items.find(({ event_id }) => event_id === asked)
  return {
    chosen: asked === undefined ? undefined : found,
    isUnknown: asked !== undefined && linked.error !== undefined,
    show(event: EventJson) {
      setOpen(event)
      changeQuery({ event: event.event_id }, { replace: true })
    },
  }
}

function StoredOrLive({ isLive }: { readonly isLive: boolean }) {
  return (
    <fieldset class="segmented" aria-label="what was written, or what is being written">
      <button type="button" aria-pressed={!isLive} onClick={() => changeQuery({ live: undefined })}>
        Stored
      </button>
      <button
        type="button"
        aria-pressed={isLive}
        onClick={() => changeQuery({ live: '1', event: undefined })}
      >
        Live
      </button>
    </fieldset>
  )
}
