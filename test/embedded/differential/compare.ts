import fc from 'fast-check';
import { type Program, programs, type Step } from './commands.js';
import type { Played } from './departures/case.js';
import { departureOf } from './departures/departures.js';
import { sameFields } from './departures/same.js';
import { answerOf, Player, textOf } from './play.js';
import type { Doc } from './values.js';

export interface Tally {
  /** Commands that both stores were sent. */
  commands: number;
  /** How often which departure of the list was met. */
  readonly departures: Map<string, number>;
}

export class Difference extends Error {}

/** Plays a program to both stores. @throws Difference at the first answer, or in the contents at the end, that is not the same */
export async function compare(ours: Player, theirs: Player, program: Program, tally: Tally): Promise<void> {
  await Promise.all([ours.start(program), theirs.start(program)]);
  const before: Played[] = [];
  for (const step of program.steps) {
    const [mine, other] = await Promise.all([ours.step(step), theirs.step(step)]);
    if (!mine || !other) {
      if (mine || other) throw difference(step, mine, other);
      continue;
    }
    tally.commands++;
    const command = step.kind === 'command' ? step.command : {};
    refuseBareDuplicates(mine);
    const [a, b] = [answerOf(command, mine), answerOf(command, other)];
    before.push({ step, mine });
    if (a === b) continue;
    const departure = departureOf({ command, ours: a, theirs: b, mine, other, session: step.session, before });
    if (!departure) throw difference(step, mine, other);
    tally.departures.set(departure.name, (tally.departures.get(departure.name) ?? 0) + 1);
    // An error ends a transaction, and then only one of the two is still in it.
    const apart = step.session !== undefined && Number(mine['ok']) !== Number(other['ok']);
    if (!departure.reads || apart) return;
  }
  const [mine, other] = await Promise.all([ours.contents(), theirs.contents()]);
  for (const name of Object.keys(mine)) {
    if (sameFields(textOf(mine[name]), textOf(other[name]))) continue;
    const only = (a: string[], b: string[]) => a.filter((one) => !b.includes(one)).join('\n         ');
    throw new Difference(
      `contents of ${name}\n  ours   ${only(mine[name]!, other[name]!)}\n  theirs ${only(other[name]!, mine[name]!)}\n${program.steps.map(textOf).join('\n')}`,
    );
  }
}

/** What the engine does not say of a duplicate key, and MongoDB does. */
function refuseBareDuplicates(reply: Doc): void {
  for (const error of [reply, ...((reply['writeErrors'] as Doc[] | undefined) ?? [])])
    if (Number(error['code']) === 11000 && !(error['keyPattern'] && error['keyValue']))
      throw new Difference(`a duplicate key without keyPattern and keyValue: ${textOf(reply)}`);
}

function difference(step: Step, mine: Doc | undefined, other: Doc | undefined): Difference {
  return new Difference(`${textOf(step)}\n  ours   ${textOf(mine)}\n  theirs ${textOf(other)}`);
}

export interface Options {
  readonly ours: string;
  readonly theirs: string;
  readonly commands: number;
  readonly seed: number;
  readonly path?: string | undefined;
  readonly each?: (tally: Tally) => void;
  /** Told each difference, not made smaller, instead of ending at the first. */
  readonly onDifference?: ((report: string) => void) | undefined;
}

const ROUND = 40;

/**
 * Plays random programs until so many commands were sent.
 *
 * @throws Error at the first difference, made small, unless they are told to `onDifference`: what differs, how to play it again
 */
export async function search({ ours, theirs, commands, seed, path, each, onDifference }: Options): Promise<Tally> {
  const db = `differential_${process.pid}`;
  const players = [new Player(ours, db), new Player(theirs, db)] as const;
  const tally: Tally = { commands: 0, departures: new Map() };
  const property = fc.asyncProperty(programs, (program) => compare(players[0], players[1], program, tally));
  try {
    for (let round = seed; tally.commands < commands; round++) {
      const found = await fc.check(property, {
        seed: round,
        numRuns: ROUND,
        endOnFailure: onDifference !== undefined,
        ...(path ? { path } : {}),
      });
      if (found.failed) {
        const report = reportOf(found.errorInstance, found.counterexample?.[0], found.seed, found.counterexamplePath);
        if (!onDifference) throw new Error(report);
        onDifference(report);
      }
      each?.(tally);
      if (path) break;
    }
  } finally {
    await Promise.all(players.map((player) => player.close()));
  }
  return tally;
}

function reportOf(error: unknown, program: Program | undefined, seed: number, path: string | null): string {
  const text = error instanceof Difference ? error.message : String(error instanceof Error ? error.stack : error);
  return `${text}\nafter ${textOf(program)}\nagain: npm run differential -- --seed ${seed} --path ${path}`;
}
