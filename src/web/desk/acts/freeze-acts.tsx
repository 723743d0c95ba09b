import { InputNumber } from 'antd';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Field } from '../../ground/ui.js';
import { SCOPES, type Scope } from '../freeze-words.js';
import { useWords } from '../words.js';
import { ActDialog, type ActProps } from './act-dialog.js';
import { OneOf, SomeOf } from './choice.js';
import { isReason, ReasonField } from './reason-field.js';

const TEXTS = textsOf('desk-freeze-acts', {
  what: { 'zh-CN': '冻结范围', en: 'What to freeze' },
  usual: { 'zh-CN': '这类案件的默认范围', en: 'What this kind of case freezes by default' },
  chosen: { 'zh-CN': '自己选择范围', en: 'Choose the scopes' },
  scopes: { 'zh-CN': '范围', en: 'Scopes' },
  hours: { 'zh-CN': '小时数', en: 'Hours' },
  hoursHint: {
    'zh-CN': '留空则为您的角色允许的最长时间。客服最多 24 小时，更久由分析员决定。',
    en: 'Left empty: the longest your role may. An agent may freeze for 24 hours at most; an analyst decides about more.',
  },
  fromNow: { 'zh-CN': '从现在起的小时数', en: 'Hours from now' },
  which: { 'zh-CN': '哪一个冻结', en: 'Which freeze' },
  until: { 'zh-CN': '到期', en: 'ends' },
  waive: {
    'zh-CN': '账户不需要冻结，或不需要冻结更多；案件转入核实身份。已有的冻结保持不变。',
    en: 'The account needs no freeze, or no more than there is; the case goes on to the identity. What is frozen stays frozen.',
  },
});

interface FreezeDraft {
  readonly which: 'usual' | 'chosen';
  readonly scopes: readonly Scope[];
  readonly hours: number | null;
  readonly reason: string;
}

const MOST_HOURS = 2_160;

export function FreezeAccount(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const empty: FreezeDraft = { which: 'usual', scopes: [], hours: null, reason: '' };
  return (
    <ActDialog
      {...props}
      act="freezeAccount"
      empty={empty}
      danger
      ready={({ which, scopes, reason }) => isReason(reason) && (which === 'usual' || scopes.length > 0)}
      send={({ which, scopes, hours, reason }, how) =>
        call('freezeAccount', {
          ...how,
          body: {
            ...(which === 'chosen' && { scopes: [...scopes] }),
            ...(hours !== null && { hours }),
            reason: reason.trim(),
          },
        })
      }
    >
      {({ which, scopes, hours, reason }, change) => (
        <>
          <OneOf
            legend={say('what')}
            name="which"
            value={which}
            options={[
              { value: 'usual', label: say('usual') },
              { value: 'chosen', label: say('chosen') },
            ]}
            onChange={(next) => change({ which: next })}
          />
          {which === 'chosen' ? (
            <SomeOf
              legend={say('scopes')}
              value={scopes}
              options={SCOPES.map((value) => ({ value, label: word(value) }))}
              onChange={(next) => change({ scopes: next })}
            />
          ) : null}
          <Hours
            label={say('hours')}
            hint={say('hoursHint')}
            value={hours}
            onChange={(next) => change({ hours: next })}
          />
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

export function RetryFreeze(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const options = useFreezes(props, ['partial', 'failed', 'unconfirmed']);
  return (
    <ActDialog
      {...props}
      act="retryFreeze"
      empty={{ freezeId: options[0]?.value ?? '' }}
      ready={({ freezeId }) => options.some(({ value }) => value === freezeId)}
      send={({ freezeId }, { params, key }) => call('retryFreeze', { params: { ...params, freezeId }, key })}
    >
      {({ freezeId }, change) => (
        <OneOf
          legend={say('which')}
          name="freeze"
          value={freezeId}
          options={options}
          onChange={(next) => change({ freezeId: next })}
        />
      )}
    </ActDialog>
  );
}

export function ExtendFreeze(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const options = useFreezes(props, ['requested', 'active', 'partial', 'unconfirmed']);
  const empty = { freezeId: options.at(-1)?.value ?? '', hours: 72 as number | null, reason: '' };
  return (
    <ActDialog
      {...props}
      act="extendFreeze"
      empty={empty}
      ready={({ freezeId, hours, reason }) =>
        options.some(({ value }) => value === freezeId) && hours !== null && isReason(reason)
      }
      send={({ freezeId, hours, reason }, { params, key }) =>
        call('extendFreeze', {
          params: { ...params, freezeId },
          key,
          body: { hours: hours ?? 0, reason: reason.trim() },
        })
      }
    >
      {({ freezeId, hours, reason }, change) => (
        <>
          <OneOf
            legend={say('which')}
            name="freeze"
            value={freezeId}
            options={options}
            onChange={(next) => change({ freezeId: next })}
          />
          <Hours label={say('fromNow')} value={hours} onChange={(next) => change({ hours: next })} />
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

export function WaiveFreeze(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act="waiveFreeze"
      empty={{ reason: '' }}
      ready={({ reason }) => isReason(reason)}
      send={({ reason }, how) => call('waiveFreeze', { ...how, body: { reason: reason.trim() } })}
    >
      {({ reason }, change) => (
        <>
          <p>{say('waive')}</p>
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

function useFreezes({ file }: ActProps, states: readonly string[]) {
  const say = useTexts(TEXTS);
  const word = useWords();
  return file.freezes
    .filter(({ kind, state }) => kind === 'freeze' && states.includes(state))
    .map(({ freezeId, state, scopes, expiresAt }) => ({
      value: freezeId,
      label: word(state === 'failed' ? 'freeze-failed' : state),
      hint: (
        <>
          {scopes.map((scope) => word(scope)).join(' · ')} · {say('until')} <Time at={expiresAt} style="short" />
        </>
      ),
    }));
}

interface HoursProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function Hours({ label, hint, value, onChange }: HoursProps): ReactNode {
  const isAgent = !useMe().roles.includes('analyst');
  return (
    <Field label={label} hint={hint}>
      {({ id, ...ties }) => (
        <InputNumber
          id={id}
          {...ties}
          min={1}
          max={isAgent ? 24 : MOST_HOURS}
          precision={0}
          value={value}
          onChange={(next) => onChange(next)}
        />
      )}
    </Field>
  );
}
