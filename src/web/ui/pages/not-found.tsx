import { Empty } from '../parts/answer-state.tsx'
import { PageHead } from '../parts/page-head.tsx'

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
