import type { ReactNode } from 'react';

export function Compliance(): ReactNode {
  return null;
}
