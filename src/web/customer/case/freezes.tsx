import type { ReactNode } from 'react';
import type { Reply } from '../../ground/client.js';
import { useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { FREEZE_TEXTS } from '../freeze-words.js';

export type Freeze = Reply<'getCase'>['freezes'][number];
type Scope = Freeze['scopes'][number];

const LOOKS: Readonly<Record<Freeze['state'], 'good' | 'warn' | 'bad' | 'info'>> = {
  requested: 'info',
  active: 'good',
  partial: 'warn',
  failed: 'bad',
  unconfirmed: 'warn',
  'release-pending': 'info',
  released: 'info',
};

/** Freezes of a case, the newest first, each with what the exchange said about every part of the account. */
export function Freezes({ freezes }: { readonly freezes: readonly Freeze[] }): ReactNode {
  return freezes.toReversed().map((freeze) => <FreezeCard key={freeze.requestedAt} freeze={freeze} />);
}

export function FreezeCard({ freeze }: { readonly freeze: Freeze }): ReactNode {
  const say = useTexts(FREEZE_TEXTS);
  const { kind, state, scopes, requestedAt, confirmedAt, expiresAt, releasedAt } = freeze;
  return (
    <div className={`freeze ${LOOKS[state]}`} data-state={state}>
      <div role="status">
        <h3>{say(`${kind === 'hold' ? 'hold' : 'state'}.${state}`)}</h3>
      </div>
      {state === 'unconfirmed' ? <p>{say('unsure')}</p> : null}
      {state === 'failed' ? <p>{say('failedWhy')}</p> : null}
      <ul className="scopes">
        {scopes.map((scope) => {
          const how = howItStands(freeze, scope);
          return (
            <li key={scope} data-how={how}>
              <span>{say(scope)}</span>
              <strong>{say(`scope.${how}`)}</strong>
            </li>
          );
        })}
      </ul>
      {state === 'released' ? null : <p className="hint">{say('deposits')}</p>}
      <dl className="facts">
        <dt>{say('asked')}</dt>
        <dd>
          <Time at={requestedAt} />
        </dd>
        {confirmedAt ? (
          <>
            <dt>{say('confirmed')}</dt>
            <dd>
              <Time at={confirmedAt} />
            </dd>
          </>
        ) : null}
        <dt>{say(releasedAt ? 'released' : 'expires')}</dt>
        <dd>
          <Time at={releasedAt ?? expiresAt} />
        </dd>
      </dl>
    </div>
  );
}

/** What the exchange did not confirm is never frozen, whatever was asked for. */
function howItStands({ kind, state, applied, missing }: Freeze, scope: Scope) {
  if (state === 'released') return 'released';
  if (state === 'failed' || missing.includes(scope)) return 'open';
  if (!applied.includes(scope) || state === 'requested' || state === 'unconfirmed') return 'waiting';
  if (scope === 'sessions') return 'ended';
  return kind === 'hold' ? 'held' : 'frozen';
}
