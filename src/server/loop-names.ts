/** What the service does beside answering, each in a loop of its own. */
export const loopNames = [
  'dispatch',
  'writeBack',
  'readBack',
  'replanning',
  'feed',
  'archiving',
  'asking',
  'forgetting',
  'tidying',
  'shadowForgetting',
  'truthCheck',
  'alarms',
  'erasing',
  'retention',
  'webhooks',
  'takeover',
] as const

export type LoopName = (typeof loopNames)[number]
