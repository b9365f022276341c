import type { Bilingual, Catalogue } from '../../core/explain/words.ts'
import { both, entryOf } from '../../core/explain/words.ts'

/** What a connector noticed while it read, for whoever sets it up (interop.md). */
const warningWords: Catalogue<Bilingual> = {
  'W-AI-SHIFT': both('une heure d’AIx est écrite un champ trop loin', 'a start of an AI* segment stands one field too far'),
  'W-BATCH-COUNT': both('le lot ne contient pas le nombre de messages annoncé', 'the batch does not hold as many messages as it says'),
  'W-BATCH-STRAY': both('des lignes n’appartiennent à aucun message', 'lines that belong to no message'),
  'W-BODY-MISMATCH': both('le contenu n’est pas celui du type annoncé en MSH-9', 'the body is not of the type that MSH-9 says'),
  'W-CHARSET': both('le jeu de caractères annoncé est inconnu ou faux', 'the character set it declares is unknown or untrue'),
  'W-CHARSET-SWITCH': both(
    'un passage en un autre jeu de caractères, laissé tel quel',
    'a piece in another character set, kept as it stands',
  ),
  'W-CLOCK': both('MSH-7 est inutilisable : l’arrivée fait foi', 'MSH-7 cannot be used: the arrival orders in its place'),
  'W-CONTROLID-REUSED': both('un autre message portait déjà ce MSH-10', 'another message had this MSH-10 before'),
  'W-DST-GAP': both('cette heure n’existe pas, l’heure d’été commence', 'that hour does not exist: summer time begins'),
  'W-DST-OVERLAP': both('cette heure existe deux fois, la première est prise', 'that hour comes twice: the first is taken'),
  'W-DURATION-CONFLICT': both('la durée et la fin se contredisent, la fin est prise', 'length and end differ: the end is taken'),
  'W-DURATION-RANGE': both('cette durée n’est pas celle d’un rendez-vous', 'that is no length of an appointment'),
  'W-EMAIL-EMPTY': both('une entrée d’e-mail sans adresse', 'an e-mail entry without an address'),
  'W-GROUP': both('un groupe de patients, pas une personne', 'a group of patients, not a person'),
  'W-INSTANT-NO-ZONE': both(
    'une heure sans décalage, lue dans le fuseau du connecteur',
    'a time without an offset, read in the connector’s zone',
  ),
  'W-OFFSET-MISMATCH': both('le décalage écrit n’est pas celui du fuseau ce jour-là', 'the offset it gives is not the zone’s of that day'),
  'W-PATIENT-NO-ID': both('un patient sans identifiant : personne n’est connu', 'a patient without an id: nobody is known'),
  'W-PROCESSING-ID': both('MSH-11 est vide', 'MSH-11 is empty'),
  'W-REFERENCE': both('une référence que le serveur n’a pas donnée', 'a reference that the server did not give'),
  'W-SCH-SHIFT': both('le statut est en SCH-24, un champ trop tôt', 'the status stands in SCH-24, one field too early'),
  'W-SEVERAL-PATIENTS': both('plus d’un PID : le premier compte', 'more than one PID: the first counts'),
  'W-STATUS-UNKNOWN': both(
    'un mot de statut sans signification : à mettre dans statusMap',
    'a status word without a meaning: put it in statusMap',
  ),
  'W-TIE': both('deux messages de la même seconde', 'two messages of the same second'),
  'W-TIME-CONFLICT': both('les champs donnent des heures différentes', 'its fields give different times'),
  'W-TIME-UNKNOWN': both('aucune heure utilisable', 'no usable start'),
  'W-TRANSITION': both('un changement de statut inhabituel', 'an unusual change of status'),
  'W-UNIT-GUESSED': both('l’unité de la durée est devinée : voir durationUnit', 'the unit of its length is guessed: see durationUnit'),
  'W-UNKNOWN-ID': both('un changement d’un rendez-vous jamais reçu', 'a change of an appointment never heard of'),
  'W-VERSION': both('MSH-12 n’est pas une version connue', 'MSH-12 is no version we know'),
}

/** Undefined: a code without words. */
export function warningWordsOf(code: string): Bilingual | undefined {
  return entryOf(warningWords, code)
}
