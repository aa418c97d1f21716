import type { App } from './app.ts'

/** The methods that a path allows; empty for an unknown path. */
export type Methods = { of(path: string): readonly string[] }

/** Records the routes that are added from now on. */
export function noteMethods(app: App): Methods {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: pathOf(url), methods: [method].flat() })
  })
  return {
    of: (path) => [...new Set(routes.flatMap((route) => (route.path.test(path) ? route.methods : [])))],
  }
}

/** `:name` matches one part of a path. */
function pathOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, '\\$&')))
  return new RegExp(`^${parts.join('/')}$`)
}
