import type { App } from '../app.ts'
import { DOCS_STYLE, docsPage } from '../docs-page.ts'

/** The OpenAPI document, and a self-contained page made from it. */
export function addDocs(app: App): void {
  const hidden = { schema: { hide: true } }
  app.get('/api/openapi.json', hidden, async () => app.swagger())
  app.get('/api/docs', hidden, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(app.swagger())),
  )
  app.get('/api/docs.css', hidden, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(DOCS_STYLE),
  )
}
