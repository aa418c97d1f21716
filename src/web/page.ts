import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App, Reply, Request } from './app.ts'

/** The page, for addresses that are its own views. */
export type Page = { wants(request: Request): boolean; send(reply: Reply): Reply }

const NOT_BUILT = 'The page of dcvlens is not built (npm run build). The API is described at /api/docs.\n'
const OTHERS = /^\/(?:api|metrics|assets)(?:[/?]|$)/
/** A name below assets changes with what is in it. */
const FOREVER = 'public, max-age=31536000, immutable'

/** Serves the built page: its assets that are there at the start, and itself for every address that is a view of it. */
export async function addPage(app: App, folder: string): Promise<Page> {
  const index = join(folder, 'index.html')
  const html = existsSync(index) ? readFileSync(index) : undefined
  if (html !== undefined) {
    await app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      wildcard: false,
      cacheControl: false,
      setHeaders: (response) => {
        response.header('cache-control', FOREVER)
      },
    })
  }
  return {
    wants: ({ method, url, headers: { accept = '' } }) =>
      (method === 'GET' || method === 'HEAD') &&
      !OTHERS.test(url) &&
      (accept.includes('text/html') || url === '/'),
    send: (reply) =>
      html === undefined
        ? reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT)
        : reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html),
  }
}
