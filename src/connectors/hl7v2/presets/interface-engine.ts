import type { Preset } from './preset.ts'

/**
 * An interface engine between the EHR and us: Mirth Connect, Open Integration Engine, Rhapsody, Cloverleaf. Documented (the source of Mirth): a
 * sender waits for one acknowledgement of each message and hangs without one; its own AA is not the EHR's. Assumed: that it sends batches in a frame.
 */
export const interfaceEngine: Preset = {
  ack: { force: true, application: false },
  acceptBatchFrames: true,
}
