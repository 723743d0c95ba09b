import type { Ended, Limits } from './limited-process.js';
import { ANSWER_FD, INPUT_FD } from './previewer/words.js';
import { runLimited } from './run-limited.js';
import type { EvidenceType } from './words.js';

/** One demuxer for each type, named: ffmpeg must not guess, it knows playlists and protocols. */
const FORMATS: Partial<Record<EvidenceType, string>> = {
  'video/mp4': 'mov',
  'video/webm': 'matroska',
  'image/gif': 'gif',
};

/** A frame of 40 million pixels, not packed at all. */
const ANSWER_BYTES = 128 * 1024 * 1024;

export const needsFirstFrame = (type: EvidenceType): boolean => FORMATS[type] !== undefined;

/**
 * The first frame of a video as PNG, by the ffmpeg of this machine, if it has one.
 *
 * The PNG is as hostile as the video: whoever shows it sends it through the previewer like any other picture.
 */
export const firstFrame = (
  type: EvidenceType,
  fd: number,
  side: number,
  limits: Pick<Limits, 'milliseconds' | 'megabytes'>,
): Promise<Ended> =>
  runLimited(
    [
      'ffmpeg',
      ...['-nostdin', '-loglevel', 'quiet', '-max_alloc', String(512 * 1024 * 1024), '-threads', '1'],
      ...['-protocol_whitelist', 'file', '-f', String(FORMATS[type]), '-i', `/dev/fd/${INPUT_FD}`],
      ...[
        '-map',
        '0:v:0',
        '-frames:v',
        '1',
        '-vf',
        `scale=w=min(iw\\,${side}):h=min(ih\\,${side}):force_original_aspect_ratio=decrease`,
      ],
      ...['-map_metadata', '-1', '-f', 'image2pipe', '-c:v', 'png', `pipe:${ANSWER_FD}`],
    ],
    fd,
    { ...limits, answerBytes: ANSWER_BYTES },
  );
