import type { CapturedMessage } from '../channels/mailbox/kept-messages.ts'
import { sayTime, sayWhen } from './demo-time.ts'
import type { View } from './layout.tsx'
import { address, Layout, wordsOf } from './layout.tsx'

interface MailboxPageProps {
  /** Oldest first, as captured. */
  readonly messages: readonly CapturedMessage[]
  readonly zone: string
  readonly view: View
}

/** What patients were sent, newest first, and one of them open. */
export const MailboxPage = ({ messages, zone, view }: MailboxPageProps) => {
  const words = wordsOf(view)
  const newestFirst = messages.toReversed()
  const open = newestFirst.find((message) => message.id === view.open)
  return (
    <Layout path="/mailbox" view={view} title={words.mailboxTitle} hint={words.mailboxHint}>
      {newestFirst.length === 0 ? (
        <div class="panel">
          <p>{words.box.empty}</p>
        </div>
      ) : (
        <div class="split boxes">
          <section class="panel flush" aria-labelledby="list">
            <h2 id="list" class="sr">
              {words.mailboxTitle}
            </h2>
            <ul class="mail">
              {newestFirst.map((message) => (
                <Line message={message} zone={zone} view={view} />
              ))}
            </ul>
            <form method="post" action={address('/mailbox/clear', { language: view.language, live: view.live })}>
              <button type="submit" class="btn quiet">
                {words.box.clear}
              </button>
            </form>
          </section>
          <Opened message={open} zone={zone} view={view} />
        </div>
      )}
    </Layout>
  )
}

const Line = ({ message, zone, view }: { readonly message: CapturedMessage; readonly zone: string; readonly view: View }) => {
  const { box } = wordsOf(view)
  const { done: _, ...kept } = view
  const current = message.id === view.open
  return (
    <li>
      <a href={address('/mailbox', { ...kept, open: message.id })} {...(current && { 'aria-current': 'true' })}>
        <span class="row">
          <span class={message.channel === 'email' ? 'tag info' : 'tag'}>{message.channel === 'email' ? box.email : box.sms}</span>
          <span class="hint">
            {message.to} · <time datetime={message.receivedAt.toString()}>{sayTime(message.receivedAt, zone, view.language)}</time>
          </span>
        </span>
        <b>{message.subject ?? message.text}</b>
      </a>
    </li>
  )
}

interface OpenedProps {
  readonly message: CapturedMessage | undefined
  readonly zone: string
  readonly view: View
}

const Opened = ({ message, zone, view }: OpenedProps) => {
  const { box } = wordsOf(view)
  if (!message) return <div class="panel">{view.open === undefined ? box.choose : box.gone}</div>
  const facts: readonly (readonly [string, string])[] = [
    ...(message.subject === undefined ? [] : [[box.subject, message.subject] as const]),
    [box.to, message.to],
    [box.from, message.from],
    [box.at, sayWhen(message.receivedAt, zone, view.language)],
  ]
  return (
    <article class="panel stack" aria-labelledby="message">
      <h2 id="message">{message.channel === 'email' ? box.email : box.sms}</h2>
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="row">
        {message.links.length === 0 && <p class="hint">{box.noLink}</p>}
        {message.links.map((link, index) => (
          <a class={index === 0 ? 'btn go' : 'btn'} href={link} target="_blank" rel="noopener noreferrer">
            {index === 0 ? box.open : link}
          </a>
        ))}
      </div>
      {message.html === undefined ? (
        <p class="sms">{message.text}</p>
      ) : (
        <>
          <iframe
            title={box.body}
            src={`/mailbox/${encodeURIComponent(message.id)}/body`}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          />
          <details>
            <summary>{box.text}</summary>
            <pre>{message.text}</pre>
          </details>
        </>
      )}
    </article>
  )
}
