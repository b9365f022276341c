import fc from 'fast-check'

const { SEED } = process.env

/** `SEED=42 npm test` draws the same cases again; without it each run draws its own. */
if (SEED !== undefined) fc.configureGlobal({ seed: Number(SEED) })
