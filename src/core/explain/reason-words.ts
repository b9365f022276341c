import type { GateResult } from '../decision.ts'
import { gateWords, reasonOfGate, ruleOf } from './gate-words.ts'
import type { About, Bilingual, Catalogue } from './words.ts'
import { both, entryOf, isNo } from './words.ts'

/** Why something that no gate decided came to be, and what helps. */
export interface Cause {
  readonly because: Bilingual
  readonly rule?: string
  /** Absent: nothing does, or the gates say what. */
  readonly need?: Bilingual
}

/** The reasons of plan, dispatch and delivery, by code. */
export const reasonWords: Catalogue<Cause> = {
  superseded: {
    because: both(
      'ce qu’il aurait dit n’est plus vrai, ou a été dit autrement',
      'what it would have said is no longer true, or was said otherwise',
    ),
  },
  merged: { rule: 'D29', because: both('un autre SMS du même jour le dit aussi', 'another text of the same day says it too') },
  appointment_off: { because: both('le rendez-vous n’a plus lieu', 'the appointment is off') },
  import: {
    because: both('ce rendez-vous était déjà dans le DSE quand Rappel l’a chargé', 'this appointment was in the EHR when Rappel loaded it'),
  },
  late: {
    rule: 'V2-ORD-6',
    because: both(
      'le DSE n’a annoncé ce rendez-vous que longtemps après l’avoir pris : le patient est censé le connaître',
      'the EHR told of this appointment only long after it was booked: the patient is taken to know of it',
    ),
  },
  rebooked: {
    rule: 'V2-ORD-4',
    because: both(
      'le rendez-vous a été déplacé : le patient l’apprend par le message du nouveau rendez-vous',
      'the appointment was moved: the patient hears of it by the message of the new one',
    ),
  },
  other_record: {
    because: both(
      'le DSE a rattaché ce rendez-vous à un autre dossier : le message part une fois, pour celui-là',
      'the EHR put this appointment in another file: the message goes once, for that one',
    ),
  },
  settings: {
    because: both('un réglage a changé, et un réglage ne cause aucun message', 'a setting changed, and a setting causes no message'),
  },
  redirected: {
    because: both(
      'tous les messages vont à une adresse d’essai, et non aux patients',
      'all messages go to a test address, and none to patients',
    ),
    need: both('Retirer l’adresse d’essai de la mise en service', 'Take the test address out of the rollout'),
  },
  called: { because: both('une personne a téléphoné', 'somebody telephoned') },
  mass_change_dropped: {
    rule: 'R8',
    because: both('une personne a écarté ce changement en masse', 'a person dropped this mass change'),
    need: both('Téléphoner, ou corriger le rendez-vous dans le DSE', 'Telephone, or correct the appointment in the EHR'),
  },
  restored: {
    rule: 'R9',
    because: both(
      'la base vient d’une sauvegarde, et ce message est peut-être déjà parti',
      'the store came from a backup, and this message may have left already',
    ),
    need: both('Téléphoner au patient', 'Telephone the patient'),
  },
  no_channel: {
    because: both('aucun fournisseur n’est configuré pour ce canal', 'no provider is configured for this channel'),
    need: both('Configurer un fournisseur pour ce canal', 'Configure a provider for this channel'),
  },
  truth_unchecked: {
    rule: 'FHIR-POLL-4',
    because: both(
      'le DSE n’a pas encore dit si le rendez-vous est toujours ainsi',
      'the EHR has not said yet whether the appointment still is so',
    ),
    need: both('Que le DSE réponde, ou régler truthCheck', 'That the EHR answers, or set truthCheck'),
  },
  internal_error: {
    because: both('une erreur de Rappel a empêché de décider', 'an error of Rappel kept it from deciding'),
    need: both('Envoyer le journal aux auteurs de Rappel', 'Send the log to the authors of Rappel'),
  },
  channel_stopped: {
    rule: 'R21',
    because: both('le fournisseur refuse le compte de Rappel, et tout attend', 'the provider refuses Rappel’s account, and all waits'),
    need: both('Remettre en ordre le compte du fournisseur', 'Put the account at the provider in order'),
  },
  channel_stopped_dropped: {
    rule: 'R21',
    because: both(
      'le fournisseur refusait le compte de Rappel, et une personne a abandonné ce qui attendait',
      'the provider refused Rappel’s account, and a person dropped what waited',
    ),
    need: both('Téléphoner', 'Telephone'),
  },
  not_sent: {
    rule: 'R6',
    because: both('le fournisseur, interrogé, ne l’a jamais reçu', 'its provider, once asked, had never got it'),
  },
  crashed: { rule: 'R6', because: both('le service s’est arrêté pendant l’envoi', 'the service stopped during the send') },
  node_silent: {
    rule: 'R15',
    because: both(
      'ce nœud n’avait plus de nouvelles de la base, et un autre envoie à sa place',
      'this node had lost the database, and another one sends in its place',
    ),
  },
  channel_failed: { because: both('une erreur a coupé l’envoi', 'an error cut the send off') },
  aborted: { because: both('le service s’arrêtait', 'the service was stopping') },
  push_gone: {
    because: both('les navigateurs du patient ont repris leur accord', 'the patient’s browsers took their consent back'),
    need: both(
      'Que le patient inscrive de nouveau un appareil depuis sa page',
      'That the patient registers a device from their page again',
    ),
  },
  push_no_device: {
    rule: 'R23',
    because: both('aucun appareil inscrit ne dépend d’un service connu', 'no registered device is of a service that is known'),
    need: both('Que le patient inscrive un appareil depuis sa page', 'That the patient registers a device from their page'),
  },
  invalid_address: {
    rule: 'D26',
    because: both('l’adresse e-mail du dossier n’en est pas une', 'the e-mail address on file is not one'),
    need: both('Corriger l’adresse e-mail du dossier', 'Mend the e-mail address on file'),
  },
}

