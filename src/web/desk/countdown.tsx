import type { ReactNode } from 'react';
import { useNow } from './use-now.js';

const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Hours, minutes and seconds that are left, by this machine's clock; the server decides when it is over. */
export function Countdown({ until }: { readonly until: string }): ReactNode {
  const left = Math.max(0, Math.ceil((Date.parse(until) - useNow(SECOND_MS)) / SECOND_MS));
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${Math.floor(left / HOUR_S)}:${two(Math.floor((left % HOUR_S) / MINUTE_S))}:${two(left % MINUTE_S)}`;
  return (
    <span role="timer" className="countdown">
      {text}
    </span>
  );
}
