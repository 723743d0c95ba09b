import Joi from 'joi';
import { factsMember, previewMember } from './derivative-schema.js';
import { hashOrNull, id, instant, orNull, sha256 } from './schema-parts.js';
import { ACTIVE_CONTENT, CUSTODY_ACTS, EVIDENCE_TYPES, ORIGINAL_STATES, SCAN_STATES, SCAN_TROUBLES } from './words.js';

export const downloadBody = Joi.object({
  reason: Joi.string()
    .min(3)
    .max(500)
    .description('Why the original is opened; staff must say it. Kept in the custody record'),
}).description('A download of an original');

export const manifestBody = Joi.object({
  reason: Joi.string().min(3).max(500).required().description('Why it is made; kept in the manifest and in custody'),
}).description('A manifest of the evidence of a case');

const evidence = Joi.object({
  evidenceId: id('The piece of evidence'),
  name: Joi.string()
    .required()
    .description("The sender's name for the file: a label, to be shown isolated and escaped"),
  size: Joi.number().integer().min(1).required().description('Bytes'),
  sha256: sha256(),
  type: Joi.string()
    .valid(...EVIDENCE_TYPES)
    .required()
    .description('What the bytes are; HTML and SVG are only application/octet-stream'),
  declaredType: Joi.alternatives(Joi.string(), Joi.valid(null)).required().description("The sender's claim, or null"),
  typeMismatch: Joi.boolean().required().description('The sender claimed another type than the bytes have'),
  activeContent: Joi.alternatives(Joi.string().valid(...ACTIVE_CONTENT), Joi.valid(null))
    .required()
    .description('Set when the bytes are HTML or SVG'),
  scan: Joi.string()
    .valid(...SCAN_STATES)
    .required()
    .description(
      'What a virus scanner said; not-scanned does not mean clean. Where there is a scanner nothing but clean can be opened',
    ),
  scannedAt: orNull(Joi.string().isoDate(), 'When the scanner last gave an answer, ISO 8601 in UTC, or null'),
  signature: orNull(Joi.string(), 'What was found in it, or null'),
  scanTrouble: orNull(Joi.string().valid(...SCAN_TROUBLES), 'Why there is no verdict, or null'),
  original: Joi.string()
    .valid(...ORIGINAL_STATES)
    .required()
    .description('Whether the bytes are there, unchanged and readable; erased: only hash and custody are kept'),
  preview: previewMember,
  facts: factsMember,
  addedAt: instant('When it came'),
}).description('One piece of evidence');

export const evidenceStateReply = Joi.object({ evidence: evidence.required() }).description('How it stands now');

export const evidenceList = Joi.array().items(evidence).required().description('In the order it came');
export const evidenceReply = Joi.object({ evidence: evidenceList }).description('Evidence of a case');

const custodyEvent = Joi.object({
  act: Joi.string()
    .valid(...CUSTODY_ACTS)
    .required()
    .description('What was done'),
  by: Joi.object({
    kind: Joi.string().valid('person', 'anonymous', 'system').required().description('What kind of actor'),
    id: Joi.string().required().description('Which actor'),
  })
    .required()
    .description('Who did it'),
  at: instant('When'),
  reason: Joi.string().required().description('Why'),
  sha256: sha256(),
  before: hashOrNull('What the bytes were before: their SHA-256, or null when there were none'),
  after: hashOrNull('What they were found to be by the end of it, or null when they were not read or are gone'),
});

export const custodyReply = Joi.object({
  custody: Joi.array().items(custodyEvent.description('One custody event')).required().description('Oldest first'),
}).description('The chain of custody of one piece of evidence');

export const timelineQuery = Joi.object({
  after: Joi.string()
    .pattern(/^custody_[0-9a-f]{24}$/)
    .description('Go on after this event: `next` of the page before'),
  limit: Joi.number().integer().min(1).max(500).default(100).description('Events at most'),
}).description('Which part of the timeline');

export const timelineReply = Joi.object({
  custody: Joi.array()
    .items(custodyEvent.keys({ evidenceId: id('The piece of evidence') }).description('One custody event'))
    .required()
    .description('Oldest first'),
  next: orNull(Joi.string(), 'Where the next page begins, or null when this is the last one'),
}).description('What happened to all evidence of a case');
