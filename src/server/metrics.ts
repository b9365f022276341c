import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What Prometheus reads. Labels are names from the configuration and codes, never an id. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    received: new Counter({
      name: 'rappel_received_total',
      help: 'Envelopes by what became of them',
      labelNames: ['connector', 'disposition'],
      registers,
    }),
    dropped: new Counter({
      name: 'rappel_dropped_total',
      help: 'Bytes that were never a whole message',
      labelNames: ['connector', 'reason'],
      registers,
    }),
    lastReceived: new Gauge({
      name: 'rappel_last_received_seconds',
      help: 'Unix time of the last envelope',
      labelNames: ['connector'],
      registers,
    }),
    hl7: hl7Metrics(registers),
    polled: new Counter({
      name: 'rappel_polls_total',
      help: 'Times an EHR was asked for what changed',
      labelNames: ['connector', 'outcome'],
      registers,
    }),
    lastPolled: new Gauge({
      name: 'rappel_last_poll_seconds',
      help: 'Unix time of the last poll that was answered',
      labelNames: ['connector'],
      registers,
    }),
    foundByPoll: new Counter({
      name: 'rappel_found_by_poll_total',
      help: 'Changes that no notification brought before',
      labelNames: ['connector'],
      registers,
    }),
    subscription: new Gauge({
      name: 'rappel_subscription_well',
      help: '1 while the EHR keeps its subscription to us, else 0',
      labelNames: ['connector'],
      registers,
    }),
    feedMissed: new Gauge({
      name: 'rappel_feed_missed_messages',
      help: 'Messages a feed would usually have brought since its last one',
      labelNames: ['connector'],
      registers,
    }),
    feedSilent: new Gauge({
      name: 'rappel_feed_silent',
      help: '1 while a feed is silent against its own habit: an alarm',
      labelNames: ['connector'],
      registers,
    }),
    timeShift: new Gauge({
      name: 'rappel_time_shift_held',
      help: '1 while sends wait because the times of a feed have all moved: an alarm',
      labelNames: ['connector'],
      registers,
    }),
    alarm: new Gauge({
      name: 'rappel_alarm',
      help: 'How many alarms of each kind there are: 0 is well',
      labelNames: ['code'],
      registers,
    }),
    decided: new Counter({
      name: 'rappel_decisions_total',
      help: 'Decisions at the send',
      labelNames: ['kind', 'channel', 'outcome', 'reason'],
      registers,
    }),
    templateFailed: new Counter({
      name: 'rappel_template_failures_total',
      help: 'Messages sent in the built-in words because the words of their clinic could not be used',
      labelNames: ['reason'],
      registers,
    }),
    channelStopped: new Gauge({
      name: 'rappel_channel_stopped',
      help: '1 while a provider refuses our account, and nothing is sent by it: an alarm',
      labelNames: ['channel'],
      registers,
    }),
    sent: new Counter({ name: 'rappel_sends_total', help: 'Attempts by outcome', labelNames: ['channel', 'outcome'], registers }),
    lateness: new Histogram({
      name: 'rappel_send_lateness_seconds',
      help: 'From due to handed to the provider',
      buckets: [0.05, 0.1, 0.5, 1, 5, 30, 60, 300],
      registers,
    }),
    written: new Counter({
      name: 'rappel_write_backs_total',
      help: 'Write-backs by outcome',
      labelNames: ['connector', 'kind', 'outcome'],
      registers,
    }),
    inbound: new Counter({
      name: 'rappel_inbound_texts_total',
      help: 'Texts that came in, by what they were understood to be',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    replies: new Counter({ name: 'rappel_replies_total', help: 'Answers of patients', labelNames: ['kind', 'outcome'], registers }),
  }
}

/** By sending system, as the configuration names it: `unlisted` where it names none. */
function hl7Metrics(registers: Registry[]) {
  return {
    messages: new Counter({
      name: 'rappel_hl7_messages_total',
      help: 'HL7 v2 messages that came',
      labelNames: ['connector', 'source'],
      registers,
    }),
    answers: new Counter({
      name: 'rappel_hl7_answers_total',
      help: 'HL7 v2 messages by acknowledgement code',
      labelNames: ['connector', 'source', 'code'],
      registers,
    }),
    lastMessage: new Gauge({
      name: 'rappel_hl7_last_message_seconds',
      help: 'Unix time of the last HL7 v2 message',
      labelNames: ['connector', 'source'],
      registers,
    }),
    stopped: new Gauge({
      name: 'rappel_hl7_write_back_stopped',
      help: '1 while the EHR refuses our kind of message as such',
      labelNames: ['connector'],
      registers,
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
