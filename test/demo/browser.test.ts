import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { browser, findForm } from '../../src/demo/browser.ts'

const form = `<form method="post" action="/t0ken/confirm"><input type="hidden" name="basis" value="17|a&amp;b|&quot;"><button class="btn go">Je confirme</button></form>`

test('a form is sent with its hidden fields, and the redirect followed', async () => {
  const app = new Hono()
  app.get('/t0ken', (c) => c.html(form))
  app.post('/t0ken/confirm', async (c) => {
    const { basis } = await c.req.parseBody()
    return c.redirect(`/done?basis=${encodeURIComponent(String(basis))}&origin=${c.req.header('origin')}`, 303)
  })
  const fetch = (async (input: string, init: RequestInit) => {
    const response = await app.request(input, init)
    const location = response.headers.get('location')
    return location ? new Response(location) : response
  }) as typeof globalThis.fetch
  const patient = browser(fetch)
  const page = await patient.open('http://rdv.example/t0ken')
  const sent = await patient.submit(page, '/confirm')
  expect(sent.html).toBe(`/done?basis=${encodeURIComponent('17|a&b|"')}&origin=http://rdv.example`)
})

test.each([
  ['a form that sends nothing', '<form action="/x/confirm"></form>', '/confirm'],
  ['another form', form, '/cancel'],
])('%s is not the one', (_, html, action) => {
  expect(findForm({ url: 'http://rdv.example/t0ken', status: 200, html }, action)).toBeUndefined()
})

test.each([
  ['below the page', 'action="t0ken/cancel"', 'http://rdv.example/t0ken/cancel'],
  ['the page itself', '', 'http://rdv.example/t0ken'],
])('an action is %s', (_, action, expected) => {
  const page = { url: 'http://rdv.example/t0ken', status: 200, html: `<FORM method='POST' ${action}></FORM>` }
  expect(findForm(page, '')?.action).toBe(expected)
})
