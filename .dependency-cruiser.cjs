/** The import rule of ARCHITECTURE.md: core decides, plug-ins translate, server acts. */
const within = (folder) => `^src/${folder}/`

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-core',
      comment: 'core is pure: its own files and Temporal, nothing of Node or npm',
      severity: 'error',
      from: { path: within('core') },
      to: { pathNot: [within('core'), 'node_modules/temporal-polyfill/', 'node_modules/temporal-spec/'] },
    },
    {
      name: 'connectors-import-core-and-their-port',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/' },
      to: { path: '^src/', pathNot: [within('core'), '^src/connectors/connector\\.ts$', '^src/connectors/$1/'] },
    },
    {
      name: 'connector-port-imports-core',
      severity: 'error',
      from: { path: '^src/connectors/connector\\.ts$' },
      to: { path: '^src/', pathNot: [within('core')] },
    },
    {
      name: 'channels-import-core',
      severity: 'error',
      from: { path: within('channels') },
      to: { path: '^src/', pathNot: [within('core'), within('channels')] },
    },
    {
      name: 'store-imports-core',
      severity: 'error',
      from: { path: within('store') },
      to: { path: '^src/', pathNot: [within('core'), within('store')] },
    },
    {
      name: 'server-imports-core-and-ports',
      comment: 'only compose.ts and its parts know a concrete plug-in',
      severity: 'error',
      from: { path: within('server'), pathNot: ['^src/server/compose[a-z0-9-]*\\.ts$'] },
      to: {
        path: '^src/',
        pathNot: [
          within('core'),
          within('server'),
          '^src/connectors/connector\\.ts$',
          '^src/channels/channel\\.ts$',
          '^src/store/(store|port/[a-z-]+)\\.ts$',
        ],
      },
    },
    {
      name: 'compositions-are-roots',
      severity: 'error',
      from: { pathNot: [within('demo'), '^src/server/main\\.ts$'] },
      to: { path: ['^src/server/(main|compose)\\.ts$', within('demo')] },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: ['node_modules/@types/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
