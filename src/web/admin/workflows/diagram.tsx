import { type ReactNode, useMemo, useState } from 'react';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Scroller } from '../../staff/scroller.js';
import { type PlacedEdge, placeStates, STATE, type Workflow } from './place-states.js';

const TEXTS = textsOf('workflow-diagram', {
  diagram: {
    'zh-CN': '“{{title}}”的流程图。内容与旁边的表格相同。',
    en: 'Diagram of the workflow “{{title}}”. The tables below say the same.',
  },
  initial: { 'zh-CN': '案件从这里开始', en: 'a case starts here' },
  ofStep: { 'zh-CN': '从该步骤的每个状态都可以', en: 'from every state of the step' },
});

interface Props {
  readonly workflow: Workflow;
}

/** The workflow as a drawing: steps as frames, states in them, a line for each way on. Pointing at a state shows its lines. */
export function Diagram({ workflow }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const placed = useMemo(() => placeStates(workflow), [workflow]);
  const [marked, setMarked] = useState<string>();
  const titles = new Map(workflow.states.map(({ name, title }) => [name, title]));
  const stepTitles = new Map(workflow.steps.map(({ name, title }) => [name, title]));
  const isMarked = ({ from, to }: PlacedEdge) => marked === from || marked === to;
  return (
    <Scroller className="diagram" label={say('diagram', { title: inWords(workflow.title) })}>
      <svg
        aria-hidden="true"
        style={{ maxWidth: placed.width }}
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        onPointerLeave={() => setMarked(undefined)}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" className="arrow" />
          </marker>
          <marker id="arrow-marked" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" className="arrow marked" />
          </marker>
        </defs>
        {placed.steps.map(({ name, x, y, width, height }) => {
          const title = stepTitles.get(name);
          return (
            <g key={name}>
              <rect className="step" x={x} y={y} width={width} height={height} rx={12} />
              <text className="step-title" x={x + 12} y={y + 21}>
                {title ? inWords(title) : name}
              </text>
            </g>
          );
        })}
        {placed.edges.map((edge) => (
          <path
            key={`${edge.from} ${edge.to}`}
            className={['edge', edge.ofStep ? 'of-step' : '', isMarked(edge) ? 'marked' : ''].join(' ')}
            d={pathOf(edge.points)}
            markerEnd={isMarked(edge) ? 'url(#arrow-marked)' : 'url(#arrow)'}
          >
            <title>{edge.events.join(', ')}</title>
          </path>
        ))}
        {placed.states.map(({ name, x, y }) => {
          const title = titles.get(name);
          return (
            <g key={name} onPointerEnter={() => setMarked(name)}>
              <rect
                className={['state', name === workflow.initial ? 'initial' : '', name === marked ? 'marked' : ''].join(
                  ' ',
                )}
                x={x - STATE.width / 2}
                y={y - STATE.height / 2}
                width={STATE.width}
                height={STATE.height}
                rx={name === 'closed' ? STATE.height / 2 : 8}
              />
              <text className="state-title" x={x} y={y + 5} textAnchor="middle">
                {title ? inWords(title) : name}
              </text>
            </g>
          );
        })}
      </svg>
      <ul className="diagram-legend" aria-hidden="true">
        <li>
          <span className="legend-initial" />
          {say('initial')}
        </li>
        <li>
          <span className="legend-of-step" />
          {say('ofStep')}
        </li>
      </ul>
    </Scroller>
  );
}

/** A smooth line through the points. */
function pathOf(points: PlacedEdge['points']): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const curves = rest.slice(0, -1).map(({ x, y }, index) => {
    const next = rest[index + 1] ?? { x, y };
    const last = index === rest.length - 2;
    return last ? `Q${x} ${y} ${next.x} ${next.y}` : `Q${x} ${y} ${(x + next.x) / 2} ${(y + next.y) / 2}`;
  });
  return `M${first.x} ${first.y}${curves.length > 0 ? curves.join('') : rest.map(({ x, y }) => `L${x} ${y}`).join('')}`;
}
