import { join } from 'node:path'
import { defineConfig } from 'vite'

/** The page is built into `dist/web`, where the server expects it; the names of assets contain a hash of their content. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: false,
  build: {
    outDir: join(import.meta.dirname, '..', '..', '..', 'dist', 'web'),
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
})
