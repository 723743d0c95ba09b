import type { ReactNode } from 'react';
import { Field } from './ui.js';

interface Props {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly trouble?: ReactNode;
  /** A new one: the browser offers to make it. */
  readonly fresh?: boolean;
}

export function PasswordField({ label, value, onChange, hint, trouble, fresh = false }: Props): ReactNode {
  return (
    <Field label={label} hint={hint} trouble={trouble}>
      {(ties) => (
        <input
          {...ties}
          type="password"
          autoComplete={fresh ? 'new-password' : 'current-password'}
          required
          maxLength={256}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
