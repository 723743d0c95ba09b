import type { ReactNode } from 'react';

export function Desk(): ReactNode {
  return null;
}
