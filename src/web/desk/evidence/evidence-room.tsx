import { Button, Select, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../../ground/language.js';
import { ApiProblem } from '../../ground/problem.js';
import { useMe } from '../../ground/session.js';
import { Field, Notice } from '../../ground/ui.js';
import { useActProblem } from '../acts/use-act-problem.js';
import type { Evidence } from '../case-types.js';
import { Custody } from './custody.js';
import { TEXTS } from './evidence-texts.js';
import { Piece } from './piece.js';
import { ScanTag } from './scan-tag.js';
import { useEvidence } from './use-evidence.js';

interface Props {
  readonly caseId: string;
  readonly onAssign: (() => void) | undefined;
  readonly customerId?: string | undefined;
}

/** A case's evidence: to look at for who works on the case, its custody for compliance. */
export function EvidenceRoom({ caseId, onAssign, customerId }: Props): ReactNode {
  const { roles } = useMe();
  const mayLook = roles.some((role) => role !== 'compliance' && role !== 'customer');
  return (
    <>
      {mayLook ? <Pieces caseId={caseId} onAssign={onAssign} /> : null}
      {roles.includes('compliance') ? <Custody caseId={caseId} customerId={customerId} /> : null}
    </>
  );
}

function Pieces({ caseId, onAssign }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const isAdmin = useMe().roles.includes('admin');
  const { evidence, error, busy, again } = useEvidence(caseId);
  const [chosen, choose] = useKept(`evidence ${caseId}`);
  const [beside, compare] = useKept(`evidence beside ${caseId}`);
  const find = (id: string): Evidence | undefined => evidence?.find(({ evidenceId }) => evidenceId === id);
  const [first, second] = [find(chosen), chosen === beside ? undefined : find(beside)];
  const shut = error instanceof ApiProblem && error.code === 'case_not_found';
  return (
    <section aria-labelledby="evidence" className="evidence-room">
      <div className="section-head">
        <h2 id="evidence">{say('title')}</h2>
        <Button onClick={again} loading={busy}>
          {say('again')}
        </Button>
      </div>
      <p className="hint">{say('recorded')}</p>
      {shut ? (
        <Notice kind="warn">
          {say(isAdmin ? 'glassOver' : 'noAccess')}{' '}
          {onAssign ? <Button onClick={onAssign}>{say('assign')}</Button> : null}
        </Notice>
      ) : null}
      {error && !shut ? (
        <Notice kind="bad">
          {problemText(error)} <Button onClick={again}>{say('retry')}</Button>
        </Notice>
      ) : null}
      {!evidence && !error ? <Skeleton active title={false} /> : null}
      {evidence?.length === 0 ? <p className="soft">{say('none')}</p> : null}
      {evidence && evidence.length > 0 ? (
        <>
          <ul className="pieces" aria-label={say('pieces')}>
            {evidence.map((piece) => (
              <li key={piece.evidenceId}>
                <button
                  type="button"
                  className={piece.evidenceId === chosen ? 'piece chosen' : 'piece'}
                  aria-pressed={piece.evidenceId === chosen}
                  onClick={() => choose(piece.evidenceId)}
                >
                  <bdi>{piece.name}</bdi>
                  <small>{piece.type}</small>
                  <ScanTag piece={piece} />
                </button>
              </li>
            ))}
          </ul>
          {first && evidence.length > 1 ? (
            <Field label={say('beside')}>
              {({ id }) => (
                <Select
                  id={id}
                  className="beside"
                  value={second ? beside : ''}
                  virtual={false}
                  onChange={(next: string) => compare(next)}
                  options={[
                    { value: '', label: say('alone') },
                    ...evidence
                      .filter(({ evidenceId }) => evidenceId !== chosen)
                      .map(({ evidenceId, name }) => ({ value: evidenceId, label: <bdi>{name}</bdi> })),
                  ]}
                />
              )}
            </Field>
          ) : null}
          {first ? null : <p className="soft">{say('choose')}</p>}
          <div className={second ? 'viewers two' : 'viewers'}>
            {[first, second].map((piece) =>
              piece ? <Piece key={piece.evidenceId} caseId={caseId} piece={piece} onChanged={again} /> : null,
            )}
          </div>
          <p className="hint">{say('custodyForCompliance')}</p>
        </>
      ) : null}
    </section>
  );
}

/** Which piece somebody looks at survives a reload; nothing is opened that they did not choose. */
function useKept(name: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => sessionStorage.getItem(name) ?? '');
  return [
    value,
    (next) => {
      sessionStorage.setItem(name, next);
      setValue(next);
    },
  ];
}
