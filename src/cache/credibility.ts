/**
 * How far a record is believed, by the place in the response that it came from (RFC 2181 §5.4.1).
 *
 * | RFC 2181 §5.4.1, most to least trusted                                 | here                       |
 * | ---------------------------------------------------------------------- | -------------------------- |
 * | primary zone file, zone transfer                                       | never cached: local-zones  |
 * | answer section of an authoritative answer (AA)                         | `authoritative-answer`     |
 * | authority section of an authoritative answer                           | `authority`                |
 * | answer section of a non-authoritative answer                           | `non-authoritative-answer` |
 * | additional section of an authoritative answer                          | `additional`               |
 * | additional and authority section of a non-authoritative answer: a referral | `glue`                 |
 *
 * Which rank a record has, and whether the server may say it at all, is decided where the response is read.
 */

/** Least to most. */
export type Credibility = 'glue' | 'additional' | 'non-authoritative-answer' | 'authority' | 'authoritative-answer';

const ranks: Record<Credibility, number> = {
  glue: 0,
  additional: 1,
  'non-authoritative-answer': 2,
  authority: 3,
  'authoritative-answer': 4,
};

/** RFC 2181 §5.4.1: data is replaced by data that is believed at least as much, never by what is believed less. */
export function mayReplace(newcomer: Credibility, standing: Credibility): boolean {
  return ranks[newcomer] >= ranks[standing];
}

/**
 * RFC 2181 §5.4.1: what came along in the additional section or with a referral is never returned as an answer. It
 * tells the walk where servers are, and no more.
 */
export function mayAnswer(credibility: Credibility): boolean {
  return ranks[credibility] >= ranks['non-authoritative-answer'];
}
