import { stylesheet } from '../pages/stylesheet.ts'
import type { ProblemCode } from '../routes/problem-codes.ts'
import { problemCodes } from '../routes/problem-codes.ts'
import type { Operation } from './document.ts'

/** The reference of the API, made on the server: nothing on it is loaded from elsewhere, and every operation and problem has an anchor. */
export function renderReference(operations: readonly Operation[], publicUrl: string): string {
  const tags = [...new Set(operations.map(({ tag }) => tag))]
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>API · Rappel</title>
        <link rel="stylesheet" href={stylesheet.path} />
      </head>
      <body class="console">
        <a class="skip" href="#contenu">
          Skip to content
        </a>
        <nav aria-label="Operations">
          {tags.map((tag) => (
            <a href={`#${tag}`}>{tag}</a>
          ))}
          <a href="#problems">problems</a>
        </nav>
        <main id="contenu" tabindex={-1}>
          <h1>API</h1>
          <Introduction publicUrl={publicUrl} />
          {tags.map((tag) => (
            <section>
              <h2 id={tag}>{tag}</h2>
              {operations
                .filter((each) => each.tag === tag)
                .map((each) => (
                  <OperationShown operation={each} publicUrl={publicUrl} />
                ))}
            </section>
          ))}
          <Problems />
        </main>
      </body>
    </html>
  )
  return `<!doctype html>${page}`
}

const Introduction = ({ publicUrl }: { readonly publicUrl: string }) => (
  <section>
    <p>
      Everything the console does, at <code>{publicUrl}/api/v1</code>. The same as a document: <a href="/api/openapi.json">OpenAPI 3.1</a>.
    </p>
    <ul>
      <li>
        Give <code>Authorization: Bearer</code> and a key. A key of one clinic sees nothing of another: it is answered as if it were not
        there.
      </li>
      <li>
        Lists give <code>items</code> and, where there is more, <code>next</code>: send it back as <code>cursor</code>, as it is; the same
        address is in the <code>Link</code> header. A page may hold fewer lines than <code>limit</code>, and none, before the last.
      </li>
      <li>
        What sends takes an <code>Idempotency-Key</code>: the same request made again within 24 hours is done once. The settings want{' '}
        <code>If-Match</code>.
      </li>
      <li>
        <code>RateLimit</code> says what is left of a minute; beyond it 429, and <code>Retry-After</code>.
      </li>
    </ul>
  </section>
)

const OperationShown = ({ operation, publicUrl }: { readonly operation: Operation; readonly publicUrl: string }) => {
  const { id, method, path, route, problems } = operation
  const { summary, description, params, query, body, responses } = route.contract
  return (
    <article id={id}>
      <h3>
        <a href={`#${id}`}>{summary}</a>
      </h3>
      <p>
        <code>
          {method.toUpperCase()} {path}
        </code>
      </p>
      {description !== undefined && <p>{description}</p>}
      <dl>
        <dt>Role</dt>
        <dd>{route.least.join(' or ')}</dd>
        <Named title="In the path" names={Object.keys(params.shape)} />
        <Named title="In the query" names={Object.keys(query.shape)} />
        {body && 'shape' in body && <Named title="In the body" names={Object.keys(body.shape as object)} />}
        <dt>Answers</dt>
        <dd>{Object.keys(responses).join(', ')}</dd>
        <dt>Problems</dt>
        <dd>
          {problems.map((code) => (
            <>
              <a href={`#problem-${code}`}>{code}</a>{' '}
            </>
          ))}
        </dd>
      </dl>
      <pre>
        <code>{curlOf(operation, publicUrl)}</code>
      </pre>
    </article>
  )
}

const Named = ({ title, names }: { readonly title: string; readonly names: readonly string[] }) =>
  names.length === 0 ? null : (
    <>
      <dt>{title}</dt>
      <dd>
        {names.map((name) => (
          <>
            <code>{name}</code>{' '}
          </>
        ))}
      </dd>
    </>
  )

/** As one types it; what is in angle brackets is to be replaced. */
function curlOf({ method, path, route }: Operation, publicUrl: string): string {
  const { body, bodyTypes, sends, ifMatch } = route.contract
  const parts = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${publicUrl}${path.replace(/\{(\w+)\}/g, '<$1>')}`,
    `-H "Authorization: Bearer $RAPPEL_KEY"`,
    ...(ifMatch ? [`-H 'If-Match: "<version>"'`] : []),
    ...(sends ? [`-H 'Idempotency-Key: <once>'`] : []),
    ...(bodyTypes ? [`-H 'Content-Type: ${bodyTypes[0]}'`, '--data-binary @<file>'] : []),
    ...(body && 'shape' in body
      ? [
          `--json '{${Object.keys(body.shape as object)
            .map((name) => `"${name}": …`)
            .join(', ')}}'`,
        ]
      : []),
  ]
  return parts.join(' \\\n  ')
}

const Problems = () => (
  <section>
    <h2 id="problems">problems</h2>
    <p>
      RFC 9457: <code>application/problem+json</code>, its <code>type</code> an address of this page, its <code>code</code> the same in one
      word.
    </p>
    <dl>
      {(Object.keys(problemCodes) as ProblemCode[]).map((code) => (
        <>
          <dt id={`problem-${code}`}>
            {problemCodes[code].status} <code>{code}</code>
          </dt>
          <dd>{problemCodes[code].means}</dd>
        </>
      ))}
    </dl>
  </section>
)
