import { type ConnectorTrial, connectorContract } from '../../contract/connector-contract.ts'
import { type Fault, fhirServer } from './fhir-server.ts'
import { appointment, connect, patient, practitioner, secret, snapshot, writeBack } from './fhir-story.ts'

connectorContract('fhir', async (): Promise<ConnectorTrial> => {
  const server = await fhirServer()
  for (const resource of [appointment(), patient, practitioner]) server.put(resource)
  const stored = server.get('Appointment/12')
  const often = (fault: Fault) => Array.from({ length: 5 }, () => fault)
  const credentials = { good: { authorization: `Bearer ${secret}` }, anonymous: {}, forged: { authorization: 'Bearer guess' } }
  return {
    connector: connect(server.baseUrl, { timeoutMs: 300 }),
    envelope: snapshot(stored, patient, practitioner),
    request(who, body = new TextEncoder().encode(JSON.stringify(stored))) {
      const path = 'Appointment/12'
      const headers = { 'content-type': 'application/fhir+json', ...credentials[who] }
      return {
        path,
        request: new Request(`http://rappel.example/fhir/tilleuls/${path}`, { method: 'PUT', headers, body: Buffer.from(body) }),
      }
    },
    writeRequest: { writeBack: writeBack() },
    async behave(mood) {
      if (mood === 'refuses') server.meet(/PATCH/, ...often({ kind: 'answer', status: 422 }))
      if (mood === 'silent') server.meet(/./, ...often({ kind: 'hang' }))
      if (mood === 'gone') await server.close()
    },
    close: () => server.close(),
  }
})
