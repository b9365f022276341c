/** The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1); the latter take two places. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const EXTENDED = new Set('^{}\\[~]|€')

/** In how many parts a text message travels: 160 places, or 153 each where there are several; 70 or 67 outside the GSM alphabet. */
export function countSegments(text: string): number {
  const characters = [...text]
  if (characters.every((character) => BASIC.has(character) || EXTENDED.has(character))) {
    const places = characters.length + characters.filter((character) => EXTENDED.has(character)).length
    return places <= 160 ? 1 : Math.ceil(places / 153)
  }
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67)
}
