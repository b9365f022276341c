import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from '@opentelemetry/api'
import type { NodeTracerConfig } from '@opentelemetry/sdk-trace-node'
import type { Attributes, Tracing } from '../tracing.ts'

export interface OtlpOptions {
  /** Of the collector, path included. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of traces: 1 is each. */
  readonly sample: number
  readonly version: string
}

const timeoutMs = 10_000
/** What waits for a collector that is away; the rest is dropped. */
const mostWaiting = 4_096

/** Traces by OTLP over HTTP. Its libraries are loaded here, and only when it is asked for. */
export async function otlpTracing({ url, headers, sample, version }: OtlpOptions): Promise<Tracing> {
  const [{ ROOT_CONTEXT, SpanStatusCode, trace }, sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: timeoutMs })
  const provider = new sdk.NodeTracerProvider({
    resource: resourceOf({ 'service.name': 'rappel', 'service.version': version }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { maxQueueSize: mostWaiting })],
  })
  const contexts = new AsyncLocalStorage<Context>()
  const tracer = provider.getTracer('rappel', version)
  return {
    async span(name, attributes, work) {
      const parent = contexts.getStore() ?? ROOT_CONTEXT
      const span = tracer.startSpan(name, { attributes: plain(attributes) }, parent)
      try {
        return await contexts.run(trace.setSpan(parent, span), () => work({ set: (more) => void span.setAttributes(plain(more)) }))
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' })
        throw error
      } finally {
        span.end()
      }
    },
    async close() {
      // a collector that is away keeps no service from stopping
      await Promise.race([provider.shutdown().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 2_000).unref())])
    },
  }
}

type Resource = NonNullable<NodeTracerConfig['resource']>

/** Who we are, and nothing of the machine or of its environment. */
function resourceOf(attributes: Readonly<Record<string, string>>): Resource {
  const resource: Resource = {
    attributes,
    asyncAttributesPending: false,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  }
  return resource
}

function plain(attributes: Attributes): Record<string, string | number | boolean> {
  return { ...attributes }
}
