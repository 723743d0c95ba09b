import { defineProblems } from '../kernel/problem.js';

export const evidenceProblem = defineProblems({
  case_not_found: [404, 'No such case'],
  evidence_not_found: [404, 'No such evidence'],
  original_damaged: [500, 'The evidence is not what was received; staff have been told'],
  original_missing: [503, 'The evidence cannot be read right now; staff have been told'],
  original_key_lost: [503, 'The key of this evidence is not here; staff have been told'],
  original_erased: [410, 'The bytes of this evidence were erased; its hash and its custody are kept'],
  view_quota_reached: [429, 'You have opened as many originals in this hour as one person may'],
  evidence_full: [422, 'This case holds as many files as a case can'],
  reason_missing: [422, 'Say why the original is opened'],
  files_missing: [422, 'There is no file in this upload'],
  file_empty: [422, 'A file is empty'],
  file_name_too_long: [422, 'A file name is too long'],
  file_unnamed: [422, 'A file has no name'],
  file_too_large: [413, 'A file is too large'],
  too_many_files: [413, 'Too many files in one upload'],
  upload_too_large: [413, 'The upload is too large'],
  file_type_not_allowed: [415, 'Files of this type are not taken'],
  malformed_upload: [400, 'The upload is not valid multipart form data'],
  unexpected_field: [400, 'The upload has a field that is not known here'],
  upload_cut_off: [400, 'The upload ended before it was complete'],
} as const);

/** What an upload can be refused with, wherever files are taken. */
export const UPLOAD_PROBLEMS = [
  'file_empty',
  'file_name_too_long',
  'file_unnamed',
  'file_too_large',
  'too_many_files',
  'upload_too_large',
  'file_type_not_allowed',
  'malformed_upload',
  'unexpected_field',
  'upload_cut_off',
] as const;
