import type { ReactNode } from 'react';

interface Option<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}
interface Props<T extends string> {
  readonly legend: ReactNode;
  readonly options: readonly Option<T>[];
}

/** One of several, with room to say what each means. */
export function OneOf<T extends string>({
  legend,
  options,
  name,
  value,
  onChange,
}: Props<T> & { readonly name: string; readonly value: T | ''; readonly onChange: (value: T) => void }): ReactNode {
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={option.disabled ? 'off' : ''}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint ? <small>{option.hint}</small> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Any number of several. */
export function SomeOf<T extends string>({
  legend,
  options,
  value,
  onChange,
}: Props<T> & { readonly value: readonly T[]; readonly onChange: (value: T[]) => void }): ReactNode {
  return (
    <fieldset className="choice columns">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={option.disabled ? 'off' : ''}>
          <input
            type="checkbox"
            value={option.value}
            checked={value.includes(option.value)}
            disabled={option.disabled}
            onChange={({ target }) =>
              onChange(target.checked ? [...value, option.value] : value.filter((one) => one !== option.value))
            }
          />
          <span>
            {option.label}
            {option.hint ? <small>{option.hint}</small> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
