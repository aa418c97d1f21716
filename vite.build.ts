import { join } from 'node:path'
import { defineConfig } from 'vite'

const source = (name: string) => join(import.meta.dirname, 'src', name)

/** Packages that stay where npm puts them: with files of their own that they load, optional ones, and ones that few need. */
const APART = ['chdb', 'sql.js', '@aws-sdk/client-sns', 'recheck', 'nodemailer']

/**
 * Packs the modules of the program and of its packages into few files in `dist`, since loading a thousand delays every command.
 * Nothing is renamed, so that a stack can be read.
 */
export default defineConfig({
  build: {
    ssr: true,
    outDir: join(import.meta.dirname, 'dist'),
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: {
        main: source('main.ts'),
        'build-values': source('build-values.ts'),
        'reading-process': source('cli/reading-process.ts'),
        'named-reading-process': source('cli/named-reading-process.ts'),
        // What tests load into processes of their own.
        'cli/program': source('cli/program.ts'),
        clock: source('clock.ts'),
        'data-dir': source('data-dir.ts'),
        'interpret/template/miner': source('interpret/template/miner.ts'),
        'store/client': source('store/client.ts'),
        'store/trend-query': source('store/trend-query.ts'),
      },
      // Nothing is left out: a call whose value nobody uses may be there to throw.
      treeshake: false,
      output: { minify: false, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
    reportCompressedSize: false,
  },
  ssr: { noExternal: true, external: APART },
})