const mendNumber = both('Corriger le numéro de mobile du dossier', 'Mend the mobile number on file')
const askStop = both(
  'Enregistrer un autre numéro de mobile, si le patient le demande',
  'Put another mobile number on file, if the patient asks for it',
)
const notMobile: Cause = { rule: 'D26', because: both('ce numéro ne reçoit pas de SMS', 'this number takes no texts'), need: mendNumber }
const unreachable: Cause = { because: both('ce téléphone est injoignable', 'this phone cannot be reached'), need: mendNumber }

/** Twilio's codes that staff can do something about; what the others mean is told to the operator by the log. */
const twilioCodes: Catalogue<Cause> = {
  21211: notMobile,
  21217: notMobile,
  21610: { rule: 'R27', because: both('ce numéro a répondu STOP', 'this number answered STOP'), need: askStop },
  21614: notMobile,
  21635: notMobile,
  30003: unreachable,
  30004: { because: both('ce téléphone ou son opérateur refuse nos SMS', 'this phone or its carrier refuses our texts') },
  30005: unreachable,
  30006: notMobile,
  30007: { because: both('l’opérateur l’a pris pour un envoi indésirable', 'the carrier took it for spam') },
}

const shaped = /^[a-z0-9_]{1,60}$/i

/** Codes that are made up of a provider's own: `twilio_30006`, `undelivered_30003`, `smtp_550`. */
function causeOfDelivery(code: string): Cause | undefined {
  const number = /^(?:twilio|failed|undelivered)_(\d+|unknown)$/.exec(code)?.[1]
  if (number !== undefined)
    return (
      entryOf(twilioCodes, number) ?? {
        because: both(`le fournisseur de SMS l’a refusé, code ${number}`, `the text provider refused it, code ${number}`),
      }
    )
  const reply = /^smtp_([45])\d\d$/.exec(code)
  if (reply)
    return reply[1] === '5'
      ? { because: both(`le serveur de messagerie l’a refusé, code ${code.slice(5)}`, `the mail server refused it, code ${code.slice(5)}`) }
      : {
          because: both(
            `le serveur de messagerie a demandé d’attendre, code ${code.slice(5)}`,
            `the mail server asked to wait, code ${code.slice(5)}`,
          ),
        }
  if (code.startsWith('twilio_') && shaped.test(code))
    return {
      because: both(`le fournisseur de SMS n’a pas bien répondu, code ${code}`, `the text provider did not answer well, code ${code}`),
    }
  if (code.startsWith('gateway_') && shaped.test(code))
    return {
      because: both(`la passerelle SMS ne l’a pas pris, code ${code.slice(8)}`, `the text gateway did not take it, code ${code.slice(8)}`),
    }
  if (code.startsWith('smtp_') && shaped.test(code))
    return {
      because: both(`le serveur de messagerie n’a pas bien répondu, code ${code}`, `the mail server did not answer well, code ${code}`),
    }
  if (code.startsWith('push_') && shaped.test(code))
    return {
      because: both(`le service de notifications n’a pas bien répondu, code ${code}`, `the push service did not answer well, code ${code}`),
    }
  return undefined
}

/** Whether there are words for a reason; without any it is said by its code. */
export function hasWords(code: string): boolean {
  return gateOf(code) !== undefined || entryOf(reasonWords, code) !== undefined || causeOfDelivery(code) !== undefined
}

/** The cause of a state, in words: of a gate's no with what that gate saw, of anything else by its code. */
export function causeOf(code: string, gates: readonly GateResult[], about: About): Cause {
  const gate = gates.find((each) => isNo(each) && each.reason === code)
  const words = gate ? reasonOfGate(gate) : gateOf(code)
  if (words) {
    const rule = gate ? ruleOf(gate) : (words.rule ?? ruleOfCode(code))
    return { because: words.because(about, gate?.saw ?? ''), ...(rule !== undefined && { rule }) }
  }
  const plain = shaped.test(code) ? code : '?'
  return entryOf(reasonWords, code) ?? causeOfDelivery(code) ?? { because: both(`sa raison est « ${plain} »`, `its reason is “${plain}”`) }
}

const gateOf = (code: string) =>
  Object.values(gateWords)
    .map(({ reasons }) => entryOf(reasons, code))
    .find((words) => words !== undefined)

const ruleOfCode = (code: string): string | undefined => Object.values(gateWords).find(({ reasons }) => Object.hasOwn(reasons, code))?.rule

/** A reason that no gate gives: it lasts until what made it is over, whatever the gates say now. */
export function isOutsideGates(code: string): boolean {
  return gateOf(code) === undefined
}
