import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Field } from '../../ground/ui.js';
import type { Draft, Loss } from './draft.js';
import type { MissingWhat } from './missing.js';

const TEXTS = textsOf('losses', {
  losses: { 'zh-CN': '损失的币种和数量', en: 'Assets and amounts lost' },
  asset: { 'zh-CN': '币种', en: 'Asset' },
  amount: { 'zh-CN': '数量', en: 'Amount' },
  assetHint: { 'zh-CN': '例如 USDT', en: 'such as USDT' },
  add: { 'zh-CN': '再加一种', en: 'Add another' },
  wrong: {
    'zh-CN': '每一行都要有币种代码和数字，例如 USDT 与 9500.00。',
    en: 'Each line needs an asset code and a number, such as USDT and 9500.00.',
  },
  hashes: { 'zh-CN': '交易哈希（TxID）', en: 'Transaction hashes (TxID)' },
  addresses: { 'zh-CN': '转到了哪些地址', en: 'Addresses it went to' },
  oneALine: { 'zh-CN': '每行一个', en: 'One a line' },
  hashWrong: { 'zh-CN': '有一行不像交易哈希，请检查。', en: 'One line does not look like a transaction hash.' },
  addressWrong: { 'zh-CN': '有一行不像地址，请检查。', en: 'One line does not look like an address.' },
});

const MOST_LINES = 50;

interface Props {
  readonly draft: Draft;
  readonly faults: ReadonlySet<MissingWhat>;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** What was lost, for whoever cannot pick it from a list. */
export function TypedLosses({ draft, faults, onChange }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { losses } = draft;
  const put = (at: number, part: Partial<Loss>) =>
    onChange({ losses: losses.map((loss, index) => (index === at ? { ...loss, ...part } : loss)) });
  return (
    <>
      <fieldset>
        <legend>{say('losses')}</legend>
        {losses.map((loss, index) => (
          // Lines have no name but their place.
          <div className="loss" key={`line ${String(index)}`}>
            <Field label={say('asset')}>
              {(ties) => (
                <input
                  {...ties}
                  autoCapitalize="characters"
                  spellCheck={false}
                  maxLength={20}
                  placeholder={say('assetHint')}
                  value={loss.asset}
                  onChange={({ target }) => put(index, { asset: target.value })}
                />
              )}
            </Field>
            <Field label={say('amount')}>
              {(ties) => (
                <input
                  {...ties}
                  inputMode="decimal"
                  maxLength={50}
                  value={loss.amount}
                  onChange={({ target }) => put(index, { amount: target.value })}
                />
              )}
            </Field>
          </div>
        ))}
        {faults.has('losses') ? <p className="trouble">{say('wrong')}</p> : null}
        {losses.length < MOST_LINES ? (
          <Button look="link" onClick={() => onChange({ losses: [...losses, { asset: '', amount: '' }] })}>
            {say('add')}
          </Button>
        ) : null}
      </fieldset>
      <Field
        label={say('addresses')}
        hint={say('oneALine')}
        trouble={faults.has('addresses') ? say('addressWrong') : undefined}
      >
        {(ties) => (
          <textarea
            {...ties}
            rows={2}
            spellCheck={false}
            autoCapitalize="off"
            value={draft.addresses}
            onChange={({ target }) => onChange({ addresses: target.value })}
          />
        )}
      </Field>
      <Field label={say('hashes')} hint={say('oneALine')} trouble={faults.has('hashes') ? say('hashWrong') : undefined}>
        {(ties) => (
          <textarea
            {...ties}
            rows={2}
            spellCheck={false}
            autoCapitalize="off"
            value={draft.hashes}
            onChange={({ target }) => onChange({ hashes: target.value })}
          />
        )}
      </Field>
    </>
  );
}
