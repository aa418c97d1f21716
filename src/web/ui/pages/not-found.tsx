import { Empty } from '../parts/answer-state.tsx'
import { PageHead } from '../parts/page-head.tsx'

/** For an address that no page has. */
export function NotFoundPage() {
  return (
    <>
      <PageHead title="Not here" />
      <Empty title="No page has this address" icon="question">
        <a href="/">To the overview</a>
      </Empty>
    </>
  )
}
