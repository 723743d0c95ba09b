import { Button, InputNumber } from 'antd';
import { type FormEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { type Body, call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Notice, Waiting } from '../../ground/ui.js';
import { isReason, ReasonField } from '../acts/reason-field.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { useDraft } from '../use-draft.js';
import { Picture } from './picture.js';
import { usePreview } from './preview-picture.js';
import type { PieceParams } from './use-may-redact.js';

const TEXTS = textsOf('desk-redaction-desk', {
  how: {
    'zh-CN': '在图上拖动以画出要遮盖的部分；也可以添加一块后用数字调整。',
    en: 'Drag over the picture to cover a part of it; or add one and set it by numbers.',
  },
  alt: { 'zh-CN': '要遮盖的证据“{{name}}”', en: 'The evidence “{{name}}”, to be redacted' },
  add: { 'zh-CN': '添加一块', en: 'Add a part' },
  part: { 'zh-CN': '第 {{n}} 块', en: 'Part {{n}}' },
  x: { 'zh-CN': '左 %', en: 'Left %' },
  y: { 'zh-CN': '上 %', en: 'Top %' },
  width: { 'zh-CN': '宽 %', en: 'Width %' },
  height: { 'zh-CN': '高 %', en: 'Height %' },
  remove: { 'zh-CN': '去掉', en: 'Remove' },
  reason: { 'zh-CN': '为什么制作这个副本', en: 'Why this copy is made' },
  make: { 'zh-CN': '制作遮盖副本', en: 'Make the copy' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  wait: { 'zh-CN': '正在载入……', en: 'Loading …' },
});

type Region = Body<'redactEvidence'>['regions'][number];
/** The id is the page's own: which of them somebody is setting. */
type Drawn = Region & { readonly id: string };
const drawn = (region: Region): Drawn => ({ ...region, id: crypto.randomUUID() });
const SIDES = ['x', 'y', 'width', 'height'] as const;
const LEAST = 0.004; // of a side; a slip of the finger is smaller
const LONGEST = 500;
const SOME: Region = { x: 0.25, y: 0.25, width: 0.5, height: 0.1 };

interface Props {
  readonly params: PieceParams;
  readonly name: string;
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Where a redaction is drawn; what was drawn is kept until the copy is made. */
export function RedactionDesk({ params, name, onMade, onClose }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { url, error } = usePreview(params);
  const [{ regions, reason }, change, forget] = useDraft(sessionStorage, `redact ${params.evidenceId}`, {
    regions: [] as Drawn[],
    reason: '',
  });
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID() as string);
  const isReady = regions.length > 0 && isReason(reason);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !isReady) return;
    setBusy(true);
    setTrouble('');
    try {
      await call('redactEvidence', {
        params,
        body: { regions: regions.map(({ id: _, ...region }) => region), reason: reason.trim() },
        key: key.current,
      });
      forget();
      onMade();
    } catch (failure) {
      key.current = crypto.randomUUID();
      setTrouble(problemText(failure));
      setBusy(false);
    }
  };
  const set = (id: string, side: keyof Region, percent: number | null) =>
    change({
      regions: regions.map((region) =>
        region.id === id ? { ...within({ ...region, [side]: (percent ?? 0) / 100 }), id } : region,
      ),
    });
  if (error) return <Notice kind="bad">{problemText(error)}</Notice>;
  if (!url) return <Waiting>{say('wait')}</Waiting>;
  return (
    <form className="redaction-desk" onSubmit={make}>
      <p className="hint">{say('how')}</p>
      <Picture url={url} alt={say('alt', { name })}>
        <Drawing regions={regions} onDrawn={(region) => change({ regions: [...regions, drawn(region)] })} />
      </Picture>
      {regions.map((region, index) => (
        <fieldset className="region" key={region.id}>
          <legend>{say('part', { n: index + 1 })}</legend>
          {SIDES.map((side) => (
            <InputNumber
              key={side}
              aria-label={say(side)}
              prefix={say(side)}
              min={0}
              max={100}
              precision={1}
              value={Math.round(region[side] * 1_000) / 10}
              onChange={(percent) => set(region.id, side, percent)}
            />
          ))}
          <Button onClick={() => change({ regions: regions.filter(({ id }) => id !== region.id) })}>
            {say('remove')}
          </Button>
        </fieldset>
      ))}
      <Button onClick={() => change({ regions: [...regions, drawn(SOME)] })}>{say('add')}</Button>
      <ReasonField
        label={say('reason')}
        longest={LONGEST}
        value={reason}
        onChange={(next) => change({ reason: next })}
      />
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
      <div className="actions">
        <Button onClick={onClose}>{say('cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={busy} disabled={!isReady}>
          {say('make')}
        </Button>
      </div>
    </form>
  );
}

/** Inside the picture, and never empty. */
function within({ x, y, width, height }: Region): Region {
  const left = Math.min(Math.max(x, 0), 1 - LEAST);
  const top = Math.min(Math.max(y, 0), 1 - LEAST);
  return {
    x: left,
    y: top,
    width: Math.min(Math.max(width, LEAST), 1 - left),
    height: Math.min(Math.max(height, LEAST), 1 - top),
  };
}

interface DrawingProps {
  readonly regions: readonly Drawn[];
  readonly onDrawn: (region: Region) => void;
}

function Drawing({ regions, onDrawn }: DrawingProps): ReactNode {
  const [from, setFrom] = useState<{ x: number; y: number }>();
  const [to, setTo] = useState<{ x: number; y: number }>();
  const at = (event: PointerEvent) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  };
  const now = from && to && regionOf(from, to);
  return (
    <div
      className="drawing"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(at(event));
        setTo(undefined);
      }}
      onPointerMove={(event) => {
        if (from) setTo(at(event));
      }}
      onPointerUp={() => {
        if (now && now.width > LEAST && now.height > LEAST) onDrawn(now);
        setFrom(undefined);
        setTo(undefined);
      }}
    >
      {[...regions, ...(now ? [{ ...now, id: 'now' }] : [])].map((region) => (
        <span
          key={region.id}
          className="covered"
          style={{
            left: `${region.x * 100}%`,
            top: `${region.y * 100}%`,
            width: `${region.width * 100}%`,
            height: `${region.height * 100}%`,
          }}
        />
      ))}
    </div>
  );
}

const regionOf = (a: { x: number; y: number }, b: { x: number; y: number }): Region => {
  const [left, right] = [Math.max(0, Math.min(a.x, b.x)), Math.min(1, Math.max(a.x, b.x))];
  const [top, bottom] = [Math.max(0, Math.min(a.y, b.y)), Math.min(1, Math.max(a.y, b.y))];
  return within({ x: left, y: top, width: right - left, height: bottom - top });
};
