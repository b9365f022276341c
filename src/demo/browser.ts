/** A page as a browser without script holds it. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
}

export interface Browser {
  open(url: string): Promise<Page>
  /** Sends the form whose action ends so, with its hidden fields; follows the redirect. Throws where the page has no such form. */
  submit(page: Page, action: string): Promise<Page>
}

interface Form {
  readonly action: string
  readonly fields: URLSearchParams
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag)
  return (value?.[1] ?? value?.[2])?.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)
}

/** The POST forms of a page, with what a click on their button would send. */
function formsOf(page: Page): readonly Form[] {
  const forms = [...page.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)]
  return forms
    .filter(([, tag = '']) => attribute(tag, 'method')?.toLowerCase() === 'post')
    .map(([, tag = '', content = '']) => {
      const fields = new URLSearchParams()
      for (const [input] of content.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
        const name = attribute(input, 'name')
        if (name !== undefined) fields.append(name, attribute(input, 'value') ?? '')
      }
      return { action: new URL(attribute(tag, 'action') || page.url, page.url).href, fields }
    })
}

export function findForm(page: Page, action: string): Form | undefined {
  return formsOf(page).find((form) => new URL(form.action).pathname.endsWith(action))
}

/** Reads and answers pages as a patient's browser does, `Origin` included. */
export function browser(fetch: typeof globalThis.fetch): Browser {
  async function load(url: string, init: RequestInit): Promise<Page> {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) })
    return { url: response.url || url, status: response.status, html: await response.text() }
  }
  return {
    open: (url) => load(url, { headers: { accept: 'text/html' } }),
    submit: (page, action) => {
      const form = findForm(page, action)
      if (!form) throw new Error(`the page has no form that ends in ${action}`)
      const headers = { accept: 'text/html', origin: new URL(page.url).origin, 'sec-fetch-site': 'same-origin' }
      return load(form.action, { method: 'POST', headers, body: form.fields })
    },
  }
}
