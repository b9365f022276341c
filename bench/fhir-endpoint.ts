import { createServer } from 'node:http'

/** A FHIR server that holds whatever it is asked for: an appointment of that id, with a patient and a practitioner. */
const meta = { versionId: '1', lastUpdated: '2026-11-01T10:00:00Z' }
const of: Readonly<Record<string, (id: string) => object>> = {
  Appointment: (id) => ({
    status: 'booked',
    start: '2031-03-04T09:00:00+01:00',
    end: '2031-03-04T09:20:00+01:00',
    appointmentType: { coding: [{ code: 'FOLLOWUP', display: 'Follow-up' }] },
    participant: [
      { actor: { reference: 'Practitioner/moreau' }, status: 'accepted' },
      { actor: { reference: `Patient/${id}` }, status: 'needs-action' },
    ],
  }),
  Patient: () => ({
    active: true,
    name: [{ use: 'official', family: 'Lambert', given: ['Inès'] }],
    telecom: [{ system: 'phone', use: 'mobile', value: '06 12 34 56 78' }],
    birthDate: '1980-05-06',
  }),
  Practitioner: () => ({ name: [{ prefix: ['Dre'], given: ['Claire'], family: 'Moreau' }] }),
}

const server = createServer((request, response) => {
  const [, , type = '', id = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  const make = of[type]
  response.writeHead(make && id ? 200 : 404, { 'content-type': 'application/fhir+json', etag: 'W/"1"' })
  response.end(JSON.stringify(make && id ? { resourceType: type, id, meta, ...make(id) } : { resourceType: 'OperationOutcome', issue: [] }))
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'))
