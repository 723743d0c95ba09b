import type { ReactNode } from 'react';

export function TrackPage(): ReactNode {
  return null;
}
