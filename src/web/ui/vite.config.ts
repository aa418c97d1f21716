import { join } from 'node:path'
import { defineConfig } from 'vite'

/** The page is built into `dist/web`, beside the server that hands it out; names of assets tell their content. */
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
