import type { Command } from './command.ts'

export const demo: Command = {
  name: 'demo',
  summary: 'rappel demo [--once] [--port N]   the whole of it on this machine, with a simulated EHR',
  help: `usage: rappel demo [--once] [--port N]
The whole of Rappel on this machine: a simulated EHR, a captured mailbox, and the service between them. Nothing leaves this machine, and nothing is
kept when it ends. It reads no configuration.

  --once  plays the story without a browser and checks every step
  --port  of the EHR's page, 8480 unless given; the two after it are tried for the rest

exit status: 0 ended as asked · 1 a step of the story failed · 2 wrong command
`,
  run: (args, { demo: play }) => play(args),
}
