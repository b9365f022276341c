import { HEARD_BEFORE } from '../rollout.ts'
import type { Settings } from '../settings.ts'
import { supposeSettings } from './suppose.ts'
import type { Catalogue, ReasonWords, Remedy } from './words.ts'
import { because, both } from './words.ts'

/** All the way over to us. */
const wholly: Remedy['apply'] = (input) =>
  supposeSettings(input, { rollout: { ...(input.settings.rollout ?? live), mode: 'live', percent: 100 } })

const live: NonNullable<Settings['rollout']> = { mode: 'live', percent: 100 }

/** Why a clinic that is only watched, or coming over to us by and by, sends nothing. */
export const rolloutReasons: Catalogue<ReasonWords> = {
  rollout_off: because('la mise en service de la clinique n’a pas commencé', 'the clinic’s rollout has not begun', {
    remedy: { say: () => both('Commencer la mise en service de la clinique', 'Begin the clinic’s rollout'), apply: wholly },
  }),
  shadow: because(
    'la clinique est en observation : tout est décidé et rien ne part',
    'the clinic is in shadow: all is decided and nothing leaves',
    {
      remedy: {
        say: () => both('Mettre la clinique ou cet agenda en service', 'Put the clinic or this agenda into service'),
        apply: wholly,
      },
    },
  ),
  shadow_percent: {
    because: ({ settings }) => {
      const percent = settings.rollout?.percent ?? 0
      return both(
        `ce patient n’est pas encore des ${percent} % à qui nous écrivons`,
        `this patient is not yet among the ${percent}% we write to`,
      )
    },
    remedy: {
      say: () => both('Augmenter la part des patients à qui nous écrivons', 'Raise the share of patients we write to'),
      apply: wholly,
    },
  },
  [HEARD_BEFORE]: because(
    'le DSE l’a dit avant la mise en service : le patient est censé le savoir',
    'the EHR said it before we went live: the patient is taken to know it',
    { rule: '§ 4' },
  ),
  redirect_elsewhere: because(
    'les messages vont à une adresse d’essai, et ce canal n’en a pas',
    'messages go to a test address, and this channel has none',
    {
      remedy: {
        say: () =>
          both('Retirer l’adresse d’essai, ou en donner une pour ce canal', 'Take the test address away, or give one for this channel'),
        apply({ settings: { rollout, ...settings }, ...input }) {
          if (!rollout) return { ...input, settings }
          const { redirectTo: _, ...rest } = rollout
          return { ...input, settings: { ...settings, rollout: rest } }
        },
      },
    },
  ),
}
