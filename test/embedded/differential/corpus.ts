import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { EJSON } from 'bson';
import fc from 'fast-check';
import { type Program, programs } from './commands.js';
import { compare, Difference } from './compare.js';
import { answerOf, Player, textOf } from './play.js';

/** A program, and digests of what the embedded store answered when the engine agreed to each of them. */
interface Recorded {
  readonly program: Program;
  readonly answers: readonly string[];
}

const FILE = new URL('./corpus.jsonl', import.meta.url);
const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 12);

/** Answers of one store to a program, its contents at the end as the last. */
async function answersTo(player: Player, program: Program): Promise<string[]> {
  await player.start(program);
  const answers: string[] = [];
  for (const step of program.steps) {
    const reply = await player.step(step);
    answers.push(reply ? answerOf(step.kind === 'command' ? step.command : {}, reply) : '');
  }
  return [...answers, textOf(await player.contents())];
}

/** Writes programs on which both stores agree to the end. */
export async function record(ours: string, theirs: string, seed: number, wanted: number): Promise<number> {
  const players = [new Player(ours, 'corpus'), new Player(theirs, 'corpus')] as const;
  const lines: string[] = [];
  let commands = 0;
  for (const program of fc.sample(programs, { seed, numRuns: wanted * 6 })) {
    if (lines.length >= wanted) break;
    const tally = { commands: 0, departures: new Map<string, number>() };
    const agreed = await compare(...players, program, tally).then(
      () => tally.departures.size === 0,
      () => false,
    );
    if (!agreed) continue;
    commands += tally.commands;
    const recorded: Recorded = { program, answers: (await answersTo(players[0], program)).map(digest) };
    lines.push(EJSON.stringify(recorded, { relaxed: false }));
  }
  await Promise.all(players.map((player) => player.close()));
  await writeFile(FILE, `${lines.join('\n')}\n`);
  return commands;
}

/**
 * Plays what was recorded, or the first programs of it. The order of fields in the contents is the store's own, so only it
 * is asked for them.
 *
 * @throws Difference at the first answer that is another one now
 */
export async function replay(uri: string, { withContents = true, first = Infinity } = {}): Promise<number> {
  const player = new Player(uri, 'corpus');
  let commands = 0;
  for (const line of (await readFile(FILE, 'utf8')).trim().split('\n').slice(0, first)) {
    const { program, answers } = EJSON.parse(line, { relaxed: false }) as Recorded;
    const now = await answersTo(player, program);
    for (const [i, answer] of now.entries()) {
      if (i === program.steps.length && !withContents) continue;
      if (digest(answer) !== answers[i])
        throw new Difference(
          `another answer than the engine agreed to: ${textOf(program.steps[i] ?? 'contents')}\n${answer}\nafter ${textOf(program)}`,
        );
      commands++;
    }
  }
  await player.close();
  return commands;
}
