import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { readMe, useMe } from '../../ground/session.js';
import { Button, Field } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { CONTACT_TEXTS, useContactTroubles } from './contact-texts.js';
import { usePasswordTroubles } from './password-troubles.js';

export function AddContactPoint(): ReactNode {
  const say = useTexts(CONTACT_TEXTS);
  const { secondFactor, passkeys, password: hasPassword } = useMe();
  const act = useAct({ ...usePasswordTroubles(), ...useContactTroubles() });
  const [kind, setKind] = useState<'email' | 'phone'>('phone');
  const [value, setValue] = useState('');
  const [password, setPassword] = useState('');
  const strong = Boolean(secondFactor) || passkeys.length > 0;
  const add = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async (key) => {
      const wanted = kind === 'phone' ? value.replace(/[\s()-]/g, '') : value.trim();
      const body = { kind, value: wanted, ...(strong || !hasPassword ? {} : { password }) };
      await call('addContactPoint', { body, key, reverify: strong });
      setValue('');
      setPassword('');
      await readMe();
    });
  };
  return (
    <form onSubmit={add}>
      <Field label={say('kind')}>
        {(ties) => (
          <select
            {...ties}
            value={kind}
            onChange={({ target }) => setKind(target.value === 'email' ? 'email' : 'phone')}
          >
            <option value="phone">{say('phone')}</option>
            <option value="email">{say('email')}</option>
          </select>
        )}
      </Field>
      <Field label={say(kind)} hint={kind === 'phone' ? say('phoneHint') : undefined} trouble={act.trouble}>
        {(ties) => (
          <input
            {...ties}
            type={kind === 'phone' ? 'tel' : 'email'}
            autoComplete={kind === 'phone' ? 'tel' : 'email'}
            required
            maxLength={254}
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        )}
      </Field>
      {strong || !hasPassword ? null : (
        <PasswordField label={say('password')} value={password} onChange={setPassword} />
      )}
      <div className="actions">
        <Button type="submit" busy={act.busy}>
          {say('add')}
        </Button>
      </div>
    </form>
  );
}
