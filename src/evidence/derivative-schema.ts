import Joi from 'joi';
import { ARCHIVE_WARNINGS, PREVIEW_FAILURES, PREVIEW_FORMS } from './previewer/words.js';
import { evidenceParams, hashOrNull, id, instant, orNull } from './schema-parts.js';

const text = (what: string) => Joi.string().allow('').required().description(what);
const count = (what: string) => Joi.number().integer().min(0).required().description(what);
const because = () =>
  orNull(Joi.string().valid(...PREVIEW_FAILURES), 'Why there is none: what the file did to its reader, or null');

export const previewMember = Joi.object({
  state: Joi.string()
    .valid('none', 'waiting', 'ready', 'failed')
    .required()
    .description('Whether there is something to look at in place of the original; none: nor will there be'),
  form: orNull(Joi.string().valid(...PREVIEW_FORMS), 'image: fetch `preview/image`; anything else: `preview/content`'),
  because: because(),
})
  .required()
  .description('What can be shown of it');

const place = Joi.object({
  latitude: Joi.number().required().description('Degrees north'),
  longitude: Joi.number().required().description('Degrees east'),
}).description('WGS 84');

export const factsMember = Joi.alternatives(
  Joi.object({
    takenAt: orNull(Joi.string(), "By the device's clock, ISO 8601; without an offset its zone is not known"),
    place: orNull(place, 'Where the device says it was, or null'),
    device: orNull(Joi.string(), 'Maker and model, or null'),
    software: orNull(Joi.string(), 'What wrote the file, or null'),
    width: orNull(Joi.number().integer(), 'Pixels of the upright picture, or null'),
    height: orNull(Joi.number().integer(), 'Pixels of the upright picture, or null'),
    pages: orNull(Joi.number().integer(), 'Pages of a PDF, or null'),
  }).description('Claims of the file about itself'),
  Joi.valid(null),
)
  .required()
  .description('What the file says of its time, place and device; for staff only, and never proof. Null: not known');

const textMembers = {
  text: text('As far as it is shown; control characters stand as their pictures'),
  truncated: Joi.boolean().required().description('The original goes on'),
};

const mail = Joi.object({
  ...textMembers,
  headers: Joi.array()
    .items(Joi.object({ name: text('Its name'), value: text('What it says') }).description('A header'))
    .required()
    .description('As they stand in the mail, in their order'),
  attachments: Joi.array()
    .items(
      Joi.object({
        name: text("The sender's name for it: a label"),
        type: text("The sender's claim"),
        size: count('Bytes'),
        sha256: Joi.string().required().description('SHA-256 of its bytes'),
      }).description('An attachment'),
    )
    .required()
    .description('What came with it; only listed'),
}).description('A mail');

const archive = Joi.object({
  entries: Joi.array()
    .items(
      Joi.object({
        name: text('A label, never a path'),
        size: count('Bytes it says it unpacks to'),
        compressedSize: count('Bytes it takes'),
        ratio: Joi.number().required().description('The one through the other'),
        encrypted: Joi.boolean().required().description('A scanner could not look into it'),
      }).description('An entry'),
    )
    .required()
    .description('The first 1,000'),
  count: count('Entries in all'),
  size: Joi.number().min(0).required().description('Bytes it says it unpacks to'),
  compressedSize: Joi.number().min(0).required().description('Bytes that takes'),
  ratio: Joi.number().required().description('The one through the other'),
  bomb: Joi.boolean().required().description('It was made to fill a disk: do not unpack it'),
  warnings: Joi.array()
    .items(Joi.string().valid(...ARCHIVE_WARNINGS))
    .required()
    .description('What is odd about it'),
  truncated: Joi.boolean().required().description('There are more entries'),
}).description('What an archive holds');

export const previewContentReply = Joi.object({
  text: orNull(Joi.object(textMembers).description('A text'), 'When it is a text'),
  mail: orNull(mail, 'When it is a mail'),
  archive: orNull(archive, 'When it is an archive'),
}).description('A preview in words; exactly one member is not null');

const fraction = (least: number, what: string) => Joi.number().min(least).max(1).required().description(what);
const region = Joi.object({
  x: fraction(0, 'Left edge, as a fraction of the width of the upright picture'),
  y: fraction(0, 'Upper edge, as a fraction of its height'),
  width: fraction(0.0001, 'As a fraction of its width'),
  height: fraction(0.0001, 'As a fraction of its height'),
}).description('A part of the picture');

export const redactBody = Joi.object({
  regions: Joi.array().items(region).min(1).max(100).required().description('What to black out'),
  reason: Joi.string().min(3).max(500).required().description('Why it is made; kept in the custody record'),
}).description('A redaction to make');

export const redactionReply = Joi.object({
  redactionId: id('The redaction'),
  state: Joi.string().valid('waiting', 'ready', 'failed').required().description('Whether it is there'),
  because: because(),
  regions: Joi.array().items(region).required().description('What is black in it'),
  reason: Joi.string().required().description('Why it was made'),
  sha256: hashOrNull('SHA-256 of its bytes; null until it is ready'),
  size: orNull(Joi.number().integer(), 'Bytes; null until it is ready'),
  madeBy: Joi.string().required().description('Who asked for it'),
  at: instant('When it was asked for'),
}).description('A copy with parts of the picture gone');

export const redactionsReply = Joi.object({
  redactions: Joi.array().items(redactionReply).required().description('Oldest first'),
}).description('The redactions of a piece of evidence');

export const redactionParams = evidenceParams.keys({ redactionId: id('The redaction') }).description('Which redaction');

export const shareBody = Joi.object({
  recipient: Joi.string().min(3).max(200).required().description('To whom it goes: a person or an office'),
  reason: Joi.string().min(3).max(500).required().description('Why; both are kept in the custody record'),
}).description('Giving a redaction to a third party');
