import { Button } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Body, call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';

const TEXTS = textsOf('order-erasure', {
  title: { 'zh-CN': '下令抹除', en: 'Order an erasure' },
  person: { 'zh-CN': '人员编号', en: 'Person id' },
  hint: {
    'zh-CN': '以 person_ 开头；案件与审计事件里都有。',
    en: 'It begins with person_; cases and audit events have it.',
  },
  ground: { 'zh-CN': '依据', en: 'Ground' },
  forGood: {
    'zh-CN': '抹除无法撤销。导出过的文件不受影响。',
    en: 'It cannot be undone. Files that were exported before stay as they are.',
  },
  go: { 'zh-CN': '抹除…', en: 'Erase …' },
});

const GROUNDS = textsOf('erasure-grounds', {
  request: { 'zh-CN': '本人要求', en: 'the person asked for it' },
  retention: { 'zh-CN': '保存期限已过', en: 'the time to keep it is over' },
  order: { 'zh-CN': '主管机关命令', en: 'an authority ordered it' },
});

export type Ground = Body<'orderErasure'>['ground'];
const GROUND_NAMES = Object.keys(GROUNDS.texts) as Ground[];

/** Why data is erased, in words; one that is not known by the name it has. */
export function useGroundName(): (ground: Ground) => string {
  const say = useTexts(GROUNDS);
  return (ground) => (Object.hasOwn(GROUNDS.texts, ground) ? say(ground) : ground);
}

export function OrderErasure({ onOrdered }: { readonly onOrdered: (erasureId: string) => void }): ReactNode {
  const say = useTexts(TEXTS);
  const groundName = useGroundName();
  const [personId, setPersonId] = useState('');
  const [ground, setGround] = useState<Ground>('request');
  const { busy, trouble, run } = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async (key) => {
      const { id } = await call('orderErasure', { body: { personId: personId.trim(), ground }, key });
      setPersonId('');
      onOrdered(id);
    });
  };
  return (
    <section className="sheet" aria-label={say('title')}>
      <h2>{say('title')}</h2>
      <form onSubmit={submit} className="erasure-form">
        <Field label={say('person')} hint={say('hint')}>
          {(ties) => (
            <input
              {...ties}
              required
              pattern="\s*person_[0-9a-f]{24}\s*"
              spellCheck={false}
              autoComplete="off"
              value={personId}
              onChange={({ target }) => setPersonId(target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend>{say('ground')}</legend>
          {GROUND_NAMES.map((name) => (
            <label key={name} className="choice">
              <input
                type="radio"
                name="ground"
                value={name}
                checked={ground === name}
                onChange={() => setGround(name)}
              />
              {groundName(name)}
            </label>
          ))}
        </fieldset>
        <p className="soft">{say('forGood')}</p>
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <Button danger type="primary" htmlType="submit" loading={busy}>
          {say('go')}
        </Button>
      </form>
    </section>
  );
}
