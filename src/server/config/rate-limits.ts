import { z } from 'zod'

/** How much of the API may be asked for in a minute: by each key, and by each address that shows none we know. */
export const rateLimitsSchema = z
  .strictObject({ perKey: z.int().min(1).max(1_000_000).default(600), strangers: z.int().min(1).max(1_000_000).default(300) })
  .prefault({})
