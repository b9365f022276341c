import { number } from '../../simulate/report-words.ts'
import type { VersionsTexts } from './versions-texts.ts'

export const english: VersionsTexts = {
  title: 'Versions of the settings',
  hint: 'Each save is a version. A version never changes; going back to one makes a new one.',
  version: (version) => `Version ${version}`,
  inUse: 'In use',
  setting: 'Setting',
  more: (count) => `And ${number(count, 'en')} more settings.`,
  list: 'Versions',
  when: 'Saved',
  by: 'By',
  source: (source = '') => {
    if (source.startsWith('configuration:')) return 'the configuration file'
    if (source.startsWith('rollback:')) return `going back to version ${source.slice('rollback:'.length)}`
    return source === 'console' ? 'the console' : source === 'api' ? 'the API' : 'unknown'
  },
  changes: (count) => (count === 1 ? '1 setting changed' : `${number(count, 'en')} settings changed`),
  compared: (from, to) => `From version ${from} to version ${to}`,
  same: 'These two versions say the same.',
  rollBack: (version) => `Go back to version ${version}`,
  rollBackHint: 'What is ahead is decided anew; nothing that has left changes.',
  taken: (version) => `Saved: version ${version} is in use.`,
  nothing: 'Nothing to save: these are the settings in use.',
  export: 'Download (YAML)',
  import: {
    title: 'Take a document',
    hint: 'The settings of the clinic in YAML, as the download gives them. Nothing changes before Save.',
    label: 'YAML document',
    preview: 'See what would change',
    save: 'Save',
  },
  faults: 'This document cannot be saved:',
  refused: 'Your role may not make these changes.',
  unsaved: 'Not saved.',
  conflict: {
    title: 'The settings have changed meanwhile',
    fact: (version) => `Somebody else saved version ${version} while you were editing.`,
    rest: 'Nothing of what you changed is saved.',
    again: 'Edit the version in use',
    theirs: 'What the other version has changed',
    yours: 'What you wanted to change',
  },
  losing: (count) =>
    count === 1 ? 'One patient would be left without a channel.' : `${number(count, 'en')} patients would be left without a channel.`,
  losingRest: 'Nothing is saved yet: read the impact, then save.',
}
