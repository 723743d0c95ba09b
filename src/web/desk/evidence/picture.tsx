import { Button } from 'antd';
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';

const TEXTS = textsOf('desk-picture', {
  tools: { 'zh-CN': '缩放与移动', en: 'Zoom and move' },
  in: { 'zh-CN': '放大', en: 'Zoom in' },
  out: { 'zh-CN': '缩小', en: 'Zoom out' },
  fit: { 'zh-CN': '适应窗口', en: 'Fit' },
  left: { 'zh-CN': '向左', en: 'Left' },
  right: { 'zh-CN': '向右', en: 'Right' },
  up: { 'zh-CN': '向上', en: 'Up' },
  down: { 'zh-CN': '向下', en: 'Down' },
});

const STEP = 1.4;
const MOST = 12;
const PAN_PX = 80;
const FIT = { scale: 1, x: 0, y: 0 };
const PANS = [
  ['left', '←', PAN_PX, 0],
  ['up', '↑', 0, PAN_PX],
  ['down', '↓', 0, -PAN_PX],
  ['right', '→', -PAN_PX, 0],
] as const;

interface Props {
  readonly url: string;
  readonly alt: string;
  /** Drawn over the picture, in fractions of it; takes the pointer in place of moving. */
  readonly children?: ReactNode;
}

/** A picture to look at closely: wheel, buttons and drag; every drag has a button that does the same. */
export function Picture({ url, alt, children }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(FIT);
  const held = useRef<{ x: number; y: number }>(undefined);
  const zoom = (factor: number) =>
    setView(({ scale, x, y }) => {
      const next = Math.min(MOST, Math.max(1, scale * factor));
      return next === 1 ? FIT : { scale: next, x: (x * next) / scale, y: (y * next) / scale };
    });
  const pan = (dx: number, dy: number) => setView(({ scale, x, y }) => ({ scale, x: x + dx, y: y + dy }));

  useEffect(() => {
    const box = frame.current;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return; // plain turning scrolls the page
      event.preventDefault();
      zoom(event.deltaY < 0 ? STEP : 1 / STEP);
    };
    box?.addEventListener('wheel', onWheel, { passive: false });
    return () => box?.removeEventListener('wheel', onWheel);
  });

  const drag = {
    onPointerDown: (event: PointerEvent) => {
      held.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (!held.current || view.scale === 1) return;
      pan(event.clientX - held.current.x, event.clientY - held.current.y);
      held.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp: () => {
      held.current = undefined;
    },
  };
  return (
    <figure className="picture">
      <div className="picture-tools" role="toolbar" aria-label={say('tools')}>
        <Button aria-label={say('out')} title={say('out')} disabled={view.scale === 1} onClick={() => zoom(1 / STEP)}>
          −
        </Button>
        <span className="zoom">{Math.round(view.scale * 100)}%</span>
        <Button aria-label={say('in')} title={say('in')} disabled={view.scale === MOST} onClick={() => zoom(STEP)}>
          +
        </Button>
        <Button onClick={() => setView(FIT)}>{say('fit')}</Button>
        {PANS.map(([name, sign, dx, dy]) => (
          <Button
            key={name}
            aria-label={say(name)}
            title={say(name)}
            disabled={view.scale === 1}
            onClick={() => pan(dx, dy)}
          >
            {sign}
          </Button>
        ))}
      </div>
      <div className="picture-frame" ref={frame} {...(children ? {} : drag)}>
        <div
          className="picture-moved"
          style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
        >
          <img src={url} alt={alt} draggable={false} />
          {children}
        </div>
      </div>
    </figure>
  );
}
