import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { OUTCOMES, useWords } from '../words.js';
import { ActDialog, type ActProps } from './act-dialog.js';
import { OneOf } from './choice.js';
import { isReason, ReasonField } from './reason-field.js';

const TEXTS = textsOf('desk-closing-acts', {
  outcome: { 'zh-CN': '案件如何结束', en: 'How the case ended' },
  reopenCase: {
    'zh-CN': '案件回到“已初审”，客户需要重新证明身份。',
    en: 'The case goes back to “triaged”, and the identity has to be proven anew.',
  },
  setLegalHold: {
    'zh-CN': '保全期间，无论案件处于什么状态，都不能结案或删除。',
    en: 'In whatever state, the case is neither closed nor deleted until the hold is lifted.',
  },
  liftLegalHold: { 'zh-CN': '之后案件可以照常结案。', en: 'The case can be closed again afterwards.' },
});

export function CloseCase(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  return (
    <ActDialog
      {...props}
      act="closeCase"
      empty={{ outcome: '' as '' | (typeof OUTCOMES)[number], reason: '' }}
      ready={({ outcome, reason }) => outcome !== '' && isReason(reason)}
      send={({ outcome, reason }, how) =>
        call('closeCase', { ...how, body: { outcome: outcome || 'no-loss', reason: reason.trim() } })
      }
    >
      {({ outcome, reason }, change) => (
        <>
          <OneOf
            legend={say('outcome')}
            name="outcome"
            value={outcome}
            options={OUTCOMES.map((value) => ({ value, label: word(value) }))}
            onChange={(next) => change({ outcome: next })}
          />
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

type Plain = 'reopenCase' | 'setLegalHold' | 'liftLegalHold';

/** Acts that take a reason and nothing else. */
function WithReason({ act, ...props }: ActProps & { readonly act: Plain }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act={act}
      empty={{ reason: '' }}
      ready={({ reason }) => isReason(reason)}
      send={({ reason }, how) => call(act, { ...how, body: { reason: reason.trim() } })}
    >
      {({ reason }, change) => (
        <>
          <p>{say(act)}</p>
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

export const ReopenCase = (props: ActProps): ReactNode => <WithReason {...props} act="reopenCase" />;
export const SetLegalHold = (props: ActProps): ReactNode => <WithReason {...props} act="setLegalHold" />;
export const LiftLegalHold = (props: ActProps): ReactNode => <WithReason {...props} act="liftLegalHold" />;
